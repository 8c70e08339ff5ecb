"""Conditions on figures, such as ``r2 < 0.9``, that make a check in a script fail."""

import operator
import re
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from linreg_cli.errors import ConditionError, UsageError, nearest
from linreg_cli.exact import is_number

_CONDITION = re.compile(r"\s*(?P<name>\w+)\s*(?P<comparison><=|>=|==|!=|<|>)\s*(?P<bound>\S+)\s*")
PERCENT = 100
_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


class Condition(Struct, frozen=True, kw_only=True):
    """A condition under which a check fails."""

    text: str
    name: str
    comparison: str
    bound: float

    @classmethod
    def parse(
        cls, text: str, names: tuple[str, ...], *, shares: frozenset[str] = frozenset()
    ) -> "Condition":
        """Return the condition that a text states.

        Parameters
        ----------
        text
            Name, comparison and number.
        names
            The figures that there are.
        shares
            Figures that are shares of the rows in per cent.

        Raises
        ------
        UsageError
            If it is none, its name is not one of `names`, or its bound cannot be meant.

        """
        hint = f"A condition looks like 'r2 < 0.9'; the names are {', '.join(names)}."
        match = _CONDITION.fullmatch(text)
        if match is None:
            raise UsageError(f"'{text}' is not a condition", hint=hint)
        if not is_number(match["bound"]):
            raise UsageError(f"'{text}': '{match['bound']}' is not a number", hint=hint)
        if match["name"] not in names:
            near = nearest(match["name"], names)
            unknown = f"'{text}': there is no figure '{match['name']}'"
            raise UsageError(f"{unknown}{'; ' + near if near else ''}", hint=hint)
        condition = cls(
            text=text,
            name=match["name"],
            comparison=match["comparison"],
            bound=float(match["bound"]),
        )
        if condition.name in shares:
            condition.refuse_other_units()
        return condition

    def refuse_other_units(self) -> None:
        """Raise an error if the bound of a percentage is a fraction, or outside 0 to 100.

        Raises
        ------
        UsageError
            With the condition that was meant.

        """
        if self.bound == 0 or 1 < self.bound <= PERCENT:
            return
        meant = f"{self.bound * PERCENT if 0 < self.bound <= 1 else 90:.15g}"
        raise UsageError(
            f"'{self.text}': {self.name} is in per cent, so the bound is above 1 and at most 100",
            hint=f"--fail-if '{self.name} {self.comparison} {meant}' means {meant} %.",
        )

    def fails(self, value: float | None) -> bool:
        """Return whether the check fails; it always does for a figure that is undefined."""
        return value is None or _COMPARISONS[self.comparison](value, self.bound)


def check_conditions(
    conditions: Sequence[Condition],
    figures: Mapping[str, float | None],
    *,
    in_percent: frozenset[str] = frozenset(),
) -> None:
    """Raise an error if a condition holds.

    Parameters
    ----------
    conditions, figures
        The conditions, and the values that they are on.
    in_percent
        Figures whose unit is per cent.

    Raises
    ------
    ConditionError
        Naming those that fail, with their figures.

    """
    failed = [condition for condition in conditions if condition.fails(figures[condition.name])]
    if not failed:
        return
    values = {condition.name: figures[condition.name] for condition in failed}
    said = ", ".join(
        f"{name} is {'undefined' if value is None else value}"
        f"{' %' if name in in_percent and value is not None else ''}"
        for name, value in values.items()
    )
    raise ConditionError(
        f"failed: {'; '.join(condition.text for condition in failed)} ({said})",
        hint="A condition of --fail-if holds, or its figure is undefined; the exit status is 6.",
    )
