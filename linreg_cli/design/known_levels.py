"""Rows as features, once the levels of all categories are known."""

from collections.abc import Sequence
from functools import cached_property, reduce
from operator import mul
from typing import TYPE_CHECKING, cast

from msgspec import Struct

from linreg_cli.design.coding import Coding
from linreg_cli.design.design import Design, Levels, expanded
from linreg_cli.design.terms import Category, Term
from linreg_cli.design.texts import TEXT_FUNCTIONS
from linreg_cli.errors import UsageError
from linreg_cli.exact import ExactDecimal, parse

if TYPE_CHECKING:  # a prediction for a typed value starts without NumPy
    from linreg_cli.design.level_codes import Codes
    from linreg_cli.exact import Block, Flags, Integers


class KnownLevels(Struct, frozen=True, kw_only=True, dict=True):
    """A design, and the levels of its categories in the training rows.

    Attributes
    ----------
    design
        The terms as they were written.
    levels
        The levels of each category, in their order.
    has_intercept
        Whether there is an intercept; see `Coding` for what follows from this.

    """

    design: Design
    levels: Levels
    has_intercept: bool

    @cached_property
    def coding(self) -> Coding:
        """Which expanded terms are features.

        Raises
        ------
        UsageError
            If a reference level is not among the levels, or two expanded terms have one name.

        """
        terms = {term: expanded(term, self.levels) for term in self.design.terms}
        _refuse_same_names([term.name for each in terms.values() for term in each])
        return Coding(
            expanded=terms,
            references=self.design.references_of(self.levels),
            has_intercept=self.has_intercept,
        )

    @cached_property
    def features(self) -> tuple[Term, ...]:
        """The terms of the features, in their order."""
        return tuple(feature for each in self.coding.features.values() for feature in each)

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the features, with a category in place of the indicators of its levels."""
        return tuple(
            label
            for term, features in self.coding.features.items()
            for label in _labels_of(term, [feature.name for feature in features])
        )

    def indicators(self, column: str) -> tuple[str, ...]:
        """Return the names of the indicators of a category; that of one level is no feature."""
        return tuple(
            indicator.name for indicator in expanded(Term((Category(column),)), self.levels)
        )

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a prediction needs, in the order in which they were written."""
        return self.design.columns

    def are_unknown(self, categories: Sequence["Codes"], rows: int) -> "Flags":
        """Return which of some rows have a level that no training row has, shape (rows,)."""
        import numpy as np

        unknown = np.zeros(rows, np.bool_)
        for column, each in zip(self.design.categories, categories, strict=True):
            is_new = [level not in self.levels[column] for level in each.levels]
            unknown |= np.array(is_new, np.bool_)[each.codes]
        return unknown

    def block(self, numbers: "Block", categories: Sequence["Codes"]) -> "Block":
        """Return the features of some rows; `block_of` explains the parameters."""
        return block_of(self.features, self.design, numbers, categories)

    def row(self, cells: "dict[str, ExactDecimal | str]") -> list[ExactDecimal]:
        """Return the features of one row, from the cell of each column.

        Raises
        ------
        UsageError
            If a feature does not exist for these cells.

        """
        numbers = self._numbers_of(cells)
        found = []
        for feature in self.features:
            number = numbers[feature.number.name] if feature.number else ExactDecimal(1, 0)
            is_there = all(cells[column] == level for column, level in feature.levels)
            found.append(number if is_there else ExactDecimal(0, number.decimals))
        return found

    def _numbers_of(self, cells: "dict[str, ExactDecimal | str]") -> dict[str, ExactDecimal]:
        """Return the features of one row that are numbers."""
        names = self.design.numbers
        if not self.design.computed:
            return {name: _number(cells[name]) for name in names}
        from linreg_cli.exact import Block

        computed = self.design.columns_of(names)
        inputs = [
            TEXT_FUNCTIONS[each.function](str(cells[each.column]))
            if (each := computed.texts.get(name))
            else _number(cells[name])
            for name in computed.input_names
        ]
        block, exists = computed.of_block(Block.of_rows([inputs]))
        for name, exist in zip(names, exists[0].tolist(), strict=True):
            if not exist:
                columns = computed.terms[name].columns
                typed = ", ".join(f"{column}={cells[column]}" for column in columns)
                raise UsageError(f"{name} does not exist for {typed}", hint="Type other values.")
        values = zip(block.values[0].tolist(), block.decimals, strict=True)
        return {name: ExactDecimal(*value) for name, value in zip(names, values, strict=True)}


def _labels_of(term: Term, features: Sequence[str]) -> Sequence[str]:
    """Return what a user calls the features of a term."""
    is_category = len(term.factors) == 1 and isinstance(term.factors[0], Category)
    return (*term.columns,) if is_category and features else features


def _number(cell: "ExactDecimal | str") -> ExactDecimal:
    return parse(cell) if isinstance(cell, str) else cell


def _refuse_same_names(names: Sequence[str]) -> None:
    """Raise an error if a column has the name of an indicator."""
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise UsageError(
            f"'{twice}' is a column of the file, and a level of a category",
            hint=f"Leave out one of the two, or rename the column '{twice}'.",
        )


def block_of(
    terms: Sequence[Term], design: Design, numbers: "Block", categories: Sequence["Codes"]
) -> "Block":
    """Return expanded terms of some rows.

    Parameters
    ----------
    terms
        The terms, each of indicators and at most one number.
    design
        What they are expanded from.
    numbers
        The columns of numbers of the design, and columns that are kept behind the terms.
    categories
        The categories of the design.

    """
    import numpy as np

    from linreg_cli.exact import Block

    place = {name: j for j, name in enumerate(design.numbers)}
    codes = dict(zip(design.categories, categories, strict=True))
    kept = range(len(place), numbers.values.shape[1])
    rows, width = len(numbers.values), len(terms) + len(kept)
    values = cast("Integers", np.empty((width, rows), numbers.values.dtype))
    decimals = []
    for j, term in enumerate(terms):
        factors: list[Integers | Flags] = [codes[c].are(level) for c, level in term.levels]
        decimals.append(0)
        if term.number:
            number = place[term.number.name]
            factors.append(numbers.values[:, number])
            decimals[j] = numbers.decimals[number]
        values[j] = reduce(mul, factors)
    if kept:
        values[len(terms) :] = numbers.values[:, len(place) :].T
    decimals += numbers.decimals[len(place) :]
    return Block(values=values.T, decimals=tuple(decimals))
