"""Predictions of rows of many groups at once: those of each group's own plane."""

from collections import Counter
from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import given, strategies as st

from linreg_cli import native
from linreg_cli.design import Key
from linreg_cli.exact import Plane, parse, shortest
from linreg_cli.exact.block import Block
from linreg_cli.exact.plane_values import RowError, predict_block
from linreg_cli.model.grouped_model import Group, GroupedModel
from linreg_cli.model.model import Model
from linreg_cli.model.settings import Settings
from linreg_cli.prediction.group_planes import GroupPlanes
from linreg_cli.prediction.training_range import OutsideCounts
from tests.models import learn, plain_moments
from tests.strategies import CELLS, FLOATS, as_integers

pytestmark = pytest.mark.skipif(not native.IS_AVAILABLE, reason="the extension predicts")

NUMBERS = st.one_of(st.floats(-1e6, 1e6), FLOATS)
CENTERS = st.builds(
    "{}{}".format, st.integers(-(10**12), 10**12), st.sampled_from(["", ".5", ".25", ".125"])
)


def with_plane(
    model: Model, slopes: Sequence[float], value: float, centers: Sequence[str]
) -> Group:
    """Return a group that predicts with a plane, and has the training range of a model."""
    return Group(
        key=(),
        m=dict(zip(model.x, slopes, strict=True)),
        b=0.0,
        center=dict(zip(model.x, centers, strict=True)),
        value_at_center=value,
        training=model.training.result,
        moments=model.moments,
    )


def grouped(groups: Sequence[Group]) -> GroupedModel:
    keyed = [group.changed(key=(f"g{number}",)) for number, group in enumerate(groups)]
    return GroupedModel(
        format="linreg-groups",
        version=1,
        y="y",
        x=("x0", "x1"),
        by=("g",),
        settings=Settings(solver="exact"),
        groups=tuple(keyed),
    )


def trained(low: int, high: int) -> Model:
    """Return a model with values from low to high, in hundredths, in its training range."""
    rows = [(f"{n}e-2", f"{n * n % 7}.5", str(n)) for n in (low, (low + high) // 2, high, high - 1)]
    return learn(plain_moments(rows))


RANGES = [trained(-500, 12), trained(7, 99_999), trained(0, 4)]


@st.composite
def planes(draw: st.DrawFn) -> list[Group]:
    pair = st.tuples(NUMBERS, NUMBERS)
    return [
        with_plane(model, draw(pair), draw(NUMBERS), draw(st.tuples(CENTERS, CENTERS)))
        for model in RANGES
    ]


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    cells = st.one_of(CELLS, st.integers(-1000, 1000))
    rows = draw(st.lists(st.tuples(cells, cells), min_size=1, max_size=70))
    return Block(values=as_integers(rows), decimals=draw(st.tuples(*[st.integers(0, 20)] * 2)))


def own_bits(group: Group, block: Block, row: int) -> str:
    """Return the prediction of a row by its group's own plane, so that every bit tells."""
    assert isinstance(group.m, dict)
    centers = tuple(shortest(*parse(text)) for text in (group.center or {}).values())
    plane = Plane(tuple(group.m.values()), group.value_at_center or 0.0, centers)
    try:
        return float(predict_block(plane, block.rows(slice(row, row + 1)))[0]).hex()
    except RowError:
        return "too large"


@given(planes(), blocks(), st.randoms(use_true_random=False))
def test_each_row_has_the_prediction_of_its_plane(
    groups: list[Group], block: Block, random: Random
) -> None:
    found = GroupPlanes.of(grouped(groups))
    assert found is not None
    choice = [random.randrange(3) for _ in range(len(block.values))]
    keys: list[Key] = [("g2",), ("nowhere",), ("g0",), ("g1",)]
    places = found.find(keys)
    assert places.tolist() == [2, -1, 0, 1]
    own = [own_bits(groups[group], block, row) for row, group in enumerate(choice)]
    try:
        predicted = found.predict(block, np.array(choice, np.int64))
    except RowError:
        assert "too large" in own
        return
    if predicted is not None:
        assert [value.hex() for value in predicted.tolist()] == own


def test_most_rows_are_predicted_at_once() -> None:
    # a guard of the property above: it is not only of blocks that are left to others
    groups = [with_plane(model, (2.0, 0.1), 1.5, ("1.5", "-7")) for model in RANGES]
    found = GroupPlanes.of(grouped(groups))
    assert found is not None
    found.find([("g0",), ("g1",), ("g2",)])
    block = Block(values=as_integers([(25, 3), (10, 4)]), decimals=(1, 0))
    predicted = found.predict(block, np.array([0, 2]))
    assert predicted is not None
    assert predicted.tolist() == [1.5 + 2 * (2.5 - 1.5) + 1.0, 1.5 + 2 * (1 - 1.5) + 1.1]


@given(blocks(), st.randoms(use_true_random=False))
def test_values_outside_are_those_of_each_group(block: Block, random: Random) -> None:
    groups = [with_plane(model, (1.0, 1.0), 0.0, ("0", "0")) for model in RANGES]
    found = GroupPlanes.of(grouped(groups))
    assert found is not None
    places = np.array([random.randrange(3) for _ in range(len(block.values))], np.int64)
    expected = Counter[str]()
    for group, model in enumerate(RANGES):
        counts = OutsideCounts(model)
        counts.count_block(block.rows(places == group))
        expected.update(counts.outside)
    assert +found.count_outside(block, places) == +expected


def test_centers_beyond_int64_are_left_to_others() -> None:
    far = with_plane(RANGES[0], (1.0, 1.0), 0.0, (str(10**18), "0"))
    near = with_plane(RANGES[0], (1.0, 1.0), 0.0, ("0", "0.25"))
    assert GroupPlanes.of(grouped([far, near])) is None


def test_codes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit together"):
        native.extension.predict_by_code(
            np.zeros(1, np.int64), np.ones(1, np.int64), np.ones(1), np.ones(1), np.ones(1)
        )
