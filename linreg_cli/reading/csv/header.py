"""The names of the columns, and how a wanted one is found among them."""

import shlex
import unicodedata
from collections.abc import Sequence

from linreg_cli.errors import DataError, nearest
from linreg_cli.exact import BLANKS
from linreg_cli.reading.csv.csv_options import WHITESPACE, CsvOptions
from linreg_cli.reading.csv.delimiter import DELIMITERS
from linreg_cli.reading.csv.faults import COMMENT_STARTS
from linreg_cli.reading.csv.records import Chunk
from linreg_cli.reading.csv.structure import split_fields

_SPLITTING = ":;|\t,~^# "
"""The delimiters that a hint may propose for a header that was not split."""


MOST_SKIPPED = 50
"""The number of lines below a wrong header in which the right one is searched."""


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
