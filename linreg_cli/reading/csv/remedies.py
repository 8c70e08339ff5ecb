"""The options that would read a cell that is not a number, ready to paste."""

import shlex
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from linreg_cli.errors import UsageError
from linreg_cli.exact import BLANKS, MINUS, ExactDecimal
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.csv.missing import LIKELY
from linreg_cli.reading.csv.numbers import is_missing, parse_cell

MAX_SHOWN = 40
"""How many characters of a bad cell a message shows."""

MAX_SAMPLE = 200
"""How many cells of a column are tried to choose among several remedies."""

MAX_UNIT = 4
"""How many letters may follow a number as its unit: a longer word makes the cell a text."""

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


@dataclass(frozen=True)
class Remedy:
    """Options that read a cell: the flags as they are typed, and the number that they give."""

    flags: str
    number: ExactDecimal

    def __str__(self) -> str:
        """Return a sentence that says what the options do."""
        return f"{self.flags} reads it as {shorten(str(self.number))}"


def find_remedies(text: str, others: Sequence[str], options: CsvOptions) -> list[Remedy]:
    """Return the options that read a cell; of these, those that read most of the other cells.

    Parameters
    ----------
    text
        The cell that is not a number.
    others
        Cells of the same column, and of other columns read with the same options.
    options
        The options in use.

    """
    found: list[tuple[int, Remedy]] = []
    for flags, tried in _other_options(text, options):
        number = _read(text, tried)
        if number is not None:
            readable = sum(
                is_missing(other, tried) or _read(other, tried) is not None for other in others
            )
            found.append((readable, Remedy(flags, number)))
    most = max((readable for readable, _ in found), default=0)
    remedies = [remedy for readable, remedy in found if readable == most]
    fewest = min((remedy.flags.count("--") for remedy in remedies), default=0)
    shortest = (remedy for remedy in remedies if remedy.flags.count("--") == fewest)
    return list({remedy.flags: remedy for remedy in shortest}.values())


def looks_missing(text: str) -> bool:
    """Return whether a cell probably says that there is no value."""
    return LIKELY.fullmatch(text.strip(BLANKS)) is not None


def name_odd_characters(text: str) -> str:
    """Return the names of a number's characters that are invisible or look like others."""
    if not any(character.isdigit() for character in text):
        return ""
    odd = dict.fromkeys(c for c in text if not c.isascii() and not _is_expected(c))
    named = [f"U+{ord(c):04X} ({unicodedata.name(c, 'no name')})" for c in odd]
    return " and ".join(named[:2])


def shorten(text: str) -> str:
    """Return the text, cut to `MAX_SHOWN` characters."""
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def _is_expected(character: str) -> bool:
    return unicodedata.category(character) == "Sc" or character == MINUS


def _other_options(text: str, options: CsvOptions) -> Iterator[tuple[str, CsvOptions]]:
    """Yield options that differ from those in use, with their flags."""
    around = _characters_around(text, options)
    for strip in ["", around] if around else [""]:
        for accounting in [False, True] if _is_accounting(text, options) else [False]:
            for decimal, thousands in _CHARACTERS:
                flags = []
                if decimal and decimal != options.decimal:
                    flags.append(f"--decimal {shlex.quote(decimal)}")
                if thousands and thousands != options.thousands:
                    flags.append(f"--thousands {shlex.quote(thousands)}")
                if strip:
                    flags.append(f"--strip {shlex.quote(options.strip + strip)}")
                if accounting:
                    flags.append("--accounting")
                # --decimal . undoes the user's choice: propose it only if --thousands . fails
                is_back = decimal == "." != options.decimal
                if flags and not (is_back and _grouping_helps(text, options)):
                    tried = _replaced(options, decimal, thousands, strip, accounting=accounting)
                    if tried is not None:
                        yield " ".join(flags), tried


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
