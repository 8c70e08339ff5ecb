"""The delimiter of a CSV file, found from its first records."""

import re
from itertools import islice

from linreg_cli.exact import is_number
from linreg_cli.reading.csv.chunk import Chunk
from linreg_cli.reading.csv.csv_options import WHITESPACE, CsvOptions
from linreg_cli.reading.csv.first_records import Span, each_with_text
from linreg_cli.reading.csv.structure import FILLER

DELIMITERS = ",;\t|"
"""The characters that may be found as the delimiter, the likeliest first."""

HEAD_BYTES = 1 << 16
"""The number of bytes in which the delimiter is found."""

HEAD_RECORDS = 100
"""The number of records in which the delimiter is found."""

_SEP_LINE = rb'(?i)"?sep=([^\r\n"])"?(?:\r\n|\r|\n)'


def find_sep_line(head: bytes) -> tuple[bytes, str]:
    """Return the line ``sep=;`` that spreadsheets write first, and its delimiter; else nothing."""
    may_be = head[:5].lower().removeprefix(b'"').startswith(b"sep=")
    match = re.match(_SEP_LINE, head) if may_be else None
    return (match[0], match[1].decode()) if match and match[1].isascii() else (b"", "")


def find_delimiter(head: bytes, options: CsvOptions) -> str:
    """Find the delimiter from the first bytes of a file.

    It is the one that occurs equally often in each of the first records, if there is one (the
    most frequent, if there are several); else the most frequent in the first record; else any
    run of blanks, if the first record has no other delimiter and all records have as many fields
    then; else the likeliest. The decimal character is the delimiter only if nothing else is and
    it occurs equally often in all records, the thousands character only if no other occurs.
    """
    if options.delimiter is not None:
        return options.delimiter
    possible = [character for character in DELIMITERS if character != options.decimal]
    # Which of them is the delimiter is not known yet, so that a field may start after any.
    head = head[:HEAD_BYTES]
    records = _whole_records(Chunk(head, options.syntax(DELIMITERS), 1))
    counts = {
        character: [record.count(character.encode()) for record in records]
        for character in DELIMITERS
    }
    likely = [character for character in possible if character != options.thousands]
    steady = [character for character in likely if len(set(counts[character])) == 1]
    found = [character for character in steady if any(counts[character])]
    has_others = any(any(counts[character]) for character in DELIMITERS if character != "\t")
    if found == ["\t"] or not (found or has_others):
        tabs = counts["\t"][0] if found else 0
        if _is_aligned(head, options, more_than=tabs):
            return WHITESPACE
    for characters in (steady, likely, possible):
        # Of several largest, max() returns the first, which is the likeliest.
        best = max(characters, key=lambda character: counts[character][:1], default="")
        if best and any(counts[best][:1]):
            return best
    is_divided = any(any(counts[character][:1]) for character in DELIMITERS)
    if not is_divided and _is_aligned(head, options):
        return WHITESPACE
    decimal = counts.get(options.decimal, [0])
    if len(records) > 1 and len(set(decimal)) == 1 and decimal[0]:
        return options.decimal
    return likely[0]


def count_fields(head: Chunk) -> tuple[list[int], list[bool]]:
    """Return the number of fields of the first records, and which of them end in a delimiter."""
    records = _whole_records(head.plain)
    delimiter = head.plain.syntax.delimiters.encode()
    counts = [1 + record.count(delimiter) for record in records]
    return counts, [record.endswith(delimiter) for record in records]


def _is_aligned(head: bytes, options: CsvOptions, *, more_than: int = 0) -> bool:
    """Return whether runs of blanks divide the first records into equally many fields, above 1.

    The header may have one field fewer: R writes no name above its row names. If tabs would divide
    the records too, there must be more runs than tabs, and each field a number or in quotes.
    """
    if options.thousands.isspace():
        return False
    records = _whole_records(Chunk(head, options.syntax(WHITESPACE), 1).plain)
    counts = [record.count(b"\t") for record in records]
    rows = counts[1:] if len(counts) > 1 and options.has_header else counts
    steady = len(set(rows)) == 1 and rows[0] > more_than and counts[0] in {rows[0], rows[0] - 1}
    if not (steady and more_than):
        return steady
    fields = [field for record in records[-len(rows) :] for field in record.split(b"\t")]
    return all(
        field.startswith(FILLER) or is_number(field.decode(errors="replace")) for field in fields
    )


def _first_records(head: Chunk) -> list[Span]:
    """Return the first records that have text, without a last one that the head cuts off."""
    records = list(islice(each_with_text(head), HEAD_RECORDS + 1))
    is_cut = len(head.data) >= HEAD_BYTES and len(records) > 1
    return records[: min(HEAD_RECORDS, len(records) - is_cut)]


def _whole_records(head: Chunk) -> list[bytes]:
    """Return the structure of the first records, one by one."""
    return [head.structure[start:end] for start, end in _first_records(head)]
