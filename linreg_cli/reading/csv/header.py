"""The start of a file: what its columns are called, and what separates them."""

import re
import shlex
import unicodedata
from collections.abc import Sequence

from linreg_cli.errors import DataError, nearest
from linreg_cli.exact import BLANKS, is_number
from linreg_cli.reading.csv.faults import COMMENT_STARTS
from linreg_cli.reading.csv.offsets import Records, find_records
from linreg_cli.reading.csv.options import WHITESPACE, CsvOptions
from linreg_cli.reading.csv.records import Chunk
from linreg_cli.reading.csv.structure import FILLER, split_fields

DELIMITERS = ",;\t|"
"""The characters that may be found as the delimiter, the likeliest first."""

_SPLITTING = ":;|\t,~^# "
"""The delimiters that a hint may propose for a header that was not split."""

HEAD_BYTES = 1 << 16
"""The number of bytes in which the delimiter is found."""

HEAD_RECORDS = 100
"""The number of records in which the delimiter is found."""

MOST_SKIPPED = 50
"""The number of lines below a wrong header in which the right one is searched."""

_SEP_LINE = re.compile(rb'"?sep=([^\r\n"])"?(?:\r\n|\r|\n)', re.IGNORECASE)


def find_sep_line(head: bytes) -> tuple[bytes, str]:
    """Return the line ``sep=;`` that spreadsheets write first, and its delimiter; else nothing."""
    match = _SEP_LINE.match(head)
    return (match[0], match[1].decode()) if match and match[1].isascii() else (b"", "")


def find_delimiter(head: bytes, options: CsvOptions) -> str:
    """Find the delimiter from the first bytes of a file.

    It is the one that occurs equally often in each of the first records, if there is one (the
    most frequent, if there are several); else the most frequent in the first record; else any
    run of blanks, if all records have as many fields then; else the likeliest. The decimal
    character is the delimiter only if nothing else is and it occurs equally often in all records,
    the thousands character only if no other occurs.
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
    if found == ["\t"] and _is_aligned(head, options, more_than=counts["\t"][0]):
        return WHITESPACE
    for characters in (steady, likely, possible):
        # Of several largest, max() returns the first, which is the likeliest.
        best = max(characters, key=lambda character: counts[character][:1], default="")
        if best and any(counts[best][:1]):
            return best
    if not any(any(each) for each in counts.values()) and _is_aligned(head, options):
        return WHITESPACE
    decimal = counts.get(options.decimal, [0])
    if len(records) > 1 and len(set(decimal)) == 1 and decimal[0]:
        return options.decimal
    return likely[0]


def count_fields(head: Chunk) -> tuple[list[int], list[bool]]:
    """Return the number of fields of the first records, and which of them end in a delimiter."""
    records = _first_records(head.plain)
    delimiter = head.plain.syntax.delimiters
    counts = records.count_fields(delimiter).tolist()
    structure = head.plain.structure
    ends = [structure[max(0, end - 1) : end] for end in records.ends.tolist()]
    return counts, [end == delimiter.encode() for end in ends]


def canonical(name: str) -> str:
    """Return the form in which names are compared: NFC, without blanks of any kind at both ends."""
    return unicodedata.normalize("NFC", name).strip(BLANKS + "\u200b\ufeff\r\n")


def find_column(
    name: str, names: Sequence[str], source: str, hint: str, *, header_below: str = ""
) -> int:
    """Find the position of the column called `name`.

    Parameters
    ----------
    name, names
        The name, and those of all columns in their order.
    source
        The name of the source, for messages.
    hint
        The remedy if no name is near.
    header_below
        The remedy if the names stand further below in the file.

    Raises
    ------
    DataError
        If no column or more than one is called so.

    """
    wanted = name if name in names else canonical(name)
    if wanted not in names:
        raise DataError(
            f"no column '{name}'; the columns are {', '.join(names)}",
            source=source,
            hint=header_below
            or _several(name, names)
            or nearest(name, names)
            or _alone(names)
            or hint,
        )
    if names.count(wanted) > 1:
        hint = "Give each column that is used a name of its own."
        raise DataError("occurs twice in the header", source=source, column=name, hint=hint)
    return names.index(wanted)


def _alone(names: Sequence[str]) -> str:
    """Return the remedy for a header that was not split, if its only name says how it could be."""
    found = next((each for each in _SPLITTING if each in names[0]), "") if len(names) == 1 else ""
    return f"If that is more than one column: --delimiter {shlex.quote(found)}" if found else ""


def _several(name: str, names: Sequence[str]) -> str:
    """Return the remedy for columns that are named together, such as "size,beds" or "size beds"."""
    for parts in ([part.strip() for part in name.split(",")], name.split()):
        if len(parts) > 1 and set(parts) <= set(names):
            return "Repeat --x: " + " ".join(f"--x {shlex.quote(part)}" for part in parts)
    return ""


def find_header_below(
    lines: bytes, wanted: Sequence[str], skipped: int, options: CsvOptions
) -> str:
    """Return the remedy if a line below the header, and not the header, names the columns.

    Parameters
    ----------
    lines
        The text from the header on.
    wanted
        The columns that the header lacks.
    skipped
        How many lines stand before it.
    options
        How the file was to be read.

    """
    found = lines.splitlines()[: MOST_SKIPPED + 1]
    names = {canonical(name) for name in wanted}
    for i, line in enumerate(found[1:], start=1):
        for delimiter in (*DELIMITERS, WHITESPACE):
            if names <= set(_names_in(line, delimiter, options)):
                above = [each.strip() for each in found[:i] if each.strip()]
                first = {each[:1] for each in above}
                if len(first) == 1 and first <= COMMENT_STARTS:
                    comment = shlex.quote(first.pop().decode())
                    return f"--comment {comment} makes line {skipped + i + 1} the header."
                return f"--skip {skipped + i} makes line {skipped + i + 1} the header."
    return ""


def _names_in(line: bytes, delimiter: str, options: CsvOptions) -> list[str]:
    try:
        chunk = Chunk(line, options.syntax(delimiter), 1).plain
        fields = split_fields(chunk.data, chunk.structure, chunk.syntax.delimiters)
    except UnicodeDecodeError:
        return []
    return [canonical(field) for field in fields]


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


def _first_records(head: Chunk) -> Records:
    """Return the first records that have text, without a last one that the head cuts off."""
    lines = find_records(head)
    has_text = ~(lines.are_blank() | lines.are_comments())
    records = lines.where(has_text)
    is_cut = len(head.data) >= HEAD_BYTES and len(records) > 1
    most = min(HEAD_RECORDS, len(records) - is_cut)
    return Records(head, records.starts[:most], records.ends[:most])


def _whole_records(head: Chunk) -> list[bytes]:
    """Return the structure of the first records, one by one."""
    records = _first_records(head)
    offsets = zip(records.starts.tolist(), records.ends.tolist(), strict=True)
    return [head.structure[start:end] for start, end in offsets]
