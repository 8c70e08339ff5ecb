"""Merging moments, and removing rows, as properties of small data."""

import json
from typing import Literal

import numpy as np
import pytest
from hypothesis import assume, given, strategies as st

from linreg_cli.errors import FitError, LinregError
from linreg_cli.model.model import Model
from linreg_cli.model.settings import Settings
from linreg_cli.moments.possible import can_be_moments, have_possible_logarithms, have_square_root
from linreg_cli.moments.split import Split, SplitMoments
from linreg_cli.moments.summation import Summation
from linreg_cli.training.make_model import exact_model
from linreg_cli.training.merging import NamedModel, merge_models, merge_settings, remove_rows
from linreg_cli.training.problem import set_up
from tests.model_texts import one_from_json, to_json
from tests.strategies import add_rows, block_of

Rows = list[tuple[str, str, str]]
NUMBERS = st.sampled_from(["-2", "-1.5", "0", "0.25", "1", "3", "10"])
ROWS = st.lists(st.tuples(NUMBERS, NUMBERS, st.sampled_from(["0.5", "1", "2"])), max_size=8)

WIDE = NUMBERS | st.sampled_from(["123456789012345678901234567890", "1e-12", "7.50", "-2.5e20"])
WIDE_ROWS = st.lists(st.tuples(WIDE, WIDE, st.sampled_from(["0.5", "1", "2.25"])), max_size=6)


def data_of(rows: Rows, *, is_weighted: bool, folds: int) -> SplitMoments:
    """Return the moments of rows of x, y and weight, by fold."""
    parts = [Summation(["x", "y"], "w" if is_weighted else "") for _ in range(folds)]
    if rows:
        used = [row if is_weighted else row[:2] for row in rows]
        split = Split.of(test_fraction=0, folds=folds if folds > 1 else 0, seed=0)
        for part, number in zip(used, split.assign(block_of(used)).tolist(), strict=True):
            weights = block_of([part[2:]]) if is_weighted else None
            add_rows(parts[number], block_of([part[:2]]), weights)
    moments = [part.total() for part in parts]
    whole = moments[0]
    for other in moments[1:]:
        whole += other
    return SplitMoments(moments=whole, folds=tuple(moments) if folds > 1 else ())


def model_of(data: SplitMoments) -> Model | None:
    settings = Settings(solver="exact", folds=len(data.folds), intercept=False)
    try:
        return exact_model(set_up(data, settings))
    except LinregError:
        return None


@given(
    a=WIDE_ROWS,
    b=WIDE_ROWS,
    c=WIDE_ROWS,
    is_weighted=st.booleans(),
    folds=st.sampled_from([1, 2]),
)
def test_merging_is_training_on_all_rows(
    *, a: Rows, b: Rows, c: Rows, is_weighted: bool, folds: int
) -> None:
    parts = [data_of(rows, is_weighted=is_weighted, folds=folds) for rows in (a, b, c)]
    whole = data_of(a + b + c, is_weighted=is_weighted, folds=folds)
    expected = model_of(whole)
    for merged in (parts[0] + parts[1] + parts[2], parts[2] + (parts[1] + parts[0])):
        found = model_of(merged)
        assert (found and to_json(found)) == (expected and to_json(expected))


@given(a=WIDE_ROWS, b=WIDE_ROWS, is_weighted=st.booleans())
def test_rows_removed_and_added_again_change_nothing(
    *, a: Rows, b: Rows, is_weighted: bool
) -> None:
    kept, moved = (data_of(rows, is_weighted=is_weighted, folds=1) for rows in (a, b))
    both = model_of(kept + moved)
    if both is None:
        return
    rest = data_left(both, moved)
    if rest is None:  # b has all rows, or what is left determines no fit
        assert not a or model_of(kept) is None
        return
    again = model_of(rest.data() + moved)
    assert again is not None
    assert to_json(again) == to_json(both)


def data_left(model: Model, removed: SplitMoments) -> Model | None:
    """Remove rows, and read the model back from its file."""
    try:
        rest = model_of(remove_rows(NamedModel(name="m", model=model), removed))
    except LinregError:
        return None
    return rest and one_from_json(to_json(rest), "rest")


@pytest.mark.slow
@given(a=ROWS, b=ROWS, c=ROWS, is_weighted=st.booleans(), folds=st.sampled_from([1, 2]))
def test_rows_inside_the_range_come_and_go_without_a_trace(
    *, a: Rows, b: Rows, c: Rows, is_weighted: bool, folds: int
) -> None:
    ends = [("-100", "-100", "1"), ("100", "100", "1"), ("-100", "100", "2")] * folds
    seeds = [("-100.5", "-100.5", "1"), ("100.5", "100.5", "2"), ("100.5", "-100.5", "1")]
    kept = data_of([*a, *ends, *seeds, *c], is_weighted=is_weighted, folds=folds)
    more = data_of(b, is_weighted=is_weighted, folds=folds)
    expected = model_of(kept)
    if expected is None or any(not fold.rows for fold in kept.folds):
        return
    both = model_of(kept + more)
    assert both is not None
    rest = model_of(remove_rows(NamedModel(name="both", model=both), more))
    assert rest is not None
    found, wanted = json.loads(to_json(rest)), json.loads(to_json(expected))
    assert found["moments"] == wanted["moments"]
    assert (found["m"], found["training"]) == (wanted["m"], wanted["training"])


@given(ROWS.filter(bool), ROWS.filter(bool))
def test_an_end_of_the_range_is_outer_where_it_may_be_gone(a: Rows, b: Rows) -> None:
    first, second = (data_of(rows, is_weighted=False, folds=1).moments for rows in (a, b))
    rest = first + second - second
    values = {name: [float(row[j]) for row in a] for j, name in enumerate("xy")}
    out = {name: [float(row[j]) for row in b] for j, name in enumerate("xy")}
    for name in "xy":
        assert (name in rest.outer_minimum) == (min(out[name]) <= min(values[name]))
        assert (name in rest.outer_maximum) == (max(out[name]) >= max(values[name]))
    again = rest + second  # which reach as far as the bound where it was outer
    assert again == first + second


@given(a=ROWS.filter(bool), b=ROWS.filter(bool), is_weighted=st.booleans())
def test_moments_of_rows_are_possible(*, a: Rows, b: Rows, is_weighted: bool) -> None:
    first, second = (data_of(rows, is_weighted=is_weighted, folds=1).moments for rows in (a, b))
    for moments in (first, first + second, first + second - second):
        assert have_square_root(moments)
        assert have_possible_logarithms(moments)
        assert can_be_moments(moments)


@given(ROWS.filter(bool), ROWS.filter(bool))
def test_a_square_root_is_what_numpy_says(a: Rows, b: Rows) -> None:
    moments = [data_of(rows, is_weighted=False, folds=1).moments for rows in (a, b)]
    difference = moments[0] - moments[1]
    smallest = np.linalg.eigvalsh(np.array(difference.matrix, np.float64))[0]
    assume(abs(smallest) > 1e-6 * np.abs(np.array(difference.matrix, np.float64)).max())
    assert have_square_root(difference) == (smallest > 0)


@pytest.mark.parametrize("solver", ["exact", "gradient-descent"])
def test_a_negative_loss_is_refused(solver: Literal["exact", "gradient-descent"]) -> None:
    grid = [(u, v, u + 2 * v + (5 * u + v) % 3) for u in range(5) for v in range(5)]
    moments = [Summation(["u", "v", "y"]) for _ in range(2)]
    for summation, rows in zip(moments, (grid, [(1, 1, 8)]), strict=True):
        add_rows(summation, block_of([tuple(map(str, row)) for row in rows]))
    data = SplitMoments(moments=moments[0].total() - moments[1].total())
    with pytest.raises(FitError, match=r"^no rows have these moments$"):
        set_up(data, Settings(solver=solver))


# the model file


def shown(**changes: object) -> Model:
    text = to_json(
        model_of(data_of([("1", "2", "1"), ("3", "5", "1")], is_weighted=False, folds=1))
        or pytest.fail("a fit")
    )
    fields = json.loads(text)
    fields["moments"].update(changes)
    return one_from_json(json.dumps(fields), "model.json")


def test_outer_bounds_are_read_back() -> None:
    model = shown(outer_minimum=["x"], outer_maximum=["x", "y"])
    restored = model.data().moments
    assert restored.outer_minimum == {"x"}
    assert restored.outer_maximum == {"x", "y"}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"outer_minimum": ["z"]}, "'outer_minimum' and 'outer_maximum' name other columns"),
        ({"minimum": ["2", "2"]}, "are not those of any rows"),
        ({"maximum": ["2", "5"]}, "are not those of any rows"),
        ({"sums": ["1", "7"]}, "are not those of any rows"),
        ({"products": [["11"], ["17", "29"]]}, "are not those of any rows"),
    ],
)
def test_moments_that_no_rows_have_are_refused(changes: dict[str, object], problem: str) -> None:
    with pytest.raises(LinregError, match=problem):
        shown(**changes)


# what cannot be


def test_settings_are_those_of_all_models() -> None:
    data = data_of([("1", "2", "1"), ("3", "5", "1")], is_weighted=False, folds=1)
    exact = NamedModel(name="a", model=exact_model(set_up(data, Settings(solver="exact"))))
    ridge = Settings(solver="exact", l2=(2.0,))
    other = NamedModel(name="b", model=exact_model(set_up(data, ridge)))
    assert merge_settings([exact, exact], {}) == Settings(solver="exact")
    assert merge_settings([exact, other], {"l2": (1.0,)}).l2 == (1.0,)
    with pytest.raises(LinregError, match=r"^b was trained with --l2 2\.0, a with --l2 0\.0$"):
        merge_settings([exact, other], {})
    assert merge_models([exact, other]).moments.rows == 4
