"""Lines in closed form: the groups of the ordinary exact training, to the byte."""

from collections.abc import Sequence
from unittest import mock

import pytest
from hypothesis import example, given, strategies as st

from linreg_cli.model.grouped_model import Group
from linreg_cli.model.settings import Settings
from linreg_cli.moments.split import SplitMoments
from linreg_cli.training import group_fits
from linreg_cli.training.group_fits import train_group
from linreg_cli.training.line_fits import fit_line
from tests.strategies import NUMBER_TEXTS, moments_of

SETTINGS = Settings(solver="exact")
NUMBERS = st.one_of(
    st.integers(-40, 40).map(str),
    st.integers(-(10**18), 10**18).map(str),
    st.decimals(-1000, 1000, places=3).map(str),
    NUMBER_TEXTS,
)
ROWS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=8)


def trained(rows: Sequence[tuple[str, str]], *, is_closed: bool) -> Group:
    data = SplitMoments(moments=moments_of(rows, ("x", "y")))
    if is_closed:
        return train_group(("k",), data, SETTINGS)
    with mock.patch.object(group_fits, "is_line", return_value=False):
        return train_group(("k",), data, SETTINGS)


@given(ROWS)
@example([("5", "1"), ("5", "2")])
@example([("1", "1"), ("2", "2"), ("3", "3")])
@example([("-1", "7"), ("1", "9")])
@example([("1e-200", "1"), ("3e-200", "2")])
@example([("1e200", "1e300"), ("3e200", "-1e300")])
@example([("0.05", "1"), ("0.15", "2"), ("0.25", "3")])
def test_a_line_is_that_of_the_ordinary_training(rows: Sequence[tuple[str, str]]) -> None:
    assert trained(rows, is_closed=True) == trained(rows, is_closed=False)


def test_ordinary_rows_are_fitted_in_closed_form() -> None:
    line = fit_line(moments_of([("1", "2"), ("2", "4"), ("4", "7")], ("x", "y")))
    assert line is not None
    assert (line.m, line.b) == (23 / 14, 1 / 2)  # by hand: D = 14, N = 23


@pytest.mark.parametrize(
    "rows", [[("1", "2")], [("3", "1"), ("3", "2")], [("1e-300", "1"), ("2e-300", "2")]]
)
def test_other_rows_are_left_to_the_ordinary_training(rows: Sequence[tuple[str, str]]) -> None:
    assert fit_line(moments_of(rows, ("x", "y"))) is None
