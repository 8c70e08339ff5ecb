"""Which cells say that there is no value."""

import re
from functools import cached_property

from msgspec import Struct

from linreg_cli.exact import BLANKS

ANY_CASE = frozenset({"", "na", "n/a", "nan", "null", "none"})
"""Words that mean missing in any letter case, in lower case."""

AS_WRITTEN = frozenset(
    {"#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>"}
)
"""Words that mean missing as they are written.

With those of any case they are the default of pandas.read_csv (its documentation, ``na_values``).
"""

_LIKELY = (
    r"|[?.*_~:-]{1,5}|\u2014|\u2013|\u2026|"
    r"[(\[<]?(missing|unknown|undefined|unavailable|not (available|applicable|reported|recorded)|"
    r"no data|nodata|pending|tb[ad]|n\.?[adrk]\.?|n/[dkr]|k\.a\.?|s/d|nil|none|null|void|blank|"
    r"empty|#(value|ref|name|num|null|div/0)[!?]?)[)\]>]?"
)


class MissingMarkers(Struct, frozen=True, dict=True):
    """The cells that count as missing.

    Attributes
    ----------
    added
        Markers that the user named, as written; one that is a number stands for its value.
    has_default
        Whether the default words and the empty cell count too.

    """

    added: tuple[str, ...] = ()
    has_default: bool = True

    @cached_property
    def any_case(self) -> frozenset[str]:
        """Words in lower case that count in any letter case."""
        return ANY_CASE if self.has_default else frozenset()

    @cached_property
    def as_written(self) -> frozenset[str]:
        """Words that count as they are written."""
        return frozenset(self.added) | (AS_WRITTEN if self.has_default else frozenset())

    def has(self, text: str) -> bool:
        """Return whether a cell, without blanks around it, counts as missing."""
        return text.lower() in self.any_case or text in self.as_written


def looks_missing(text: str) -> bool:
    """Return whether a cell probably says that there is no value: a hint proposes `--na` for it."""
    return re.fullmatch(_LIKELY, text.strip(BLANKS), re.IGNORECASE) is not None
