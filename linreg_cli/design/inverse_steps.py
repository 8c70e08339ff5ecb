"""The steps from a column to a target, and how each is undone.

log(I(price / 1000))     log, whose inverse is exp; then / 1000, whose inverse is * 1000
"""

from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import Struct

from linreg_cli.design.terms import Call, Column, Expression, Number, Operation
from linreg_cli.exact import parse

if TYPE_CHECKING:
    from flint import arb, fmpq


class Step(Struct, frozen=True, kw_only=True):
    """A step from a number to another, its value, which is undone.

    Attributes
    ----------
    inverse
        Returns the number for a value of the step.
    rises
        Whether the number rises with the value.
    has_least
        Whether no value is below 0.
    is_open
        Whether 0 is no value either, but a limit at which the number has no bound.
    has_pole
        Whether the number leaps at the value 0, which does not occur.
    is_affine
        Whether the mean of the numbers is that of the mean of the values.

    """

    inverse: "Callable[[arb], arb]"
    rises: bool = True
    has_least: bool = False
    is_open: bool = False
    has_pole: bool = False
    is_affine: bool = False


_TRANSFORMS = MappingProxyType(
    {
        "log": Step(inverse=lambda y: y.exp()),
        "log1p": Step(inverse=lambda y: y.expm1()),
        "log2": Step(inverse=lambda y: type(y)(2) ** y),
        "log10": Step(inverse=lambda y: type(y)(10) ** y),
        "exp": Step(inverse=lambda y: y.log(), has_least=True, is_open=True),
        "sqrt": Step(inverse=lambda y: y * y, has_least=True),
    }
)
"""The transforms that can be undone."""
INVERTIBLE = f"{', '.join(_TRANSFORMS)}, odd powers, and arithmetic with numbers"
"""What can be undone, for messages."""


def steps_of(target: Expression) -> tuple[str, list[Step]] | None:
    """Return the column of a target and the steps to it, the last one first.

    None is returned if a step cannot be undone, or the target has not one column.
    """
    steps = []
    while not isinstance(target, Column):
        found = _last_step(target)
        if found is None:
            return None
        step, target = found
        steps.append(step)
    return target.name, steps


def _last_step(expression: Expression) -> tuple[Step, Expression] | None:
    match expression:
        case Call(function, argument) if function in _TRANSFORMS:
            return _TRANSFORMS[function], argument
        case Operation("^", base, Number(text)):
            return _with(_power(int(text), base), base)
        case Operation(operator, left, right):
            first, second = _constant(left), _constant(right)
            if second is not None:
                return _with(_with_number(operator, second), left)
            if first is not None:
                return _with(_from_number(operator, first, right), right)
    return None


def _with(step: Step | None, argument: Expression) -> tuple[Step, Expression] | None:
    return None if step is None else (step, argument)


def _constant(expression: Expression) -> "fmpq | None":
    """Return the value of an expression without columns; None for others."""
    from flint import fmpq

    match expression:
        case Number(text):
            return fmpq(*parse(text).as_integer_ratio())
        case Operation(operator, left, right):
            first, second = _constant(left), _constant(right)
            if first is not None and second is not None:
                return _computed(operator, first, second)
    return None


def _computed(operator: str, left: "fmpq", right: "fmpq") -> "fmpq | None":
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return left / right if right else None
    return left ** int(right) if left or right > 0 else None


def _with_number(operator: str, number: "fmpq") -> Step | None:
    """Return the step from x to x + number, and so on."""
    match operator:
        case "+":
            return Step(inverse=lambda y: y - number, is_affine=True)
        case "-":
            return Step(inverse=lambda y: y + number, is_affine=True)
        case "*" if number:
            return Step(inverse=lambda y: y / number, rises=number > 0, is_affine=True)
        case "/" if number:
            return Step(inverse=lambda y: y * number, rises=number > 0, is_affine=True)
    return None


def _from_number(operator: str, number: "fmpq", other: Expression) -> Step | None:
    """Return the step from x to number - x, number / x, and so on."""
    match operator:
        case "-":
            return Step(inverse=lambda y: number - y, rises=False, is_affine=True)
        case "/" if number > 0 and _is_positive(other):
            return Step(inverse=lambda y: number / y, rises=False, has_least=True, is_open=True)
        case "/" if number:
            return Step(inverse=lambda y: number / y, rises=number < 0, has_pole=True)
        case "+" | "*":
            return _with_number(operator, number)
    return None


def _power(exponent: int, base: Expression) -> Step | None:
    """Return the step to a power; an even one of numbers below and above 0 has no inverse."""
    degree = abs(exponent)
    if degree % 2 == 0 and not _is_positive(base):
        return None
    is_positive = degree % 2 == 0
    if exponent > 0:
        return Step(inverse=lambda y: _root(y, degree), has_least=is_positive)
    return Step(
        inverse=lambda y: 1 / _root(y, degree),
        rises=False,
        has_least=is_positive,
        is_open=is_positive,
        has_pole=not is_positive,
    )


def _root(y: "arb", degree: int) -> "arb":
    if y == 0:
        return y
    return -((-y).root(degree)) if y < 0 else y.root(degree)


def _is_positive(expression: Expression) -> bool:
    """Return whether an expression has no values below 0."""
    return isinstance(expression, Call) and expression.function in {"exp", "sqrt"}
