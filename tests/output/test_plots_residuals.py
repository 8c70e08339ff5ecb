"""What the plot of the residuals shows, against the rows and SciPy's normal distribution."""

import numpy as np
import pytest
from scipy import stats

from linreg_cli.exact.block import Block
from linreg_cli.model.model import Model
from linreg_cli.output.cloud import Cloud
from linreg_cli.output.extreme_rows import EXTREMES
from linreg_cli.output.plots.picture import Curve, Density, Dots, Picture
from linreg_cli.output.plots.residual_plot import QUANTILE_BINS, ResidualPlot, quantiles
from tests.models import Rows, learn, plain_moments, weighted_moments
from tests.references import Floats, ols, real_data, wls
from tests.strategies import block_of


def drawn(model: Model, rows: Rows, weights: Floats | None = None) -> Picture:
    plot = ResidualPlot(model)
    block = block_of(rows)
    counts = np.ones(len(rows)) if weights is None else weights
    for part in (slice(None, 4), slice(4, None)):
        seen = Block(values=block.values[part], decimals=block.decimals)
        plot.see(seen, counts[part], np.zeros(len(counts[part]), dtype=bool))
    return plot.picture()


def dots_and_line(picture: Picture, panel: int) -> tuple[Dots, Curve]:
    dots, line = picture.panels[panel].layers
    assert isinstance(dots, Dots)
    assert isinstance(line, Curve)
    return dots, line


def test_residuals_are_target_less_prediction() -> None:
    data = real_data("stackloss")
    picture = drawn(learn(plain_moments(data.rows(), data.columns)), data.rows())
    dots, zero = dots_and_line(picture, 0)
    fitted = ols(data)
    np.testing.assert_allclose(dots.x, fitted.fittedvalues, rtol=1e-9)
    np.testing.assert_allclose(dots.y, fitted.resid, rtol=0, atol=1e-9)
    assert zero.y.tolist() == [0, 0]
    assert picture.panels[0].x.label == "predicted STACKLOSS"


def test_quantiles_stand_against_those_of_the_normal() -> None:
    data = real_data("stackloss")
    picture = drawn(learn(plain_moments(data.rows(), data.columns)), data.rows())
    dots, line = dots_and_line(picture, 1)
    fitted = ols(data)
    n = len(data.y)
    np.testing.assert_allclose(dots.x, stats.norm.ppf((np.arange(n) + 0.5) / n), rtol=1e-12)
    np.testing.assert_allclose(dots.y, np.sort(fitted.resid), rtol=0, atol=1e-9)
    np.testing.assert_allclose(line.y / line.x, np.sqrt(fitted.mse_resid), rtol=1e-9)


def test_residuals_of_weighted_rows_have_one_variance() -> None:
    data = real_data("stackloss")
    texts = data.spread_weights()
    model = learn(weighted_moments(data.rows(), texts, data.columns))
    picture = drawn(model, data.rows(), np.array(list(map(float, texts))))
    dots, _ = dots_and_line(picture, 0)
    np.testing.assert_allclose(dots.y, wls(data).wresid, rtol=0, atol=1e-9)
    assert picture.panels[0].y.label == "residual of STACKLOSS, times √weight"


@pytest.mark.parametrize("name", ["normal", "standard_t", "integers"])
def test_quantiles_of_many_residuals_are_right_to_a_bin(name: str) -> None:
    random = np.random.default_rng(6)
    n = 30_000
    values = {
        "normal": lambda: random.normal(size=n),
        "standard_t": lambda: random.standard_t(3, n),
        "integers": lambda: random.integers(-3, 4, n).astype(np.float64),
    }[name]()
    parts = [
        Cloud.of(part[:, np.newaxis], bins=QUANTILE_BINS) for part in np.array_split(values, 6)
    ]
    cloud = parts[0]
    for part in parts[1:]:
        cloud += part
    normal, found = quantiles(cloud)
    in_order = np.sort(values)
    shares = stats.norm.cdf(normal)
    # the residual that has this share of the others below it
    expected = in_order[np.clip(np.ceil(shares * n - 1e-6).astype(int) - 1, 0, n - 1)]
    assert np.all(np.diff(normal) > 0)
    np.testing.assert_allclose(found, expected, rtol=0, atol=np.ptp(values) / QUANTILE_BINS * 2)
    assert found[:EXTREMES].tolist() == in_order[:EXTREMES].tolist()
    assert found[-EXTREMES:].tolist() == in_order[-EXTREMES:].tolist()


def test_many_equal_residuals_are_no_error() -> None:
    cloud = Cloud.of(np.zeros((5000, 1)), bins=QUANTILE_BINS)
    normal, found = quantiles(cloud)
    assert len(normal) == 2 * EXTREMES
    assert not found.any()


def test_many_rows_are_a_density() -> None:
    rows = [(str(i), str(2 * i + i % 7)) for i in range(5000)]
    picture = drawn(learn(plain_moments(rows)), rows)
    density = picture.panels[0].layers[0]
    assert isinstance(density, Density)
    assert int(density.counts.sum()) == 5000


def test_without_degrees_of_freedom_there_is_no_line_of_the_normal() -> None:
    rows = [("1", "2"), ("2", "5")]
    picture = drawn(learn(plain_moments(rows)), rows)
    assert len(picture.panels[1].layers) == 1
    assert picture.title == ("y: target minus prediction",)
