"""How a CSV file is written, as the options say."""

import codecs
import unicodedata
from functools import cached_property

from msgspec import Struct, field
from msgspec.structs import force_setattr

from linreg_cli.errors import UsageError
from linreg_cli.exact import MINUS
from linreg_cli.reading.csv.missing import MissingMarkers
from linreg_cli.reading.csv.syntax import Syntax

TAB_NAMES = frozenset({"tab", "\\t"})
"""How a tab may be written at the shell."""
_EXAMPLES = {
    "--delimiter": "Give one character: --delimiter ',' or --delimiter ';' or --delimiter tab "
    "or --delimiter whitespace",
    "--decimal": "Give one character: --decimal .  or --decimal ,",
    "--thousands": "Give one character: --thousands ,  or --thousands .",
}

WHITESPACE = "whitespace"
"""The delimiter that is one or more blanks or tabs."""

THOUSANDS = {" ": " \u00a0\u202f\u2009", "'": "'\u2019"}
"""All characters that a thousands character stands for."""


class CsvOptions(Struct, frozen=True, kw_only=True, dict=True):
    r"""The dialect of a CSV file, and how missing and bad cells are treated.

    Attributes
    ----------
    delimiter
        What separates fields, one ASCII character; None to find it. ``tab`` and ``\t`` mean a
        tab, ``whitespace`` any run of blanks and tabs.
    decimal
        The decimal character.
    thousands
        The character between groups of three digits, or nothing. A space also stands for the
        no-break, narrow no-break and thin space, an apostrophe for the typographic one. Groups
        after a comma may also be Indian (``12,50,000``).
    strip
        Characters that are removed at both ends of a number.
    accounting
        Whether ``(120)`` and ``120-`` are negative numbers.
    markers
        The cells that count as missing.
    comment
        Lines that begin with this text are not records; nothing if there are no such lines.
    skip
        The number of lines at the start of the file that are not read.
    skip_initial_space
        Whether blanks after a delimiter do not count, so that a quote may follow them.
    encoding
        The name of the file's encoding, as Python knows it; ``auto`` finds it.
    has_header
        Whether the first record names the columns.
    fail_on_missing
        Whether a missing cell is an error (otherwise its row is left out).
    sets_aside
        Whether a record that is at fault is set aside (otherwise it is an error).

    Raises
    ------
    UsageError
        If a delimiter, decimal or thousands character is not one suitable ASCII character, the
        thousands character is also the decimal one, characters that numbers need are to be
        removed, or the encoding is unknown.

    """

    delimiter: str | None = None
    decimal: str = "."
    thousands: str = ""
    strip: str = ""
    accounting: bool = False
    markers: MissingMarkers = field(default_factory=MissingMarkers)
    comment: str = ""
    skip: int = 0
    skip_initial_space: bool = False
    encoding: str = "utf-8"
    has_header: bool = True
    fail_on_missing: bool = False
    sets_aside: bool = False

    def __post_init__(self) -> None:
        """Translate a written tab, then check every character."""
        if self.delimiter in TAB_NAMES:
            force_setattr(self, "delimiter", "\t")
        for option, character in self._characters().items():
            _check_character(option, character)
        # The delimiter may also be the thousands or the decimal character: "1,234" in quotes.
        if self.thousands == self.decimal:
            raise UsageError(
                f"--thousands and --decimal are both {self.decimal!r}",
                hint="With decimal commas: --decimal , --delimiter ';' --thousands .",
            )
        self._check_strip()
        if self.comment and (set(self.comment) & set('"\r\n\0') or self.comment[0].isalnum()):
            raise UsageError(
                f"--comment {self.comment!r} cannot begin a comment",
                hint="Give the text that comments begin with: --comment '#'",
            )
        _check_encoding(self.encoding)

    @cached_property
    def thousands_characters(self) -> str:
        """All characters that may stand between groups of three digits."""
        return THOUSANDS.get(self.thousands, self.thousands)

    def syntax(self, delimiter: str) -> Syntax:
        """Return the syntax of a file whose delimiter is known, or is one of these."""
        merges_blanks = delimiter == WHITESPACE
        return Syntax(
            delimiters=" \t" if merges_blanks else delimiter,
            comment=self.comment,
            skips_initial_space=self.skip_initial_space and not merges_blanks,
            merges_blanks=merges_blanks,
        )

    def _characters(self) -> dict[str, str]:
        """Return the characters in use by the names of their options."""
        characters = {"--decimal": self.decimal}
        if self.delimiter is not None and self.delimiter != WHITESPACE:
            characters["--delimiter"] = self.delimiter
        if self.thousands:
            characters["--thousands"] = self.thousands
        return characters

    def _check_strip(self) -> None:
        if set("()") & set(self.strip):
            raise UsageError(
                f"--strip {self.strip!r} would lose the sign of (120)",
                hint="--accounting reads (120) and 120- as -120.",
            )
        for character in self.strip:
            if character.isdecimal() or is_dash(character) or character in f"+{self.decimal}":
                raise UsageError(
                    f"--strip {self.strip!r} would change numbers: {character!r} is part of them",
                    hint="Give the other characters: --strip '$'  or --strip %",
                )


def is_dash(character: str) -> bool:
    """Return whether a character is a minus or a dash that is written in place of one."""
    return character != "" and (
        unicodedata.category(character) == "Pd" or character in f"{MINUS}\u02d7\u207b\u208b\u2796"
    )


def _check_character(option: str, character: str) -> None:
    if len(character) != 1 or not character.isascii():
        raise UsageError(
            f"{option} {character!r} is not one ASCII character",
            hint=_EXAMPLES[option],
        )
    # Blanks may stand around a number, so a blank cannot be the decimal character.
    is_blank_decimal = option == "--decimal" and character.isspace()
    if character.isalnum() or character in '"+-\r\n\0' or is_blank_decimal:
        raise UsageError(
            f"{option} {character!r} cannot be told from the numbers and quotes themselves",
            hint=_EXAMPLES[option],
        )


def _check_encoding(encoding: str) -> None:
    if encoding == "auto":
        return
    try:
        # Some codecs do not decode bytes to text; this call fails for them.
        b"a".decode(encoding, errors="replace")
        codecs.getincrementaldecoder(encoding)
    except (LookupError, ValueError):
        raise UsageError(
            f"--encoding {encoding!r} is not known",
            hint="Try --encoding utf-8, --encoding latin-1 or --encoding utf-16.",
        ) from None
