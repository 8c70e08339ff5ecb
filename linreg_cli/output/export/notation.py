"""Expressions of a design, such as log(sqft) or (a + b)^2, in the notation of a target."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from linreg_cli.design import TEXT_FUNCTIONS, Call, Column, Expression, Number, Operation
from linreg_cli.output.export.formula import Choice, Choices, Slope
from linreg_cli.output.export.inverse import RESULT

MOST_INTEGER = 2.0**63
"""The smallest integer that is too large for the integers of a database."""


class Notation(ABC):
    """How a target writes columns, numbers, functions and arithmetic.

    A value that does not exist, such as the logarithm of 0, is what a missing cell is.
    """

    space = " "
    """What stands beside an operator."""
    result = "y"
    """The prediction, ready to be a factor, in an inverse."""

    @abstractmethod
    def column(self, name: str) -> str:
        """Return the number in a column."""

    @abstractmethod
    def number(self, value: float) -> str:
        """Return a number that is not negative."""

    @abstractmethod
    def of_text(self, function: str, column: str) -> str:
        """Return ``days`` or ``bool`` of the text in a column."""

    @abstractmethod
    def call(self, function: str, argument: str) -> str:
        """Return a transform of a number."""

    @abstractmethod
    def power(self, base: Expression, exponent: int) -> str:
        """Return an expression to a power from 2 to 20."""

    @abstractmethod
    def quotient(self, numerator: str, denominator: str) -> str:
        """Return a quotient, ready to be a factor."""

    def center(self, value: float) -> str:
        """Return the size of a center."""
        return self.number(value)

    def slope(self, term: Slope) -> str:
        """Return the size of a term of a number: what the sign stands in front of."""
        return self.product([self.number(term.size), self._centered(term)])

    def product(self, factors: Sequence[str]) -> str:
        """Return a product."""
        return f"{self.space}*{self.space}".join(factors)

    def write(self, expression: Expression) -> str:
        """Return an expression, ready to be a factor."""
        match expression:
            case Column(name):
                return self.result if expression == RESULT else self.column(name)
            case Number(text):
                return self.constant(float(text))
            case Call():
                return self._called(expression)
            case Operation("^", base, Number(text)):
                return self._power(base, int(float(text)))
            case Operation("/", left, right) if not isinstance(right, Number):
                return self.quotient(self.operand(left), self.operand(right))
            case Operation(operator, left, right):
                return self.operation(operator, self.operand(left), self.operand(right))
        raise AssertionError(f"{expression} is no expression")

    def constant(self, value: float) -> str:
        """Return a number of an expression, ready to be a factor."""
        return f"(-{self.number(-value)})" if value < 0 else self.number(value + 0.0)

    def operation(self, operator: str, left: str, right: str) -> str:
        """Return the result of an operator, ready to be a factor; / stands before a constant."""
        return f"({left}{self.space}{operator}{self.space}{right})"

    def is_column(self, expression: Expression) -> bool:
        """Return whether an expression is a column, which may be of integers."""
        return isinstance(expression, Column) and expression != RESULT

    def argument(self, expression: Expression) -> str:
        """Return an expression that stands alone in parentheses."""
        text = self.write(expression)
        is_operation = isinstance(expression, Operation) and expression.operator != "^"
        is_in_parentheses = text.startswith("(") and (is_operation or expression == RESULT)
        return text[1:-1] if is_in_parentheses else text

    def operand(self, expression: Expression) -> str:
        """Return one side of an operation, in floating point."""
        return self.write(expression)

    def _centered(self, term: Slope) -> str:
        text = self.write(term.number)
        if not term.center:
            return text
        sign = "+" if term.center < 0 else "-"
        return f"({text}{self.space}{sign}{self.space}{self.center(abs(term.center))})"

    def _called(self, call: Call) -> str:
        if call.function in TEXT_FUNCTIONS:
            assert isinstance(call.argument, Column)  # noqa: S101 - the formula's reader checks it
            return self.of_text(call.function, call.argument.name)
        return self.call(call.function, self.argument(call.argument))

    def _power(self, base: Expression, exponent: int) -> str:
        size = self.operand(base) if abs(exponent) == 1 else self.power(base, abs(exponent))
        return size if exponent > 0 else self.quotient(self.number(1.0), size)


class LineNotation(Notation):
    """How a target writes a model that is one expression."""

    @abstractmethod
    def choice(self, choice: Choice) -> str:
        """Return the number that belongs to the level in a column, ready to be a factor."""

    def term(self, term: Slope | Choices) -> str:
        """Return a term, with its sign in front."""
        if isinstance(term, Slope):
            return f"{term.sign}{self.space}{self.slope(term)}"
        factors = [self.choice(choice) for choice in term.choices]
        factors += [] if term.number is None else [self.write(term.number)]
        return f"+{self.space}{self.product(factors)}"


def literal(value: float) -> str:
    """Return a float64 as text, an integer without a point: its differences are then exact.

    >>> literal(1700000000000000256.0), literal(0.5)
    ('1700000000000000256', '0.5')
    """
    return str(int(value)) if value.is_integer() and abs(value) < MOST_INTEGER else repr(value)
