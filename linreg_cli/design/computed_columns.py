"""Columns of numbers that are computed from the cells of a file."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, reduce
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from linreg_cli.design.terms import (
    Call,
    Category,
    Column,
    Expression,
    Factor,
    Level,
    Number,
    Operation,
    Term,
)

if TYPE_CHECKING:  # a prediction for a typed value starts without NumPy
    from linreg_cli.exact import Block, Flags, Integers

Input: TypeAlias = Column | Call
"""A cell as a number: a column of numbers, or a function of texts such as ``days(sold)``."""


class TextInput(Struct, frozen=True):
    """A function of texts, and the column of the texts."""

    function: str
    column: str


class ComputedColumns(Struct, frozen=True, kw_only=True, dict=True):
    """Columns of numbers, some of which are computed from others.

    Attributes
    ----------
    names
        The names of the columns that are wanted, in their order.
    terms
        What those that are not in the file are computed from, by name; no term has a category.

    """

    names: Sequence[str]
    terms: Mapping[str, Term]

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """What they are computed from, each once, in the order of the wanted columns."""
        found = (leaf for name in self.names for leaf in self._inputs_of(name))
        return tuple(dict.fromkeys(found))

    @cached_property
    def texts(self) -> dict[str, TextInput]:
        """The inputs that are functions of texts, by name."""
        calls = (leaf for leaf in self.inputs if isinstance(leaf, Call))
        return {str(call): TextInput(call.function, *_columns_of(call)) for call in calls}

    def optional_inputs(self, optional: int) -> int:
        """Return how many of the inputs only the last wanted columns need."""
        required = self.names[: len(self.names) - optional]
        return len(self.inputs) - len({place for name in required for place in self.needs(name)})

    @property
    def input_names(self) -> tuple[str, ...]:
        """The names of the inputs."""
        return tuple(map(name_of, self.inputs))

    def needs(self, name: str) -> tuple[int, ...]:
        """Return the positions of the inputs of a wanted column."""
        return tuple(self.inputs.index(leaf) for leaf in self._inputs_of(name))

    def of_block(self, cells: "Block") -> "tuple[Block, Flags]":
        """Return the wanted columns of some rows; those of `cells` are the inputs.

        The second result is whether each of their numbers exists, shape (rows, columns).
        A number that does not exist, such as the logarithm of 0, is 0 in the block. A computed
        number outside the range of float64 does not exist, as no cell may be such a number.
        """
        import numpy as np

        from linreg_cli.design.arithmetic import multiply
        from linreg_cli.design.expressions import evaluate
        from linreg_cli.design.number_column import NumberColumn, within_float64
        from linreg_cli.exact import Block

        rows = len(cells.values)
        known: dict[Expression, NumberColumn] = {
            leaf: NumberColumn.all_exist(cells.values[:, j], cells.decimals[j])
            for j, leaf in enumerate(self.inputs)
        }
        columns = []
        for name in self.names:
            term = self.terms.get(name, Term((Column(name),)))
            factors = [evaluate(factor, known, rows) for factor in _numbers_of(term)]
            computed = reduce(multiply, factors)
            columns.append(within_float64(computed) if name in self.terms else computed)
        are_short = all(column.values.dtype == np.int64 for column in columns)
        shape = (len(columns), rows)
        values: Integers = np.empty(shape, np.int64) if are_short else np.empty(shape, np.object_)
        for j, column in enumerate(columns):
            values[j] = column.values
            if not column.exists.all():
                values[j][~column.exists] = 0
        return (
            Block(values=values.T, decimals=tuple(column.decimals for column in columns)),
            np.array([column.exists for column in columns]).reshape(len(columns), rows).T,
        )

    def _inputs_of(self, name: str) -> Iterator[Input]:
        if name not in self.terms:
            yield Column(name)
            return
        for factor in self.terms[name].factors:
            yield from leaves(factor)


def _numbers_of(term: Term) -> Iterator[Expression]:
    for factor in term.factors:
        assert not isinstance(factor, Category | Level)  # noqa: S101 - a term of numbers
        yield factor


def _columns_of(leaf: Input) -> tuple[str, ...]:
    return Term((leaf,)).columns


def name_of(leaf: Input) -> str:
    """Return the name of an input: that of its column, or the function as it is written."""
    return leaf.name if isinstance(leaf, Column) else str(leaf)


def leaves(factor: Factor) -> Iterator[Input]:
    """Yield the inputs of a factor."""
    match factor:
        case Column():
            yield factor
        case Call(function, _) if _takes_text(function):
            yield factor
        case Call(_, argument):
            yield from leaves(argument)
        case Operation(_, left, right):
            yield from leaves(left)
            yield from leaves(right)
        case Number() | Category() | Level():
            pass


def _takes_text(function: str) -> bool:
    from linreg_cli.design.texts import TEXT_FUNCTIONS

    return function in TEXT_FUNCTIONS
