"""Points as layers of a picture."""

import numpy as np

from linreg_cli.plots.picture import Density, Dots, Role
from linreg_cli.plots.points import layers_of
from linreg_cli.sampling import Cloud
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
