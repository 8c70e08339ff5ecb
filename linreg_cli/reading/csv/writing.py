"""Fields and records written as CSV.

Source: RFC 4180, Common Format and MIME Type for Comma-Separated Values Files (2005), section 2.
"""

from collections.abc import Iterable


def quoted(text: str, delimiter: str = ",") -> bytes:
    """Return a field in UTF-8, in quotes if it holds a delimiter, a quote or a line end."""
    if delimiter in text or '"' in text or "\r" in text or "\n" in text:
        text = '"' + text.replace('"', '""') + '"'
    return text.encode()


def record(fields: Iterable[object], delimiter: str = ",", line_end: bytes = b"\n") -> bytes:
    """Return a record with its line end; None is an empty field."""
    texts = ("" if field is None else str(field) for field in fields)
    return delimiter.encode().join(quoted(text, delimiter) for text in texts) + line_end
