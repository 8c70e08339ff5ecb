"""The memory that many columns take: long integers and balls are not kept in lists."""

import random
import tracemalloc
from collections.abc import Callable

import pytest
from flint import arb_mat, fmpq

from linreg_cli.exact import factor
from linreg_cli.moments import Moments
from linreg_cli.statistics import nearly_collinear
from tests.models import plain_moments

COLUMNS = 60


def peak(compute: Callable[[], object]) -> int:
    """Return how many bytes Python's objects and NumPy's arrays take at most meanwhile."""
    compute()  # what is imported counts once
    tracemalloc.start()
    compute()
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found


def moments() -> Moments:
    numbers = random.Random(1)  # noqa: S311 - rows of a test
    rows = [
        tuple(str(numbers.randrange(10**12)) for _ in range(COLUMNS + 1))
        for _ in range(COLUMNS + 5)
    ]
    return plain_moments(rows)


@pytest.mark.parametrize("has_intercept", [True, False])
def test_correlations_are_found_row_by_row(*, has_intercept: bool) -> None:
    data = moments()
    assert data.matrix  # it is kept
    used = peak(lambda: nearly_collinear(data, has_intercept=has_intercept))
    assert used < 64 * COLUMNS**2


def test_a_factor_is_found_without_lists_of_its_entries() -> None:
    entries = [[fmpq(1, i + j + 1) + 2 * (i == j) for j in range(COLUMNS)] for i in range(COLUMNS)]
    matrix = arb_mat(entries)
    assert peak(lambda: factor(matrix)) < 16 * COLUMNS**2
