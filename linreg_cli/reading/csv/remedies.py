"""The options that would read a cell that is not a number, ready to paste."""

import shlex
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.errors import UsageError
from linreg_cli.exact import BLANKS, MINUS, ExactDecimal
from linreg_cli.reading.csv.cell_numbers import is_missing, parse_cell
from linreg_cli.reading.csv.csv_options import CsvOptions, is_dash
from linreg_cli.reading.csv.missing import looks_missing
from linreg_cli.reading.csv.typed_words import option_words

MAX_SHOWN = 40
"""How many characters of a bad cell a message shows."""

MAX_SAMPLE = 200
"""How many cells of a column are tried to choose among several remedies."""

MAX_UNIT = 4
"""How many letters may follow a number as its unit: a longer word makes the cell a text."""

_LIKE_ZERO = set("Oo\u041e\u043e\u039f\u03bf")
"""Letters that may be a mistyped 0, Latin, Cyrillic and Greek: without it, 10 would become 1."""

_CHARACTERS = [
    ("", ""),
    ("", ","),
    (",", ""),
    ("", "."),
    (",", "."),
    ("", " "),
    (",", " "),
    ("", "'"),
    (",", "'"),
    (".", ""),
    (".", ","),
]
"""Decimal and thousands characters to try, the likeliest first; an empty one stays as it is."""


class Remedy(Struct, frozen=True):
    """Options that read a cell.

    Attributes
    ----------
    options
        All options, those in use among them.
    words
        The options to add, as they are typed.
    effect
        What they do.

    """

    options: CsvOptions
    words: tuple[str, ...]
    effect: str

    @classmethod
    def of(cls, options: CsvOptions, given: CsvOptions, effect: str) -> Self:
        """Return the remedy that changes the options in use to others."""
        return cls(options, tuple(option_words(options, given)), effect)

    @property
    def count(self) -> int:
        """The number of options to add."""
        return sum(word.startswith("--") for word in self.words)

    def __str__(self) -> str:
        """Return a sentence that says what the options do."""
        return f"{shlex.join(self.words)} {self.effect}"


def find_remedies(
    text: str, others: Sequence[str], options: CsvOptions, *, delimiter: str = ","
) -> list[Remedy]:
    """Return the options that read a cell; of these, those that read most of the other cells.

    A cell that probably says that there is no value is made a missing cell, whatever the others.

    Parameters
    ----------
    text
        The cell that is not a number.
    others
        Cells of the same column, and of other columns read with the same options.
    options
        The options in use.
    delimiter
        The delimiter of the file. If it is a semicolon, a comma is first taken for the decimal
        point: programs write semicolons where the comma is in use in numbers.

    """
    bare = text.strip(BLANKS)
    if looks_missing(bare):
        markers = replace(options.markers, added=(*options.markers.added, bare))
        return [Remedy.of(replace(options, markers=markers), options, "counts it as missing")]
    if bare.startswith('"') and text != bare and not options.skip_initial_space:
        skipping = replace(options, skip_initial_space=True)
        return [Remedy.of(skipping, options, "reads quotes after a blank")]
    remedies = _of_number(text, others, options)
    if delimiter == ";":
        remedies.sort(key=lambda remedy: remedy.options.decimal != ",")
    return remedies


def count_readable(cells: Sequence[str], options: CsvOptions) -> int:
    """Return how many cells are numbers or missing."""
    return sum(is_missing(cell, options) or _read(cell, options) is not None for cell in cells)


def _of_number(text: str, others: Sequence[str], options: CsvOptions) -> list[Remedy]:
    """Return the fewest options that read the text as a number, and most of the others."""
    found: list[tuple[int, Remedy]] = []
    for tried in _other_options(text, options):
        number = _read(text, tried)
        if number is not None:
            effect = f"reads it as {shorten(str(number))}"
            found.append((count_readable(others, tried), Remedy.of(tried, options, effect)))
    most = max((readable for readable, _ in found), default=0)
    remedies = [remedy for readable, remedy in found if readable == most]
    fewest = min((remedy.count for remedy in remedies), default=0)
    shortest = (remedy for remedy in remedies if remedy.count == fewest)
    return list({remedy.words: remedy for remedy in shortest}.values())


def name_odd_characters(text: str) -> str:
    """Return the names of a number's characters that are invisible or look like others."""
    if not any(character.isdigit() for character in text):
        return ""
    odd = dict.fromkeys(c for c in text if not c.isascii() and not _is_expected(c))
    named = [f"U+{ord(c):04X} ({unicodedata.name(c, 'no name')})" for c in odd]
    return " and ".join(named[:2])


def begins_with_dash(text: str) -> bool:
    """Return whether a number begins with a dash that was probably meant as its minus."""
    return is_dash(text.lstrip(BLANKS)[:1]) and any(character.isdigit() for character in text)


def shorten(text: str) -> str:
    """Return the text, cut to `MAX_SHOWN` characters."""
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def _is_expected(character: str) -> bool:
    return unicodedata.category(character) == "Sc" or character == MINUS


def _other_options(text: str, options: CsvOptions) -> Iterator[CsvOptions]:
    """Yield options that differ from those in use."""
    around = _characters_around(text, options)
    for strip in ["", around] if around else [""]:
        for accounting in [False, True] if _is_accounting(text, options) else [False]:
            for decimal, thousands in _CHARACTERS:
                # --decimal . undoes the user's choice: propose it only if --thousands . fails
                is_back = decimal == "." != options.decimal
                if is_back and _grouping_helps(text, options):
                    continue
                tried = _replaced(options, decimal, thousands, strip, accounting=accounting)
                if tried is not None and tried != options:
                    yield tried


def _replaced(
    options: CsvOptions, decimal: str, thousands: str, strip: str, *, accounting: bool
) -> CsvOptions | None:
    try:
        return replace(
            options,
            decimal=decimal or options.decimal,
            thousands=thousands or options.thousands,
            strip=options.strip + strip,
            accounting=accounting or options.accounting,
        )
    except UsageError:
        return None


def _grouping_helps(text: str, options: CsvOptions) -> bool:
    tried = _replaced(options, "", ".", "", accounting=False)
    return tried is not None and _read(text, tried) is not None


def _characters_around(text: str, options: CsvOptions) -> str:
    """Return the characters at both ends of a number that do not belong to it, each once."""
    digits = [i for i, character in enumerate(text) if character in "0123456789"]
    if not digits:
        return ""
    kept = f"+-{MINUS}(){options.decimal}.,'{BLANKS}{options.strip}"
    before, after = text[: digits[0]], text[digits[-1] + 1 :]
    is_code = before.strip(kept + "$").isupper() and len(before.strip(BLANKS)) <= MAX_UNIT
    if any(c.isalpha() for c in before) and not is_code:
        return ""
    if sum(c.isalpha() for c in after) > MAX_UNIT:
        return ""
    around = dict.fromkeys(c for c in before + after if c not in kept and c.isprintable())
    if around.keys() <= _LIKE_ZERO:
        return ""
    return "".join(c for c in around if unicodedata.category(c) not in {"Cf", "Nd"} and c != '"')


def _is_accounting(text: str, options: CsvOptions) -> bool:
    return not options.accounting and (
        ("(" in text and ")" in text) or text.strip(BLANKS + options.strip).endswith(("-", MINUS))
    )


def _read(text: str, options: CsvOptions) -> ExactDecimal | None:
    try:
        return parse_cell(text, options)
    except ValueError:
        return None
