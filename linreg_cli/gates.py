"""Conditions on figures, as ``r2 < 0.9``: what makes a check of a script fail."""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from linreg_cli.decimals import is_number
from linreg_cli.errors import GateError, UsageError, nearest

_CONDITION = re.compile(r"\s*(?P<name>\w+)\s*(?P<sign><=|>=|==|!=|<|>)\s*(?P<bound>\S+)\s*")
_SIGNS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True, kw_only=True)
class Gate:
    """A condition under which a check fails."""

    text: str
    name: str
    sign: str
    bound: float

    @classmethod
    def parse(cls, text: str, names: tuple[str, ...]) -> "Gate":
        """Read a condition.

        Raises
        ------
        UsageError
            If it is none, or its name is not one of `names`.

        """
        hint = f"Such as 'r2 < 0.9'; the names are {', '.join(names)}."
        match = _CONDITION.fullmatch(text)
        if match is None:
            raise UsageError(f"'{text}' is no condition", hint=hint)
        if not is_number(match["bound"]):
            raise UsageError(f"'{text}': '{match['bound']}' is no number", hint=hint)
        if match["name"] not in names:
            near = nearest(match["name"], names)
            unknown = f"'{text}': there is no figure '{match['name']}'"
            raise UsageError(f"{unknown}{'; ' + near if near else ''}", hint=hint)
        return cls(text=text, name=match["name"], sign=match["sign"], bound=float(match["bound"]))

    def fails(self, value: float | None) -> bool:
        """Tell whether the check fails; a figure that is undefined never passes."""
        return value is None or _SIGNS[self.sign](value, self.bound)


def check_gates(gates: Sequence[Gate], figures: Mapping[str, float | None]) -> None:
    """Check all conditions.

    Raises
    ------
    GateError
        Naming those that fail, with their figures.

    """
    failed = [gate for gate in gates if gate.fails(figures[gate.name])]
    if not failed:
        return
    values = {gate.name: figures[gate.name] for gate in failed}
    said = ", ".join(f"{n} is {'undefined' if v is None else v}" for n, v in values.items())
    raise GateError(
        f"failed: {'; '.join(gate.text for gate in failed)} ({said})",
        hint="The model does not meet the conditions of --fail-if on these rows.",
    )
