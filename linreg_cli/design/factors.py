"""One factor as it is written in a formula: log(price), I(x^2 / 100), C(city), days(sold)."""

import ast
from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import Literal, Self, TypeAlias

from msgspec import Struct

from linreg_cli.design.functions import FUNCTIONS, remedy_for
from linreg_cli.design.names import canonical
from linreg_cli.design.terms import (
    Call,
    Category,
    Column,
    Expression,
    Factor,
    Number,
    Operation,
    Term,
)
from linreg_cli.design.texts import TEXT_FUNCTIONS
from linreg_cli.errors import LinregError, UsageError, nearest
from linreg_cli.exact import ExactDecimal, parse, shortest

NAME_HINT = "Name a column; a name that is a number stands in backquotes, such as `4`."
"""The remedy where numbers stand, and no column."""

MAX_POWER = 20
"""Maximum exponent, so that no number becomes very long."""

Fault: TypeAlias = Callable[[str, int, str], LinregError]
"""Returns an error from a problem, its place in the text, and a remedy."""

_OPERATORS = MappingProxyType[type[ast.operator], Literal["+", "-", "*", "/"]](
    {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
)


def read_expression(text: str) -> Expression:
    """Return the expression that a text means, whose columns may have any name.

    Raises
    ------
    ValueError
        If the text is no expression.

    """

    def fault(problem: str, place: int, hint: str) -> UsageError:
        return UsageError(f"{problem} at {place}", hint=hint)

    written = _Written.of(text)
    try:
        body = ast.parse(written.python, mode="eval").body
        return _Reader(written, None, fault).expression(body)
    except (SyntaxError, UsageError):
        raise ValueError(f"{text} is no expression") from None


def read_factor(text: str, names: Sequence[str], fault: Fault) -> Factor:
    """Return the factor that a text means.

    Parameters
    ----------
    text
        The text. If it is the name of a column, it means that column.
    names
        The names of the columns of the file.
    fault
        Makes the error for a text that means nothing.

    Raises
    ------
    LinregError
        As `fault` makes it.

    """
    if canonical(text) in names:
        return Column(canonical(text))
    written = _Written.of(text)
    try:
        body = ast.parse(written.python, mode="eval").body
    except SyntaxError as error:
        place = written.places[min(error.offset or 1, len(written.places)) - 1]
        hint = "Put a name with other characters than letters, digits, '_' and '.' in backquotes."
        raise fault(f"cannot read {text}", place, hint) from None
    factor = _Reader(written, names, fault).factor(body)
    if not Term((factor,)).columns:
        raise fault(f"there is no column in {text}", 0, NAME_HINT)
    return factor


class _Written(Struct, frozen=True):
    """A text as Python's parser reads it.

    Attributes
    ----------
    python
        The text with ``**`` for ``^``, and underscores for names in backquotes.
    places
        The place in the text of each character of `python`.
    quoted
        The names in backquotes, by their places in `python`.

    """

    python: str
    places: tuple[int, ...]
    quoted: dict[int, str]

    @classmethod
    def of(cls, text: str) -> Self:
        """Return a text for Python's parser."""
        python, places, quoted = "", list[int](), dict[int, str]()
        start = 0
        for i, part in enumerate(text.split("`")):
            if i % 2:
                quoted[len(python)] = part
                python += "_" * (len(part) + 2)
                places += range(start - 1, start + len(part) + 1)
            else:
                for place, character in enumerate(part, start):
                    python += "**" if character == "^" else character
                    places += [place] * (1 + (character == "^"))
            start += len(part) + 1
        return cls(python, tuple(places), quoted)

    def offset(self, node: ast.expr) -> int:
        """Return the place of a node in `python`, which ast counts in bytes."""
        return len(self.python.encode()[: node.col_offset].decode())

    def text(self, node: ast.expr) -> str:
        """Return the part of `python` that a node stands for."""
        return ast.get_source_segment(self.python, node) or ""


class _Reader(Struct, frozen=True):
    """What the nodes of Python's parser mean."""

    written: _Written
    names: Sequence[str] | None
    """The names of the columns; None if a column may have any name."""
    fault: Fault

    def factor(self, node: ast.expr) -> Factor:
        """Return the factor that a node means."""
        if isinstance(node, ast.Call) and self.name(node.func) == "C":
            return self.category(node)
        return self.expression(node)

    def category(self, node: ast.Call) -> Category:
        """Return the category that a call of C means."""
        if len(node.args) != 1 or node.keywords:
            raise self.error(
                node,
                "C() takes a column and nothing else",
                "--reference COLUMN=LEVEL names the reference level.",
            )
        [argument] = node.args
        if not isinstance(argument, ast.Name | ast.Attribute):
            raise self.error(argument, "C() takes a column, not an expression", "")
        return Category(self.column(argument).name)

    def expression(self, node: ast.expr) -> Expression:
        """Return the expression that a node means."""
        match node:
            case ast.Constant(int() | float()):
                return self.number(node)
            case ast.Name() | ast.Attribute():
                return self.column(node)
            case ast.Call():
                return self.call(node)
            case ast.UnaryOp() | ast.BinOp():
                return self.operation(node)
        raise self.not_computed(node)

    def operation(self, node: ast.UnaryOp | ast.BinOp) -> Expression:
        """Return the arithmetic that a node means."""
        match node:
            case ast.UnaryOp(ast.UAdd(), operand):
                return self.expression(operand)
            case ast.UnaryOp(ast.USub(), operand):
                return _negative(self.expression(operand))
            case ast.BinOp(left, ast.Pow(), right):
                return self.power(left, right)
            case ast.BinOp(left, operator, right) if type(operator) in _OPERATORS:
                operands = self.expression(left), self.expression(right)
                return Operation(_OPERATORS[type(operator)], *operands)
        raise self.not_computed(node)

    def column(self, node: ast.Name | ast.Attribute) -> Column:
        """Return the column that a name means."""
        name = canonical(self.name(node))
        if self.names is not None and name not in self.names:
            raise self.error(node, f"there is no column '{name}'", _near(name, self.names))
        return Column(name)

    def name(self, node: ast.expr) -> str:
        """Return a name, with points in it or in backquotes, or the text of another node."""
        text = self.written.text(node)
        quoted = self.written.quoted.get(self.written.offset(node))
        if quoted is None or not isinstance(node, ast.Name):
            return text
        if len(text) != len(quoted) + 2:
            raise self.error(node, "an operator is missing between two names", "")
        return quoted

    def call(self, node: ast.Call) -> Expression:
        """Return what a call of a function means."""
        name = self.name(node.func)
        function = name.removeprefix("np.")
        if function not in FUNCTIONS:
            raise self.error(node, f"linreg has no function {name}()", remedy_for(function))
        if function == "C":
            hint = "Write it as a factor of its own: C(column)."
            raise self.error(node, "C() is a category, not a number", hint)
        if len(node.args) != 1 or node.keywords:
            hint = "log2 and log10 are functions too." if function == "log" else ""
            raise self.error(node, f"{function}() takes one expression", hint)
        argument = self.expression(node.args[0])
        if function in TEXT_FUNCTIONS and not isinstance(argument, Column):
            raise self.error(node.args[0], f"{function}() takes a column, not an expression", "")
        return argument if function == "I" else Call(function, argument)

    def power(self, base: ast.expr, exponent: ast.expr) -> Expression:
        """Return a power with an integer as exponent."""
        left, right = self.expression(base), self.expression(exponent)
        value = shortest(*parse(right.text)) if isinstance(right, Number) else ExactDecimal(0, 0)
        if value.decimals or not 0 < abs(value.integer) <= MAX_POWER:
            problem = f"an exponent is an integer from 1 to {MAX_POWER}, or minus such an integer"
            hint = "Write sqrt(...) for a root." if value == ExactDecimal(5, 1) else ""
            raise self.error(exponent, problem, hint)
        return left if value.integer == 1 else Operation("^", left, Number(str(value.integer)))

    def number(self, node: ast.Constant) -> Number:
        """Return a constant as it is written."""
        text = self.written.text(node)
        try:
            parse(text)
        except ValueError as error:
            raise self.error(node, f"{text} {error}", "") from None
        return Number(text)

    def not_computed(self, node: ast.expr) -> LinregError:
        """Return the error of a node that is no expression."""
        hint = "Expressions have columns, numbers, + - * / ^ and functions."
        return self.error(node, f"cannot compute {self.written.text(node)}", hint)

    def error(self, node: ast.expr, problem: str, hint: str) -> LinregError:
        """Return the error of a node."""
        return self.fault(problem, self.written.places[self.written.offset(node)], hint)


def _near(name: str, names: Sequence[str]) -> str:
    """Return which column may be meant, in backquotes if it needs them."""
    clause = nearest(name, names)
    quoted = next((str(Column(found)) for found in names if f"'{found}'" in clause), "")
    if quoted.startswith("`"):
        return f"did you mean {quoted}, in backquotes?"
    return clause or f"The columns are {', '.join(names)}."


def _negative(expression: Expression) -> Expression:
    if isinstance(expression, Number):
        return Number(f"-{expression.text}".removeprefix("--"))
    return Operation("*", Number("-1"), expression)
