"""What the tests have in common: data written as text, and Hypothesis strategies."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
from hypothesis import settings, strategies as st

from linreg_cli.exact.arrays import Integers
from linreg_cli.exact.block import Block
from linreg_cli.moments.moments import Moments
from linreg_cli.moments.summation import Summation
from tests.profiles import EXAMPLES


def examples(number: int) -> settings:
    """Let a test have this many examples, or fewer in the proportion of the profile."""
    return settings(max_examples=number * settings().max_examples // EXAMPLES)


def add_rows(summation: Summation, block: Block, weights: Block | None = None) -> None:
    """Add the rows of a block; the weights are a block of one column."""
    summation.take(summation.prepare(block, weights))


def sum_block(columns: Sequence[str], block: Block) -> Moments:
    """Return the moments of the rows of a block."""
    summation = Summation(columns)
    add_rows(summation, block)
    return summation.total()


LARGEST = 10**18 - 1
"""The largest integer of a block of int64."""
LIMB_EDGES = [
    sign * (2**bits + step)
    for bits in (24, 47, 48, 53, 59)
    for step in (-1, 0, 1)
    for sign in (1, -1)
]

SMALL = st.integers(-40, 40)
CELLS = st.one_of(
    SMALL, st.sampled_from([*LIMB_EDGES, LARGEST, -LARGEST]), st.integers(-LARGEST, LARGEST)
)
"""Integers of a block of int64, with the edges of limbs."""
LONG_CELLS = st.one_of(CELLS, st.integers(-(10**40), 10**40))
"""Integers of a block of objects."""
FLOATS = st.floats(allow_nan=False, allow_infinity=False)

DIGITS = st.text("0123456789", min_size=1, max_size=25)
NUMBER_TEXTS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "-", "+"]),
    st.one_of(
        DIGITS,
        st.builds("{}.".format, DIGITS),
        st.builds(".{}".format, DIGITS),
        st.builds("{}.{}".format, DIGITS, DIGITS),
    ),
    st.one_of(st.just(""), st.builds("{}{}".format, st.sampled_from("eE"), st.integers(-250, 250))),
)
"""Numbers as a CSV file may write them, all within the range of float64."""


def as_integers(rows: Sequence[Sequence[int]]) -> Integers:
    """Return int64 where every integer has at most 18 digits, else objects."""
    fits = all(abs(value) <= LARGEST for row in rows for value in row)
    return np.array(rows, dtype=np.int64) if fits else np.array(rows, dtype=np.object_)


def block_of(rows: Sequence[Sequence[str]]) -> Block:
    """Make a block of numbers as written, by way of Python's decimals, not of our reader."""
    columns = []
    decimals = []
    for column in zip(*rows, strict=True):
        numbers = [Fraction(Decimal(text)) for text in column]
        exponents = [Decimal(text).as_tuple().exponent for text in column]
        places = max(0, *(-exponent for exponent in exponents if isinstance(exponent, int)))
        columns.append([int(number * 10**places) for number in numbers])
        decimals.append(places)
    return Block(values=as_integers(list(zip(*columns, strict=True))), decimals=tuple(decimals))


def moments_of(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> Moments:
    """Sum rows of numbers as written."""
    return sum_block(columns, block_of(rows))


def fractions_of(block: Block) -> list[list[Fraction]]:
    """Return the numbers of a block, row by row."""
    return [
        [Fraction(value, 10**places) for value, places in zip(row, block.decimals, strict=True)]
        for row in block.values.tolist()
    ]


@dataclass(frozen=True)
class Problem:
    """Rows to fit, and what the oracles need of them."""

    block: Block
    has_intercept: bool

    @property
    def columns(self) -> tuple[str, ...]:
        """The names x0, x1 ... and y."""
        features = self.block.values.shape[1] - 1
        return (*(f"x{j}" for j in range(features)), "y")

    @property
    def moments(self) -> Moments:
        """The sums of the rows."""
        return sum_block(self.columns, self.block)

    @property
    def X(self) -> list[list[Fraction]]:  # noqa: N802 - the field's name for the matrix
        """The rows of the design matrix."""
        ones = [Fraction(1)] * self.has_intercept
        return [[*ones, *row[:-1]] for row in fractions_of(self.block)]

    @property
    def y(self) -> list[Fraction]:
        """The target."""
        return [row[-1] for row in fractions_of(self.block)]


@st.composite
def blocks(
    draw: st.DrawFn,
    *,
    columns: int = 2,
    cells: st.SearchStrategy[int] = CELLS,
    min_rows: int = 1,
    max_rows: int = 8,
) -> Block:
    """Make blocks of some columns, each with 0 to 3 decimals."""
    row = st.lists(cells, min_size=columns, max_size=columns)
    rows = draw(st.lists(row, min_size=min_rows, max_size=max_rows))
    places = draw(st.lists(st.integers(0, 3), min_size=columns, max_size=columns))
    return Block(values=as_integers(rows).reshape(len(rows), columns), decimals=tuple(places))


@st.composite
def problems(
    draw: st.DrawFn,
    *,
    cells: st.SearchStrategy[int] = SMALL,
    max_features: int = 3,
    max_rows: int = 7,
) -> Problem:
    """Make rows to fit, some with a constant feature or one that is a combination of others."""
    n_rows = draw(st.integers(1, max_rows))
    features: list[list[int]] = []
    for _ in range(draw(st.integers(1, max_features))):
        kind = draw(st.sampled_from(["free", "free", "free", "constant", "combination"]))
        column = [draw(SMALL)] * n_rows if kind != "free" else _column(draw, cells, n_rows)
        if kind == "combination":
            for other in features:
                factor = draw(st.integers(-2, 2))
                column = [a + factor * b for a, b in zip(column, other, strict=True)]
        features.append(column)
    rows = list(zip(*features, _column(draw, cells, n_rows), strict=True))
    size = len(features) + 1
    places = draw(st.lists(st.integers(0, 3), min_size=size, max_size=size))
    block = Block(values=as_integers(rows), decimals=tuple(places))
    return Problem(block, has_intercept=draw(st.booleans()))


def _column(draw: st.DrawFn, cells: st.SearchStrategy[int], n_rows: int) -> list[int]:
    return draw(st.lists(cells, min_size=n_rows, max_size=n_rows))
