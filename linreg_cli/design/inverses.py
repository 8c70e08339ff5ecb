"""Inverses of transforms: from a prediction of log(price) back to the price."""

import math
from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from linreg_cli.design.terms import Call, Category, Column, Expression, Level, Term
from linreg_cli.errors import UsageError

if TYPE_CHECKING:
    from flint import arb

_INVERSES = MappingProxyType[str, Callable[["arb"], "arb"]](
    {
        "log": lambda y: y.exp(),
        "log1p": lambda y: y.expm1(),
        "log2": lambda y: type(y)(2) ** y,
        "log10": lambda y: type(y)(10) ** y,
        "exp": lambda y: y.log(),
        "sqrt": lambda y: y * y,
    }
)
"""The inverse of each transform that has one."""


class _NoInverseError(Exception):
    """A value that the transform of no number has."""


def check_inverse(target: Term | None) -> str:
    """Return the column of a target that has an inverse.

    Raises
    ------
    UsageError
        If the target is a column, or has no inverse.

    """
    if target is None:
        raise UsageError("the target is a column of the file", hint="Leave out --inverse.")
    functions, argument = _chain(target)
    if not isinstance(argument, Column) or not set(functions) <= _INVERSES.keys():
        raise UsageError(
            f"the target {target.name} has no inverse",
            hint=f"Leave out --inverse; {', '.join(_INVERSES)} of a column have one.",
        )
    return argument.name


def inverted(target: Term, values: Sequence[float]) -> list[float]:
    """Return the values of the column of a target that has an inverse, for values of the target.

    Returns
    -------
    The float64 nearest to each; NaN where there is none, as for a square root below 0.

    Raises
    ------
    FitError
        If a result is beyond the range of float64.

    """
    functions, _ = _chain(target)
    return [_inverted(functions, value) for value in values]


def _inverted(functions: Sequence[str], value: float) -> float:
    from flint import arb

    from linreg_cli.exact import correctly_rounded

    def compute() -> "list[arb]":
        result = arb(value)
        for function in functions:
            if (function == "sqrt" and result < 0) or (function == "exp" and result <= 0):
                raise _NoInverseError
            result = _INVERSES[function](result)
        return [result]

    try:
        return correctly_rounded(compute)[0]
    except _NoInverseError:
        return math.nan


def _chain(target: Term) -> tuple[list[str], Expression | None]:
    """Return the functions of a target, the outer one first, and what they are functions of."""
    functions = []
    argument = target.factors[0]
    while isinstance(argument, Call):
        functions.append(argument.function)
        argument = argument.argument
    return functions, None if isinstance(argument, Category | Level) else argument
