"""How the numbers in a CSV file are written, as the user says."""

import codecs
from dataclasses import dataclass

from linreg_cli.errors import UsageError

TAB_NAMES = frozenset({"tab", "\\t"})
"""How a tab may be written at the shell."""
_EXAMPLES = {
    "--delimiter": "Give one character: --delimiter ',' or --delimiter ';' or --delimiter tab",
    "--decimal": "Give one character: --decimal .  or --decimal ,",
    "--thousands": "Give one character: --thousands ,  or --thousands .",
}


@dataclass(frozen=True, kw_only=True)
class CsvOptions:
    r"""The dialect of a CSV file and what to make of missing cells.

    Attributes
    ----------
    delimiter
        What separates fields, one ASCII character; None to find it. ``tab`` and ``\t`` mean a
        tab.
    decimal
        The decimal sign.
    thousands
        The sign between groups of three digits, or nothing.
    encoding
        The name of the file's encoding, as Python knows it.
    has_header
        Whether the first record names the columns.
    fail_on_missing
        Whether a missing cell is an error (otherwise its row is left out).
    sets_aside
        Whether a record that is at fault is set aside (otherwise it is an error).

    Raises
    ------
    UsageError
        If a sign is not one suitable ASCII character, the decimal sign is also another, or the
        encoding is unknown.

    """

    delimiter: str | None = None
    decimal: str = "."
    thousands: str = ""
    encoding: str = "utf-8"
    has_header: bool = True
    fail_on_missing: bool = False
    sets_aside: bool = False

    def __post_init__(self) -> None:
        """Translate a written tab, then check every sign."""
        if self.delimiter in TAB_NAMES:
            object.__setattr__(self, "delimiter", "\t")
        signs = self._signs()
        for option, sign in signs.items():
            _check_sign(option, sign)
        # A delimiter may be the thousands sign too: "1,234" in quotes is common.
        for option in ("--delimiter", "--thousands"):
            if signs.get(option) == self.decimal:
                raise UsageError(
                    f"{option} and --decimal are both {self.decimal!r}",
                    hint="With decimal commas: --decimal , --delimiter ';' --thousands .",
                )
        _check_encoding(self.encoding)

    def _signs(self) -> dict[str, str]:
        """Give the signs in use by the names of their options."""
        signs = {"--decimal": self.decimal}
        if self.delimiter is not None:
            signs["--delimiter"] = self.delimiter
        if self.thousands:
            signs["--thousands"] = self.thousands
        return signs


def _check_sign(option: str, sign: str) -> None:
    if len(sign) != 1 or not sign.isascii():
        raise UsageError(f"{option} {sign!r} is not one ASCII character", hint=_EXAMPLES[option])
    # A blank decimal sign could not be told from the blanks around a number.
    if sign.isalnum() or sign in '"+-\r\n\0' or (option == "--decimal" and sign.isspace()):
        raise UsageError(
            f"{option} {sign!r} cannot be told from the numbers and quotes themselves",
            hint=_EXAMPLES[option],
        )


def _check_encoding(encoding: str) -> None:
    try:
        # Of the codecs, only those from bytes to text decode anything at all.
        b"a".decode(encoding, errors="replace")
        codecs.getincrementaldecoder(encoding)
    except (LookupError, ValueError):
        raise UsageError(
            f"--encoding {encoding!r} is not known",
            hint="Try --encoding utf-8, --encoding latin-1 or --encoding utf-16.",
        ) from None
