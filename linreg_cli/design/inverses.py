"""Inverses of targets: from a prediction of log(price) back to the price."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Self, TypeAlias

from msgspec import Struct

from linreg_cli.design.inverse_steps import INVERTIBLE, Step, steps_of
from linreg_cli.design.terms import Category, Level, Term
from linreg_cli.errors import UsageError

if TYPE_CHECKING:
    from flint import arb

    Ends: TypeAlias = tuple[arb | None, arb | None]
    """The ends of an interval; None where it has no bound."""


_BEYOND = 2**1024 - 2**970
"""The least number that is rounded to no float64."""


class _NoInverseError(Exception):
    """No number has a value of the target in an interval, or these numbers are no interval."""


class Inverse(Struct, frozen=True, kw_only=True):
    """How numbers are computed from a target that was computed from them.

    Attributes
    ----------
    column
        The column of the numbers.
    steps
        The steps to the target, the last one first.

    """

    column: str
    steps: tuple[Step, ...]

    @classmethod
    def of(cls, target: Term | None) -> Self:
        """Return the inverse of a target.

        Raises
        ------
        UsageError
            If the target is a column, or has no inverse.

        """
        if target is None:
            raise UsageError("the target is a column of the file", hint="Leave out --inverse.")
        [expression] = target.factors
        found = None if isinstance(expression, Category | Level) else steps_of(expression)
        if found is None:
            raise UsageError(
                f"the target {target.name} has no inverse",
                hint=f"Leave out --inverse; {INVERTIBLE} have one.",
            )
        column, steps = found
        return cls(column=column, steps=tuple(steps))

    @property
    def is_affine(self) -> bool:
        """Whether it makes the mean of the numbers of the mean of the target.

        Else it makes the median of the median.
        """
        return all(step.is_affine for step in self.steps)

    def of_values(self, values: Sequence[float]) -> list[float]:
        """Return the numbers for values of the target.

        Returns
        -------
        The float64 nearest to each; NaN where there is none, as for a square root below 0.

        """
        return [self._rounded(value, value, 0) for value in values]

    def of_intervals(
        self, lower: Sequence[float], upper: Sequence[float]
    ) -> tuple[list[float], list[float]]:
        """Return the lower and upper ends of the intervals of numbers, for those of the target.

        An interval of the target may reach beyond its values, as one of square roots from -1 to 2:
        the numbers are then from 0 to 4.

        Returns
        -------
        The float64 nearest to each end; NaN where there is no bound, or no interval.

        """
        pairs = list(zip(lower, upper, strict=True))
        return (
            [self._rounded(low, high, 0) for low, high in pairs],
            [self._rounded(low, high, 1) for low, high in pairs],
        )

    def _rounded(self, low: float, high: float, end: int) -> float:
        """Return the float64 nearest to one end of an interval; NaN if there is none."""
        from flint import arb

        from linreg_cli.exact import correctly_rounded

        if math.isnan(low) or math.isnan(high):
            return math.nan

        def compute() -> "list[arb]":
            ends: Ends = arb(low), arb(high)
            for step in self.steps:
                ends = _undone(step, *ends)
            found = ends[end]
            if found is None or abs(found) >= _BEYOND:
                raise _NoInverseError
            return [found]

        try:
            return correctly_rounded(compute)[0]
        except _NoInverseError:
            return math.nan


def _undone(step: Step, low: "arb | None", high: "arb | None") -> "Ends":
    """Return the interval of the numbers whose values are in an interval.

    Raises
    ------
    _NoInverseError
        If there is none, or there are two.

    """
    if step.has_least:
        low, high = _above_zero(low, high, is_open=step.is_open)
    is_on_one_side = (low is not None and low > 0) or (high is not None and high < 0)
    if step.has_pole and not is_on_one_side:
        raise _NoInverseError
    ends = _finite(step, low), _finite(step, high)
    return ends if step.rises else (ends[1], ends[0])


def _above_zero(low: "arb | None", high: "arb | None", *, is_open: bool) -> "Ends":
    """Return the part of an interval above 0; the lower end is None if 0 is a limit there."""
    from flint import arb

    if high is not None and (high < 0 or (is_open and high <= 0)):
        raise _NoInverseError
    if low is None or low < 0:
        low = arb(0)
    return (None if is_open and low <= 0 else low), high


def _finite(step: Step, end: "arb | None") -> "arb | None":
    """Return the number of a value, or None if it is beyond all bounds."""
    if end is None:
        return None
    found = step.inverse(end)
    return found if found.is_finite() else None
