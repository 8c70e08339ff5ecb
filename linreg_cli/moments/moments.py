"""Moments: all that linear regression needs to know of the rows, as exact integers.

For the columns ``1, x1 ... xp, y`` these are the sums of all products of two columns. As
integers they add without error, so rows may come in any order, from any thread or machine:
``a + b`` merges two sets of rows, ``a - b`` removes rows.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import add, sub
from typing import TYPE_CHECKING, Literal, Self, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from linreg_cli.exact import power_of_ten, shortest

if TYPE_CHECKING:  # reading rows starts without FLINT
    from flint import fmpq

    from linreg_cli.design import Term
    from linreg_cli.exact import Objects


Matrix: TypeAlias = tuple[tuple[int, ...], ...]

LOG_UNIT_BITS = 64
"""Logarithms of weights are summed in whole units of 2**-64: integers add without error."""


class Moments(Struct, frozen=True, eq=False, kw_only=True):
    """The exact moments of some rows.

    Attributes
    ----------
    columns
        Names of the features and, last, of the target.
    decimals
        Decimals of each column: its integers are the numbers times ``10**decimals``.
    rows
        Number of rows.
    matrix
        1 + columns rows of as many integers, symmetric: the sums of the products of two columns,
        where column 0 is the constant 1. With weights, each row's products are multiplied by its
        weight.
    minimum, maximum
        The range of each column, as integers; empty if there is no row.
    outer_minimum, outer_maximum
        Names of columns whose minimum or maximum is only a bound, because rows with this value
        were removed.
    weights
        The name of the column of weights; empty if every row weighs 1.
    weight_decimals
        Decimals of the weights, which every moment has in addition to those of its columns.
    log_weights
        The sum of the natural logarithms of the weights, in units of 2**-64.
    terms
        The terms of the columns that are indicators of levels, or products with one. Two moments
        with other levels can be added: a column that one lacks is 0 in all of its rows.
    fourth
        The sums of the products of up to four columns, as `fourth_sums` has them; None if they
        were not added up.

    """

    columns: tuple[str, ...]
    decimals: tuple[int, ...]
    rows: int
    matrix: Matrix
    minimum: tuple[int, ...]
    maximum: tuple[int, ...]
    outer_minimum: frozenset[str] = frozenset()
    outer_maximum: frozenset[str] = frozenset()
    weights: str = ""
    weight_decimals: int = 0
    log_weights: int = 0
    terms: "Mapping[str, Term]" = field(default_factory=dict)
    fourth: "Objects | None" = None

    @classmethod
    def none(cls, columns: Sequence[str], weights: str = "") -> Self:
        """Return the moments of no rows."""
        size = len(columns)
        return cls(
            columns=tuple(columns),
            decimals=(0,) * size,
            rows=0,
            matrix=((0,) * (1 + size),) * (1 + size),
            minimum=(),
            maximum=(),
            weights=weights,
        )

    def moment(self, i: int, j: int) -> "fmpq":
        """Return Σw·ab for two columns, in the product of their units; column 0 is all ones."""
        from flint import fmpq

        decimals = (0, *self.decimals)
        return fmpq(self.matrix[i][j], 10 ** (self.weight_decimals + decimals[i] + decimals[j]))

    @property
    def total_weight(self) -> "fmpq":
        """The sum of the weights: the number of rows if every row weighs 1."""
        return self.moment(0, 0)

    def products(self, i: int, j: int, *, has_intercept: bool) -> "fmpq":
        """Return Σw·(a - ā)(b - b̄) for two columns, counted from 1; Σw·ab without intercept."""
        if not has_intercept:
            return self.moment(i, j)
        return self.moment(i, j) - self.moment(0, i) * self.moment(0, j) / self.total_weight

    def __add__(self, other: Self) -> Self:
        """Return the moments of both sets of rows."""
        a, b = self._united(other)
        return replace(
            a,
            rows=a.rows + b.rows,
            matrix=_each(add, a.matrix, b.matrix),
            log_weights=a.log_weights + b.log_weights,
            fourth=_combined(a, b, add),
            minimum=tuple(map(min, a.minimum, b.minimum)) or a.minimum or b.minimum,
            maximum=tuple(map(max, a.maximum, b.maximum)) or a.maximum or b.maximum,
            outer_minimum=_outer(a.columns, a.minimum, a.outer_minimum, b.minimum, b.outer_minimum),
            outer_maximum=_outer(
                a.columns,
                [-value for value in a.maximum],
                a.outer_maximum,
                [-value for value in b.maximum],
                b.outer_maximum,
            ),
        )

    def __sub__(self, other: Self) -> Self:
        """Return the moments without some rows; where these had an extreme, it becomes a bound."""
        a, b = self._united(other)
        ends = list(zip(a.columns, a.minimum, b.minimum, a.maximum, b.maximum, strict=False))
        return replace(
            a,
            rows=a.rows - b.rows,
            matrix=_each(sub, a.matrix, b.matrix),
            log_weights=a.log_weights - b.log_weights,
            fourth=_combined(a, b, sub),
            outer_minimum=a.outer_minimum | {name for name, low, out, _, _ in ends if out <= low},
            outer_maximum=a.outer_maximum | {name for name, _, _, high, out in ends if out >= high},
        )

    def select(self, columns: Sequence[str]) -> Self:
        """Return the moments of some of the columns, in the order of `columns`."""
        places = [self.columns.index(name) for name in columns]
        both = [0, *(place + 1 for place in places)]
        return replace(
            self,
            columns=tuple(columns),
            decimals=tuple(self.decimals[j] for j in places),
            matrix=tuple(tuple(self.matrix[i][j] for j in both) for i in both),
            minimum=tuple(self.minimum[j] for j in places if self.minimum),
            maximum=tuple(self.maximum[j] for j in places if self.maximum),
            outer_minimum=self.outer_minimum & set(columns),
            outer_maximum=self.outer_maximum & set(columns),
            terms={name: term for name, term in self.terms.items() if name in columns},
            fourth=self._with_fourth("chosen", len(self.matrix), both),
        )

    def with_zeros(self, columns: Sequence[str], terms: "Mapping[str, Term]") -> Self:
        """Return the moments of `columns`, where each that these moments lack is 0 in all rows."""
        if self.columns == tuple(columns):
            return self
        place = {name: j for j, name in enumerate(columns, start=1)}
        places = [0, *(place[name] for name in self.columns)]
        size = 1 + len(columns)
        matrix = [(0,) * size] * size
        for i, row in zip(places, self.matrix, strict=True):
            matrix[i] = _placed(row, places, size)
        decimals, low, high = (
            _placed((0, *values), places[: 1 + len(values)], size)[1:]
            for values in (self.decimals, self.minimum, self.maximum)
        )
        return replace(
            self,
            columns=tuple(columns),
            decimals=decimals,
            matrix=tuple(matrix),
            minimum=low if self.rows else (),
            maximum=high if self.rows else (),
            terms=terms,
            fourth=self._with_fourth("spread", places, size),
        )

    def __eq__(self, other: object) -> bool:
        """Return whether two moments are equal as numbers, whatever their decimals."""
        if not isinstance(other, Moments) or self.columns != other.columns:
            return NotImplemented
        a, b = self._aligned(other)
        return (
            (a.rows, a.matrix, a.minimum, a.maximum, a.weights, a.log_weights)
            == (b.rows, b.matrix, b.minimum, b.maximum, b.weights, b.log_weights)
            and (a.outer_minimum, a.outer_maximum) == (b.outer_minimum, b.outer_maximum)
            and (
                a.fourth is b.fourth
                if a.fourth is None or b.fourth is None
                else a.fourth.tolist() == b.fourth.tolist()
            )
        )

    __hash__ = None  # type: ignore[assignment]  # holds a mapping

    def simplest(self) -> Self:
        """Return the same moments with as few decimals as possible: equal moments get one form.

        A column keeps the decimals that its own moments and range need. If a product of two
        columns needs more, the later of them keeps these.
        """
        if not self.weight_decimals and self._needs_all_decimals():
            return self
        matrix = self.matrix
        old = (0, *self.decimals)

        def needed(i: int, j: int) -> int:
            return shortest(matrix[i][j], self.weight_decimals + old[i] + old[j]).decimals

        weight_decimals = needed(0, 0)
        new = [0]
        for j in range(1, len(old)):
            bounds = [values[j - 1] for values in (self.minimum, self.maximum) if values]
            least = max([0, *(shortest(bound, old[j]).decimals for bound in bounds)])
            least = max(least, needed(0, j) - weight_decimals)
            least = max(least, (needed(j, j) - weight_decimals + 1) // 2)
            pairs = (needed(i, j) - weight_decimals - new[i] for i in range(1, j))
            new.append(max([least, *pairs]))
        if self.fourth is not None:
            from linreg_cli.moments import fourth_sums

            new = fourth_sums.enough_decimals(self.fourth, old, new)
        return self._rewritten(new[1:], weight_decimals)

    def _needs_all_decimals(self) -> bool:
        """Return whether the sum or an end of each column shows that it needs its decimals."""
        sums, low, high = self.matrix[0], self.minimum, self.maximum
        for j, decimals in enumerate(self.decimals):
            if decimals and not sums[1 + j] % 10 and not (low and (low[j] % 10 or high[j] % 10)):
                return False
        return True

    def _with_fourth(
        self, change: Literal["chosen", "spread", "rewritten"], *arguments: Sequence[int] | int
    ) -> "Objects | None":
        """Return the sums of products of four columns, if there are any, changed by a function."""
        if self.fourth is None:
            return None
        from linreg_cli.moments import fourth_sums  # which needs NumPy

        changed: Objects = getattr(fourth_sums, change)(self.fourth, *arguments)
        return changed

    def with_decimals(self, decimals: Sequence[int]) -> Self:
        """Return the same moments with other decimals, which must be enough."""
        return self._rewritten(decimals, self.weight_decimals)

    def _united(self, other: Self) -> tuple[Self, Self]:
        """Return both moments with the same columns and the same decimals."""
        if self.columns == other.columns:
            return self._aligned(other)
        new = [name for name in other.columns if name not in self.columns and name in other.terms]
        columns = (*self.columns[:-1], *new, self.columns[-1])
        terms = {**self.terms, **other.terms}
        a, b = (each.with_zeros(columns, terms) for each in (self, other))
        return a._aligned(b)  # noqa: SLF001 - of the same class

    def _aligned(self, other: Self) -> tuple[Self, Self]:
        decimals = list(map(max, self.decimals, other.decimals))
        weight_decimals = max(self.weight_decimals, other.weight_decimals)
        return (
            self._rewritten(decimals, weight_decimals),
            other._rewritten(decimals, weight_decimals),
        )

    def _rewritten(self, decimals: Sequence[int], weight_decimals: int) -> Self:
        """Return the same moments with other decimals, which must be enough."""
        shifts = [new - old for new, old in zip(decimals, self.decimals, strict=True)]
        if not any(shifts) and weight_decimals == self.weight_decimals:
            return self
        more = weight_decimals - self.weight_decimals
        both = (0, *shifts)
        return replace(
            self,
            decimals=tuple(decimals),
            weight_decimals=weight_decimals,
            matrix=tuple(
                _shift(row, [more + shift + other for other in both])
                for row, shift in zip(self.matrix, both, strict=True)
            ),
            minimum=_shift(self.minimum, shifts),
            maximum=_shift(self.maximum, shifts),
            fourth=self._with_fourth("rewritten", both),
        )


def _combined(
    a: Moments,
    b: Moments,
    combine: "Callable[[Objects, Objects], Objects]",
) -> "Objects | None":
    """Return the sums of products of four columns of both; None if some rows have none."""
    if not a.rows or not b.rows:
        return a.fourth if a.rows else b.fourth
    if a.fourth is None or b.fourth is None:
        return None
    return combine(a.fourth, b.fourth)


def as_matrix(array: "Objects") -> Matrix:
    """Return an array of Python integers as a matrix of moments."""
    return tuple(map(tuple, array.tolist()))


def symmetric(lower: Sequence[Sequence[int]]) -> Matrix:
    """Return the symmetric matrix with a lower triangle, whose row i has i + 1 integers."""
    size = len(lower)
    return tuple(tuple(lower[max(i, j)][min(i, j)] for j in range(size)) for i in range(size))


def _each(combine: Callable[[int, int], int], a: Matrix, b: Matrix) -> Matrix:
    """Return what becomes of each two integers at the same place."""
    return tuple(tuple(map(combine, *rows)) for rows in zip(a, b, strict=True))


def _placed(values: Sequence[int], places: Sequence[int], size: int) -> tuple[int, ...]:
    """Return as many integers as `size`: the values at their places, and 0 at all others."""
    found = [0] * size
    for place, value in zip(places, values, strict=True):
        found[place] = value
    return tuple(found)


def _outer(
    columns: Sequence[str],
    ends: Sequence[int],
    outer: frozenset[str],
    other_ends: Sequence[int],
    other_outer: frozenset[str],
) -> frozenset[str]:
    """Return the columns whose merged minimum is only a bound: no exact minimum is as low."""
    if not ends or not other_ends:
        return outer | other_outer
    return frozenset(
        name
        for name, end, other in zip(columns, ends, other_ends, strict=True)
        if (end > other or name in outer) and (other > end or name in other_outer)
    )


def _shift(integers: Sequence[int], exponents: Sequence[int]) -> tuple[int, ...]:
    """Return integers times powers of ten; negative powers divide them without remainder."""
    return tuple(
        value * power_of_ten(exponent) if exponent >= 0 else value // power_of_ten(-exponent)
        for value, exponent in zip(integers, exponents, strict=False)  # empty if there is no row
    )
