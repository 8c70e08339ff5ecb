"""The functions of a formula, and what to write in place of those of other programs."""

from types import MappingProxyType

from linreg_cli.design.texts import TEXT_FUNCTIONS
from linreg_cli.design.transforms import TRANSFORMS
from linreg_cli.errors import nearest

FUNCTIONS = (*TRANSFORMS, *TEXT_FUNCTIONS, "C", "I")
"""The functions by their names."""

_POWERS = "Write powers, such as x + x^2 + x^3."
_SCALE = "Leave it out: weights are in the units of the columns, however the training scales."
_IN_PLACE_OF = MappingProxyType(
    {
        **dict.fromkeys(("poly", "bs", "ns", "cr", "cc", "cs", "te", "s"), _POWERS),
        **dict.fromkeys(("center", "scale", "standardize"), _SCALE),
        **dict.fromkeys(("factor", "as.factor", "ordered"), "Write C(column)."),
        **dict.fromkeys(("as.Date", "date", "to_datetime"), "Write days(column)."),
        "as.logical": "Write bool(column).",
        "ln": "Write log(column).",
        "Q": "Write the name in backquotes.",
        "offset": "Subtract it from the target, as in I(y - x) ~ z.",
    }
)


def remedy_for(function: str) -> str:
    """Return what to write in place of a function that linreg does not have."""
    return (
        _IN_PLACE_OF.get(function)
        or nearest(function, FUNCTIONS)
        or f"The functions are {', '.join(FUNCTIONS)}."
    )
