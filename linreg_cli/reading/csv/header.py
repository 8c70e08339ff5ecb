"""The names of the columns, and how a wanted one is found among them."""

import shlex
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace

from linreg_cli.design import canonical
from linreg_cli.errors import DataError, nearest
from linreg_cli.exact import is_number
from linreg_cli.reading.csv.chunk import Chunk
from linreg_cli.reading.csv.csv_options import WHITESPACE, CsvOptions
from linreg_cli.reading.csv.delimiter import DELIMITERS
from linreg_cli.reading.csv.structure import split_fields

COMMENT_STARTS = frozenset({b"#", b"%", b"!", b"*"})
"""What comments begin with in most files that have them."""
_SPLITTING = ":;|\t,~^# "
"""The delimiters that a hint may propose for a header that was not split."""

_LATIN = str.maketrans(
    "АВЕЅІЈКМНОРСТХУаеѕіјорсхуΑΒΕΖΗΙΚΜΝΟΡΤΧΥο",  # noqa: RUF001 - Cyrillic and Greek
    "ABESIJKMHOPCTXYaesijopcxyABEZHIKMNOPTXYo",
)
"""The Latin letters that Cyrillic and Greek letters look like."""

MOST_SKIPPED = 50
"""The number of lines below a wrong header in which the right one is searched."""


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
            or _look_alike(wanted, names)
            or nearest(name, names)
            or _alone(names)
            or hint,
        )
    if names.count(wanted) > 1:
        hint = "Give each column that is used a name of its own."
        raise DataError("occurs twice in the header", source=source, column=name, hint=hint)
    return names.index(wanted)


def _look_alike(name: str, names: Sequence[str]) -> str:
    """Return the name that looks the same, with the code points that make it another."""
    for each in names:
        if _as_seen(each) == _as_seen(name):
            odd = dict.fromkeys(c for c in each + name if _as_seen(c) != c)
            named = " and ".join(f"U+{ord(c):04X} ({unicodedata.name(c, 'no name')})" for c in odd)
            return f"did you mean '{each}'? The difference is {named}."
    return ""


def _as_seen(name: str) -> str:
    """Return a name without invisible characters, its look-alikes as Latin letters."""
    return "".join(c for c in name.translate(_LATIN) if unicodedata.category(c) != "Cf")


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
    """Return the remedy if the header is another line, or one whose quotes follow spaces.

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
    unquoted = replace(options, skip_initial_space=True)  # a quote may follow the spaces
    for i, line in enumerate(found):
        for delimiter in (*DELIMITERS, WHITESPACE):
            if names <= set(_names_in(line, delimiter, options)):
                return _skipping(found[:i], skipped) if i else _separating(delimiter)
            if names <= set(_names_in(line, delimiter, unquoted)):
                return " ".join(["--skip-initial-space", _skipping(found[:i], skipped)])
    return find_wider_below(lines, skipped, options)


def _separating(delimiter: str) -> str:
    """Return the option that separates the names of the header."""
    name = "tab" if delimiter == "\t" else shlex.quote(delimiter)
    return f"--delimiter {name} separates the names of the header."


def _skipping(above: Sequence[bytes], skipped: int) -> str:
    """Return the option that skips some lines, and which line is then the header."""
    becomes = f"makes line {skipped + len(above) + 1} the header."
    if not above:
        return "reads the names in quotes."
    firsts = {line.strip()[:1] for line in above if line.strip()}
    if len(firsts) == 1 and firsts <= COMMENT_STARTS:
        return f"--comment {shlex.quote(firsts.pop().decode())} {becomes}"
    return f"--skip {skipped + len(above)} {becomes}"


def find_wider_below(lines: bytes, skipped: int, options: CsvOptions) -> str:
    """Return the remedy for a title that was read as the header, if the lines are below one.

    The header is then the first line of several fields that are not all numbers, with as many in
    the next line. Where blanks separate them, none of them is a number, but one in the next line.
    """
    title, *below = lines.splitlines()[: MOST_SKIPPED + 2]
    if title.count(b'"') % 2:  # the header goes on in the next line
        return ""
    for i, (line, next_line) in enumerate(pairwise(below), start=1):
        for delimiter in (*DELIMITERS, WHITESPACE):
            first, fields, row = (
                _names_in(each, delimiter, options) for each in (title, line, next_line)
            )
            if not 1 < len(fields) == len(row):
                continue
            if delimiter == WHITESPACE:
                is_header = not any(map(is_number, fields)) and any(map(is_number, row))
                is_header &= len(first) != len(fields)
            else:
                is_header = sum(map(bool, first)) == 1 and not all(map(is_number, fields))
            if is_header:
                return _skipping([title, *below[: i - 1]], skipped)
    return ""


def _names_in(line: bytes, delimiter: str, options: CsvOptions) -> list[str]:
    try:
        chunk = Chunk(line, options.syntax(delimiter), 1).plain
        fields = split_fields(chunk.data, chunk.structure, chunk.syntax.delimiters)
    except UnicodeDecodeError:
        return []
    return [canonical(field) for field in fields]
