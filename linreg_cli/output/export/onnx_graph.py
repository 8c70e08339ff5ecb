"""The nodes of an ONNX graph that computes a formula."""

import math
from collections.abc import Sequence
from itertools import product
from types import MappingProxyType
from typing import Any

from onnx import GraphProto, TensorProto, helper

from linreg_cli.design import Column, Expression
from linreg_cli.output.export.formula import (
    FALSE_WORDS,
    TRUE_WORDS,
    Choice,
    Choices,
    Formula,
    Slope,
)
from linreg_cli.output.export.notation import Notation

ROWS = "rows"
_NEAR_1 = 1e-6
_FUNCTIONS = MappingProxyType({"exp": "Exp", "sqrt": "Sqrt", "abs": "Abs"})
_BASES = MappingProxyType({"log2": 2, "log10": 10})


class GraphNotation(Notation):
    """ONNX; an expression is the name of the tensor that has its number for each row.

    A number that does not exist is NaN. onnxruntime leaves out an Add or Sub of a number that is 0
    as a float32, such as 1e-300, and a Mul or Div by one that is 1 as a float32. So sums are of the
    type Sum, and such a factor is applied as its half and 2, which rounds alike.

    Parameters
    ----------
    found
        The formula, whose columns have their places in the inputs X and T.

    """

    def __init__(self, found: Formula) -> None:
        self.nodes: list[Any] = []
        self.initializers: list[Any] = []
        self._numbers, self._texts = found.numbers, found.texts
        self._known: dict[tuple[str, str], str] = {}
        self._halves: dict[str, float] = {}

    def add(self, operator: str, *inputs: str, domain: str = "", **attributes: Any) -> str:  # noqa: ANN401
        """Add a node, and return the name of its output."""
        name = f"{operator}_{len(self.nodes)}"
        self.nodes.append(
            helper.make_node(operator, list(inputs), [name], domain=domain, **attributes)
        )
        return name

    def values(self, values: Sequence[Any], kind: int = TensorProto.DOUBLE) -> str:
        """Add constants: a scalar if there is one of them, else a vector."""
        name = f"constant_{len(self.initializers)}"
        shape = [len(values)] if len(values) > 1 else []
        self.initializers.append(helper.make_tensor(name, kind, shape, values))
        return name

    def column(self, name: str) -> str:
        """Return a column of X."""
        return self._input("X", name, self._numbers)

    def number(self, value: float) -> str:
        """Return a constant."""
        name = self.values([value])
        if value != 1 and abs(value - 1) < _NEAR_1:
            self._halves[name] = value / 2
        return name

    def constant(self, value: float) -> str:
        """Return a constant; it may be negative."""
        return self.number(value)

    def of_text(self, function: str, column: str) -> str:
        """Return 1 and 0 for words."""
        assert function == "bool"  # noqa: S101 - ONNX has no days, and the export refuses them
        words = [(text, 1.0) for word in TRUE_WORDS for text in _in_any_case(word)]
        words += [(text, 0.0) for word in FALSE_WORDS for text in _in_any_case(word)]
        return self.choice(Choice(column, tuple(words)))

    def call(self, function: str, argument: str) -> str:
        """Return a transform."""
        if function == "abs":
            return self.add("Abs", argument)
        if function in _FUNCTIONS:
            return self._real(self.add(_FUNCTIONS[function], argument))
        if function == "log1p":
            argument = self.add("Add", self.number(1.0), argument)
        found = self._real(self.add("Log", argument))
        if function in _BASES:
            return self.add("Div", found, self.number(math.log(_BASES[function])))
        return found

    def power(self, base: Expression, exponent: int) -> str:
        """Return a power."""
        return self._real(self.add("Pow", self.write(base), self.number(float(exponent))))

    def quotient(self, numerator: str, denominator: str) -> str:
        """Return a quotient."""
        return self._real(self._scaled("Div", numerator, denominator))

    def operation(self, operator: str, left: str, right: str) -> str:
        """Return the result of an operator."""
        if operator in {"+", "-"}:
            return self.add("Sum", left, right if operator == "+" else self.add("Neg", right))
        if operator == "/":
            return self._scaled("Div", left, right)
        if left in self._halves:
            left, right = right, left
        return self._scaled("Mul", left, right)

    def _scaled(self, operator: str, number: str, factor: str) -> str:
        """Return a product or quotient."""
        if factor not in self._halves:
            return self.add(operator, number, factor)
        half = self.add(operator, number, self.number(self._halves[factor]))
        return self.add(operator, half, self.number(2.0))

    def argument(self, expression: Expression) -> str:
        """Return an expression."""
        return self.write(expression)

    def choice(self, choice: Choice) -> str:
        """Return a number for each level, NaN for others."""
        levels, weights = zip(*choice.weights, strict=True)
        code = self.add(
            "LabelEncoder",
            self._input("T", choice.column, self._texts),
            domain="ai.onnx.ml",
            keys_strings=list(levels),
            values_int64s=list(range(len(levels))),
            default_int64=len(levels),
        )
        return self.add("Gather", self.values([*weights, math.nan]), code)

    def term(self, term: Slope | Choices) -> str:
        """Return what a term adds."""
        if isinstance(term, Slope):
            centered = self.write(term.number)
            if term.center:
                centered = self.add("Sum", centered, self.number(-term.center))
            size = -term.size if term.sign == "-" else term.size
            return self._scaled("Mul", centered, self.number(size))
        first, *others = [self.choice(choice) for choice in term.choices]
        others += [] if term.number is None else [self.write(term.number)]
        for other in others:
            first = self.add("Mul", first, other)
        return first

    def _input(self, matrix: str, name: str, names: Sequence[str]) -> str:
        """Return a column of an input."""
        if (matrix, name) not in self._known:
            place = self.values([names.index(name)], TensorProto.INT64)
            self._known[matrix, name] = self.add("Gather", matrix, place, axis=1)
        return self._known[matrix, name]

    def _real(self, name: str) -> str:
        """Return numbers, NaN where they are infinite."""
        return self.add("Where", self.add("IsInf", name), self.number(math.nan), name)


def graph_of(found: Formula) -> GraphProto:
    """Return the graph of a formula; of columns without texts it is one product of matrices."""
    slopes = [term for term in found.terms if isinstance(term, Slope)]
    are_columns = all(isinstance(term.number, Column) for term in slopes)
    if not are_columns or found.texts or found.inverse is not None:
        return _graph_of_terms(found)
    features, double = len(slopes), TensorProto.DOUBLE
    m = [-term.size if term.sign == "-" else term.size for term in slopes]
    return helper.make_graph(
        nodes=[
            helper.make_node("Sum", ["X", "minus_center"], ["X_less_center"]),
            helper.make_node("MatMul", ["X_less_center", "m"], ["products"]),
            helper.make_node("Sum", ["products", "value_at_center"], ["y"]),
        ],
        name="linreg",
        inputs=[helper.make_tensor_value_info("X", double, [ROWS, features])],
        outputs=[helper.make_tensor_value_info("y", double, [ROWS])],
        initializer=[
            helper.make_tensor("m", double, [features], m),
            helper.make_tensor(
                "minus_center", double, [features], [-term.center for term in slopes]
            ),
            helper.make_tensor("value_at_center", double, [], [found.value]),
        ],
    )


def _graph_of_terms(found: Formula) -> GraphProto:
    """Return a graph that adds the terms in their order."""
    notation = GraphNotation(found)
    total = notation.number(found.value)
    for term in found.terms:
        total = notation.add("Sum", total, notation.term(term))
    if found.inverse is not None:
        notation.result = total
        total = notation.write(found.inverse)
    notation.nodes.append(helper.make_node("Identity", [total], ["y"]))
    used = {name for node in notation.nodes for name in node.input}
    kinds = {"X": (TensorProto.DOUBLE, found.numbers), "T": (TensorProto.STRING, found.texts)}
    return helper.make_graph(
        nodes=notation.nodes,
        name="linreg",
        inputs=[
            helper.make_tensor_value_info(name, kind, [ROWS, len(columns)])
            for name, (kind, columns) in kinds.items()
            if columns
        ],
        outputs=[helper.make_tensor_value_info("y", TensorProto.DOUBLE, [ROWS])],
        initializer=[each for each in notation.initializers if each.name in used],
    )


def _in_any_case(word: str) -> list[str]:
    """Return a word in all ways to mix small and capital letters.

    >>> _in_any_case("no"), _in_any_case("1")
    (['no', 'nO', 'No', 'NO'], ['1'])
    """
    letters = [dict.fromkeys((letter, letter.upper())) for letter in word]
    return ["".join(each) for each in product(*letters)]
