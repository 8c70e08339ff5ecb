"""The moments in the model file: plain integers, written alike for equal moments."""

from collections.abc import Collection, Sequence
from math import comb
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from msgspec import Meta

from linreg_cli.exact import ExactDecimal
from linreg_cli.model.record import Integer, Record
from linreg_cli.moments import are_possible_in_pairs

if TYPE_CHECKING:  # a prediction for a typed value starts without NumPy
    from linreg_cli.exact import Objects
    from linreg_cli.moments import Matrix, Moments

MAX_DECIMALS = 2000
"""More than any data has (a cell has at most 1000 digits, and 1e-308 is in range)."""

Decimals = Annotated[int, Meta(ge=0, le=MAX_DECIMALS)]


class StoredWeights(Record, frozen=True, kw_only=True):
    """The part of the moments that only weighted rows have."""

    texts: ClassVar[Collection[str]] = ("total", "logarithms")

    column: str
    decimals: Decimals
    total: Integer
    logarithms: Integer


class StoredMoments(Record, frozen=True, kw_only=True):
    """The exact moments of the rows as plain integers; see `linreg_cli.moments.moments.Moments`."""

    texts: ClassVar[Collection[str]] = (
        *("rows", "sums", "products", "minimum", "maximum", "products_of_3", "products_of_4"),
    )

    columns: tuple[str, ...]
    decimals: tuple[Decimals, ...]
    rows: Integer
    sums: tuple[Integer, ...]
    products: tuple[tuple[Integer, ...], ...]
    minimum: tuple[Integer, ...]
    maximum: tuple[Integer, ...]
    outer_minimum: tuple[str, ...] | None = None
    outer_maximum: tuple[str, ...] | None = None
    weights: StoredWeights | None = None
    products_of_3: tuple[Integer, ...] | None = None
    products_of_4: tuple[Integer, ...] | None = None

    def check(self) -> None:
        """Refuse moments that no rows have, as a damaged file may hold them.

        Raises
        ------
        ValueError
            With the first reason.

        """
        size = len(self.columns)
        lists = (self.decimals, self.sums, self.products, self.minimum, self.maximum)
        if any(len(entries) != size for entries in lists):
            raise ValueError(f"the lists must have one entry for each of the {size} columns")
        if any(len(row) != i for i, row in enumerate(self.products, start=1)):
            raise ValueError("'products' must be a lower triangle")
        if self.rows < 1:
            raise ValueError("'rows' must be at least 1")
        if any(low > high for low, high in zip(self.minimum, self.maximum, strict=True)):
            raise ValueError("'minimum' is above 'maximum'")
        outer = {*(self.outer_minimum or ()), *(self.outer_maximum or ())}
        if not outer <= set(self.columns):
            raise ValueError("'outer_minimum' and 'outer_maximum' name other columns")
        if not self._are_possible():
            raise ValueError("'sums' and 'products' are not those of any rows")
        if self.has_fourth or self.products_of_3 is not None:
            self._check_fourth()

    @property
    def has_fourth(self) -> bool:
        """Whether the products of up to four columns were added up."""
        return self.products_of_4 is not None

    def _check_fourth(self) -> None:
        if self.weights:
            raise ValueError("'products_of_4' and 'weights' do not fit together")
        size = len(self.columns)
        wanted = {"products_of_3": comb(size + 2, 3), "products_of_4": comb(size + 3, 4)}
        for name, count in wanted.items():
            if len(getattr(self, name) or ()) != count:
                raise ValueError(f"'{name}' must have {count} entries for {size} columns")
        thirds, fourths = self.products_of_3 or (), self.products_of_4 or ()
        for j, row in enumerate(self.products):
            third, fourth = thirds[-comb(size - j + 2, 3)], fourths[-comb(size - j + 3, 4)]
            square = row[-1]  # Cauchy and Schwarz
            if square**2 > self.rows * fourth or third**2 > square * fourth:
                raise ValueError("'products_of_3' and 'products_of_4' are not those of any rows")

    def _are_possible(self) -> bool:
        total = self.weights.total if self.weights else self.rows
        ranges = list(zip(self.minimum, self.maximum, strict=True))
        return are_possible_in_pairs(total, self.sums, self.products, ranges)

    @classmethod
    def of(cls, moments: "Moments") -> Self:
        """Return the stored form of moments."""
        simple = moments.simplest()
        matrix = simple.matrix
        thirds, fourths = _higher_of(simple)
        return cls(
            columns=simple.columns,
            decimals=simple.decimals,
            rows=simple.rows,
            sums=tuple(matrix[0][1:]),
            products=tuple(tuple(row[1 : i + 1]) for i, row in enumerate(matrix) if i),
            minimum=simple.minimum,
            maximum=simple.maximum,
            outer_minimum=_in_order(simple.columns, simple.outer_minimum),
            outer_maximum=_in_order(simple.columns, simple.outer_maximum),
            weights=StoredWeights(
                column=simple.weights,
                decimals=simple.weight_decimals,
                total=matrix[0][0],
                logarithms=simple.log_weights,
            )
            if simple.weights
            else None,
            products_of_3=thirds,
            products_of_4=fourths,
        )

    def restore(self) -> "Moments":
        """Return the moments."""
        from linreg_cli.moments import Moments, symmetric

        total = self.weights.total if self.weights else self.rows
        rows = zip(self.sums, self.products, strict=True)
        matrix = symmetric([(total,), *((sum_, *row) for sum_, row in rows)])
        return Moments(
            columns=self.columns,
            decimals=self.decimals,
            rows=self.rows,
            matrix=matrix,
            minimum=self.minimum,
            maximum=self.maximum,
            outer_minimum=frozenset(self.outer_minimum or ()),
            outer_maximum=frozenset(self.outer_maximum or ()),
            weights=self.weights.column if self.weights else "",
            weight_decimals=self.weights.decimals if self.weights else 0,
            log_weights=self.weights.logarithms if self.weights else 0,
            fourth=self._fourth(matrix),
        )

    def _fourth(self, matrix: "Matrix") -> "Objects | None":
        """Return the sums of the products of up to four columns, if there are any."""
        if self.products_of_3 is None or self.products_of_4 is None:
            return None
        import numpy as np

        from linreg_cli.moments import fourth_sums

        higher = np.array([*self.products_of_3, *self.products_of_4], np.object_)
        return fourth_sums.with_lower(higher, matrix)

    def range_of(self, column: str) -> tuple[ExactDecimal, ExactDecimal]:
        """Return the smallest and the largest value of a column in the training rows."""
        j = self.columns.index(column)
        return (
            ExactDecimal(self.minimum[j], self.decimals[j]),
            ExactDecimal(self.maximum[j], self.decimals[j]),
        )


def _in_order(columns: Sequence[str], names: Collection[str]) -> tuple[str, ...] | None:
    """Return names in the order of the columns; None for no names, which the file omits."""
    if not names:  # of many groups it is asked twice
        return None
    return tuple(column for column in columns if column in names) or None


def _higher_of(moments: "Moments") -> "tuple[tuple[int, ...] | None, tuple[int, ...] | None]":
    """Return the sums of the products of three columns and of four, if there are any."""
    if moments.fourth is None:
        return None, None
    from linreg_cli.moments import fourth_sums

    thirds, fourths = fourth_sums.higher_of(moments.fourth, len(moments.matrix))
    return tuple(thirds.tolist()), tuple(fourths.tolist())
