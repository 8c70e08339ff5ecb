"""Columns of cells as exact decimals: plain cells all at once, the others one by one."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple, Self, cast

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.exact import (
    MAX_DIGITS_INT64,
    Block,
    ExactDecimal,
    Flags,
    Int64s,
    Integers,
    is_date,
)
from linreg_cli.reading.csv.cell_numbers import is_missing, marker_values, parse_cell
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.csv.grouping import Grouping, grouping_of
from linreg_cli.reading.csv.plain_cells import POWERS_OF_TEN, read_plain_cells

_LIMIT = 10**MAX_DIGITS_INT64


class BadCell(NamedTuple):
    """A cell of a column that is neither a number nor missing, and why."""

    row: int
    text: str
    reason: str


class Texts(Struct, frozen=True):
    """The cells of a column that are text: they are counted, and only the different ones are kept.

    Attributes
    ----------
    is_text
        Which rows have one.
    count
        How many.
    first_row
        The first of them.
    distinct, counts
        The different ones in their order, and how often each occurs. With more than 1000, only
        the first are given, and the counts are too low.
    are_dates
        Whether all of them are dates.

    """

    is_text: Flags
    count: int
    first_row: int
    distinct: tuple[str, ...]
    counts: tuple[int, ...]
    are_dates: bool

    @property
    def first(self) -> BadCell:
        """The first of them."""
        return BadCell(self.first_row, self.distinct[0], "is not a number")


class Numbers(Struct, frozen=True, dict=True):
    """A column of numbers: that of row i is ``integers[i] / 10**decimals[i]``.

    Attributes
    ----------
    integers, decimals
        Each number; 0 where it is missing or bad.
    missing
        Which rows have a missing cell.
    bad
        The bad cells, in the order of the rows.
    texts
        Further bad cells, which are text and were only counted; None for none.

    """

    integers: Integers
    decimals: Int64s
    missing: Flags
    bad: tuple[BadCell, ...] = ()
    texts: Texts | None = None
    has_even_decimals: bool = False
    """Whether it is known that all have the same decimals, perhaps more than as written."""
    written_grouping: Grouping | None = None
    """The grouping of the numbers as written, where their decimals do not say it."""

    @property
    def bad_count(self) -> int:
        """How many cells are bad."""
        return len(self.bad) + (self.texts.count if self.texts else 0)

    @property
    def first_bad(self) -> BadCell | None:
        """The first bad cell, if there is one."""
        firsts = [*self.bad[:1], *([self.texts.first] if self.texts else [])]
        return min(firsts, key=lambda cell: cell.row, default=None)

    @property
    def bad_texts(self) -> Iterable[tuple[str, int]]:
        """Texts of the bad cells with counts; a text may occur several times."""
        texts = zip(self.texts.distinct, self.texts.counts, strict=True) if self.texts else ()
        return chain(((cell.text, 1) for cell in self.bad), texts)

    @property
    def are_dates(self) -> bool:
        """Whether all bad cells are dates."""
        are_others = self.texts is None or self.texts.are_dates
        return are_others and all(is_date(cell.text) for cell in self.bad)

    @cached_property
    def is_number(self) -> Flags:
        """Which rows have a number."""
        flags = ~self.missing
        flags[[cell.row for cell in self.bad]] = False
        return flags & ~self.texts.is_text if self.texts else flags

    def grouping(self, rows: Flags | None = None) -> Grouping:
        """Return the grouping of the numbers, or of those in the flagged rows."""
        if self.written_grouping is not None:
            return self.written_grouping
        are_wanted = self.is_number if rows is None else self.is_number & rows
        return grouping_of(self.integers[are_wanted], self.decimals[are_wanted])

    def where(self, rows: Flags) -> Self:
        """Return the flagged rows of a column without texts that were only counted."""
        places = np.cumsum(rows) - 1
        bad = (cell._replace(row=int(places[cell.row])) for cell in self.bad if rows[cell.row])
        return replace(
            self,
            integers=self.integers[rows],
            decimals=self.decimals[rows],
            missing=self.missing[rows],
            bad=tuple(bad),
        )

    def without(self, marker: ExactDecimal) -> Self:
        """Return the column in which cells of this value, in its shortest form, are missing."""
        found = self.is_number & are_equal(self.integers, self.decimals, marker)
        if not found.any():
            return self
        return replace(
            self,
            integers=np.where(found, 0, self.integers),
            decimals=np.where(found, 0, self.decimals),
            missing=self.missing | found,
        )


def are_equal(integers: Integers, places: Int64s, number: ExactDecimal) -> Flags:
    """Return which of ``integers / 10**places`` are the number, given in its shortest form."""
    found = np.zeros(len(integers), np.bool_)
    for count in np.unique(places).tolist():
        if count >= number.decimals:
            same = integers == number.integer * 10 ** (count - number.decimals)
            found |= same.astype(np.bool_) & (places == count)
    return found


def read_numbers(cells: Sequence[str], options: CsvOptions) -> Numbers:
    """Read a column of cells, none of which holds a NUL."""
    plain = read_plain_cells(cells, options.decimal)
    missing = np.zeros(len(cells), np.bool_)
    others: dict[int, ExactDecimal] = {}
    bad = []
    for row in np.flatnonzero(~plain.is_plain).tolist():
        if is_missing(cells[row], options):
            missing[row] = True
            continue
        try:
            others[row] = parse_cell(cells[row], options)
        except ValueError as error:
            bad.append(BadCell(row, cells[row], str(error)))
    integers = _merge(plain.integers, {row: number.integer for row, number in others.items()})
    places = _merge(plain.decimals, {row: number.decimals for row, number in others.items()})
    numbers = Numbers(integers, places.astype(np.int64), missing, tuple(bad))
    for marker in marker_values(options):
        numbers = numbers.without(marker)
    return numbers


def as_block(columns: Iterable[Numbers], rows: Flags) -> Block:
    """Return the flagged rows as a block: all numbers of a column have the same decimals."""
    chosen = [(column.integers[rows], column.decimals[rows]) for column in columns]
    most = [int(places.max(initial=0)) for _, places in chosen]
    aligned = [
        _scale(integers, wanted - places)
        for (integers, places), wanted in zip(chosen, most, strict=True)
    ]
    if not aligned:
        return Block(values=np.zeros((int(rows.sum()), 0), np.int64), decimals=())
    # np.stack returns an array of objects if one column is an array of objects.
    values = cast("Integers", np.stack(aligned, axis=1))
    return Block(values=values, decimals=tuple(most))


def _merge(plain: Int64s, others: dict[int, int]) -> Integers:
    """Return the plain numbers together with those read one by one."""
    if not others:
        return plain
    merged: Integers = plain.copy() if _fit_int64(others.values()) else plain.astype(object)
    merged[list(others)] = list(others.values())
    return merged


def _scale(integers: Integers, exponents: Int64s) -> Integers:
    """Return integer times 10**exponent, in int64 if no result has more than 18 digits."""
    if integers.dtype != object:
        if not exponents.any():
            return integers
        clipped = np.minimum(exponents, MAX_DIGITS_INT64)
        if (np.abs(integers) < POWERS_OF_TEN[MAX_DIGITS_INT64 - clipped]).all():
            return np.multiply(integers, POWERS_OF_TEN[clipped])
    powers = np.array([10**exponent for exponent in exponents.tolist()], object)
    exact: Integers = np.multiply(integers.astype(object), powers)
    return exact.astype(np.int64) if _fit_int64(exact.tolist()) else exact


def _fit_int64(integers: Iterable[int]) -> bool:
    return all(abs(integer) < _LIMIT for integer in integers)
