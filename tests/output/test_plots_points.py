"""Points as layers of a picture."""

import numpy as np

from linreg_cli.output.cloud import Cloud
from linreg_cli.output.plots.picture import Density, Dots, Role
from linreg_cli.output.plots.row_points import RowPoints, layers_of
from tests.references import Floats


def many(count: int) -> Floats:
    return np.random.default_rng(1).normal(size=(count, 2))


def test_few_points_are_drawn_as_dots_and_many_as_a_density() -> None:
    (dots,) = layers_of(Cloud.of(many(5)))
    assert isinstance(dots, Dots)
    assert (dots.role, dots.label) == (Role.ROWS, "5 rows")
    density, extremes = layers_of(Cloud.of(many(5000)))
    assert isinstance(density, Density)
    assert (density.label, int(density.counts.sum())) == ("5,000 rows", 5000)
    assert extremes.role is Role.EXTREMES


def points_of(count: int) -> RowPoints:
    """Collect points in two parts, of which each third row is a test row."""
    points, is_test = many(count), np.arange(count) % 3 == 0
    collected = RowPoints()
    for part in (slice(None, 10), slice(10, None)):
        collected.add(points[part], is_test[part])
    return collected


def test_test_rows_are_a_layer_of_their_own_where_they_are_told() -> None:
    training, test = points_of(30).layers(marks_test=True)
    assert (training.role, training.label) == (Role.ROWS, "20 training rows")
    assert (test.role, test.label) == (Role.TEST_ROWS, "10 test rows")
    assert isinstance(test, Dots)
    assert set(test.x.tolist()) == set(many(30)[::3, 0].tolist())
    (rows,) = points_of(30).layers(marks_test=False)
    assert (rows.role, rows.label) == (Role.ROWS, "30 rows")


def test_a_density_holds_training_and_test_rows() -> None:
    density, _ = points_of(5000).layers(marks_test=True)
    assert isinstance(density, Density)
    assert density.label == "5,000 training and test rows"
    assert int(density.counts.sum()) == 5000
