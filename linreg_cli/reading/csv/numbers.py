"""Columns of cells as exact decimals: plain cells all at once, the others one by one."""

import contextlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import chain
from typing import NamedTuple, Self, cast

import numpy as np

from linreg_cli.exact import (
    MAX_DIGITS_INT64,
    Block,
    ExactDecimal,
    Flags,
    Int64s,
    Integers,
    decimals,
    is_date,
)
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.csv.grouping import Grouping, grouping_of
from linreg_cli.reading.csv.plain_cells import POWERS_OF_TEN, read_plain_cells

_LIMIT = 10**MAX_DIGITS_INT64

_SIGNS = ("+", "-", decimals.MINUS)


class BadCell(NamedTuple):
    """A cell of a column that is neither a number nor missing, and why."""

    row: int
    text: str
    reason: str


@dataclass(frozen=True)
class Texts:
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


@dataclass(frozen=True)
class Numbers:
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


def parse_cell(text: str, options: CsvOptions) -> ExactDecimal:
    """Read one number, written as the options say.

    Raises
    ------
    ValueError
        As `decimals.parse` does, and if the digits are not in groups of thousands.

    """
    text, is_negative = _unwrap(text, options)
    thousands = options.thousands_characters
    if thousands and any(character in text for character in thousands):
        if not _grouped(thousands, options.decimal).match(text):
            raise ValueError("is not a number")
        text = text.translate(dict.fromkeys(map(ord, thousands)))
    # Swap the two characters, so that a point is read as the decimal point only if it is one.
    swapped = text.translate({ord(options.decimal): ".", ord("."): options.decimal})
    number = decimals.parse(swapped)
    return ExactDecimal(-number.integer, number.decimals) if is_negative else number


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


def is_missing(text: str, options: CsvOptions) -> bool:
    """Return whether a cell is a marker of a missing value, such as NA or the empty cell."""
    trimmed = text.strip(decimals.BLANKS)
    stripped = trimmed.strip(options.strip + decimals.BLANKS)
    return options.markers.has(trimmed) or (stripped != "" and options.markers.has(stripped))


@cache
def marker_values(options: CsvOptions) -> tuple[ExactDecimal, ...]:
    """Return the markers of missing cells that are numbers, for all ways to write them."""
    values = []
    for marker in options.markers.added:
        with contextlib.suppress(ValueError):
            number = parse_cell(marker, options)
            values.append(decimals.shortest(number.integer, number.decimals))
    return tuple(values)


def as_block(columns: Iterable[Numbers], rows: Flags) -> Block:
    """Return the flagged rows as a block: all numbers of a column have the same decimals."""
    chosen = [(column.integers[rows], column.decimals[rows]) for column in columns]
    most = [int(places.max(initial=0)) for _, places in chosen]
    aligned = [
        _scale(integers, wanted - places)
        for (integers, places), wanted in zip(chosen, most, strict=True)
    ]
    # np.stack returns an array of objects if one column is an array of objects.
    values = cast("Integers", np.stack(aligned, axis=1))
    return Block(values=values, decimals=tuple(most))


def _unwrap(text: str, options: CsvOptions) -> tuple[str, bool]:
    """Return the text without what may stand around it, and whether the number is negative."""
    edge = options.strip + decimals.BLANKS
    text = text.strip(edge)
    is_negative = False
    if options.accounting:
        inner = text
        if text.startswith("(") and text.endswith(")"):
            inner = text[1:-1].strip(edge)
        elif text.endswith(("-", decimals.MINUS)):
            inner = text[:-1].strip(edge)
        is_negative = inner != text
        if is_negative and inner.startswith(_SIGNS):
            raise ValueError("is not a number")
        text = inner
    if options.strip and text.startswith(_SIGNS):  # -$5
        text = text[0] + text[1:].strip(edge)
    return text, is_negative


@cache
def _grouped(thousands: str, decimal: str) -> re.Pattern[str]:
    """Return a pattern of numbers whose whole part, and nothing else, is in groups of thousands."""
    one = f"[{re.escape(thousands)}]"
    groups = rf"[0-9]{{1,3}}(?:{one}[0-9]{{3}})+"
    if thousands == ",":  # India writes 12,50,000
        groups = rf"(?:{groups}|[0-9]{{1,2}}(?:,[0-9]{{2}})+,[0-9]{{3}})"
    rest = rf"(?:[{re.escape(decimal)}eE][^{re.escape(thousands)}]*)?"
    return re.compile(rf"[+\-{decimals.MINUS}]?{groups}{rest}\Z")


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
