"""What the plot of a fit shows, against statsmodels over the rows."""

from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm

from linreg_cli.errors import FitError, UsageError
from linreg_cli.exact.block import Block
from linreg_cli.model.model import Model
from linreg_cli.model.settings import Settings
from linreg_cli.moments.split import SplitMoments
from linreg_cli.output.cloud import MAX_POINTS
from linreg_cli.output.plots.fit_plot import MAX_PANELS, FitPlot
from linreg_cli.output.plots.picture import Band, Curve, Density, Dots, Panel, Picture, Role
from linreg_cli.training import descended_model, prepare_descent, run_descent, set_up
from tests.models import Rows, learn, plain_moments, weighted_moments
from tests.references import Floats, RealData, real_data
from tests.strategies import block_of

SEVERAL = ["stackloss", "longley", "statecrime", "sacramento"]
HOUSES = [("500", "150000"), ("1000", "300000"), ("1500", "450001"), ("2000", "600000")]


def model_of(data: RealData, **asked: Any) -> Model:
    return learn(plain_moments(data.rows(), data.columns), **asked)


def descended(rows: Rows, **asked: Any) -> Model:
    problem = set_up(SplitMoments(moments=plain_moments(rows)), Settings(**asked))
    descent = prepare_descent(problem)
    return descended_model(problem, descent, run_descent(descent, lambda _: None))


def drawn(model: Model, rows: Rows, **asked: Any) -> Picture:
    plot = FitPlot(model, asked.pop("confidence", 0.95), **asked)
    block = block_of(rows)
    # in two parts, as a file is read
    for part in (block.values[:3], block.values[3:]):
        seen = Block(values=part, decimals=block.decimals)
        plot.see(seen, np.ones(len(part)), np.zeros(len(part), dtype=bool))
    return plot.picture()


def layer(panel: Panel, role: Role) -> Any:
    (found,) = (layer for layer in panel.layers if layer.role is role)
    return found


def left_of(y: Floats, others: Floats, weights: Floats | float = 1.0) -> Floats:
    """Return what a regression on other columns leaves, with statsmodels."""
    return np.asarray(y - others @ sm.WLS(y, others, weights=weights).fit().params)


@pytest.mark.parametrize("has_intercept", [True, False])
@pytest.mark.parametrize("name", SEVERAL)
def test_points_are_those_of_the_partial_regression(name: str, *, has_intercept: bool) -> None:
    data = real_data(name)
    picture = drawn(model_of(data, intercept=has_intercept), data.rows())
    assert len(picture.panels) == len(data.features)
    for j, panel in enumerate(picture.panels):
        others = np.delete(data.x, j, axis=1)
        if has_intercept:
            others = np.column_stack([np.ones(len(others)), others])
        dots = layer(panel, Role.ROWS)
        for found, column in ((dots.x, data.x[:, j]), (dots.y, data.y)):
            np.testing.assert_allclose(
                found, left_of(column, others), rtol=0, atol=1e-7 * np.abs(column).max()
            )


def test_points_of_weighted_rows_are_those_of_the_weighted_partial_regression() -> None:
    data = real_data("stackloss")
    weights = data.spread_weights()
    model = learn(weighted_moments(data.rows(), weights, data.columns))
    picture = drawn(model, data.rows())
    others = data.design()[:, [0, 2, 3]]
    dots = layer(picture.panels[0], Role.ROWS)
    expected = left_of(data.x[:, 0], others, np.array(list(map(float, weights))))
    np.testing.assert_allclose(dots.x, expected, rtol=0, atol=1e-9)


def test_with_one_feature_the_points_are_the_rows() -> None:
    picture = drawn(learn(plain_moments(HOUSES, ["size", "price"])), HOUSES)
    dots = layer(picture.panels[0], Role.ROWS)
    assert isinstance(dots, Dots)
    assert dots.x.tolist() == [500, 1000, 1500, 2000]
    assert dots.y.tolist() == [150000, 300000, 450001, 600000]
    assert (picture.panels[0].x.label, picture.panels[0].y.label) == ("size", "price")


@pytest.mark.parametrize("has_intercept", [True, False])
@pytest.mark.parametrize("confidence", [0.5, 0.95])
def test_line_and_bands_are_those_of_statsmodels(confidence: float, *, has_intercept: bool) -> None:
    data = real_data("engel")
    picture = drawn(model_of(data, intercept=has_intercept), data.rows(), confidence=confidence)
    (panel,) = picture.panels
    line = layer(panel, Role.LINE)
    design = np.column_stack([np.ones(len(line.x)), line.x]) if has_intercept else line.x
    fitted = sm.OLS(data.y, data.design(has_intercept=has_intercept)).fit()
    frame = fitted.get_prediction(design).summary_frame(alpha=1 - confidence)
    np.testing.assert_allclose(line.y, frame["mean"], rtol=1e-9)
    for role, name in ((Role.CONFIDENCE, "mean_ci"), (Role.PREDICTION, "obs_ci")):
        band = layer(panel, role)
        assert isinstance(band, Band)
        np.testing.assert_allclose(band.lower, frame[f"{name}_lower"], rtol=1e-8)
        np.testing.assert_allclose(band.upper, frame[f"{name}_upper"], rtol=1e-8)
    assert (line.x[0], line.x[-1]) == (data.x.min(), data.x.max())
    assert layer(panel, Role.CONFIDENCE).label == f"{confidence:.0%} confidence interval"


@pytest.mark.parametrize("name", SEVERAL)
def test_bands_of_a_partial_regression_hold_the_others_at_their_means(name: str) -> None:
    data = real_data(name)
    picture = drawn(model_of(data), data.rows())
    for j, panel in enumerate(picture.panels):
        line, band = layer(panel, Role.LINE), layer(panel, Role.CONFIDENCE)
        rows = np.tile(data.x.mean(axis=0), (len(line.x), 1))
        rows[:, j] += line.x
        design = np.column_stack([np.ones(len(rows)), rows])
        frame = sm.OLS(data.y, data.design()).fit().get_prediction(design).summary_frame(0.05)
        tolerance = 1e-6 * np.abs(data.y).max()
        shift = data.y.mean()
        np.testing.assert_allclose(line.y, frame["mean"] - shift, rtol=0, atol=tolerance)
        np.testing.assert_allclose(
            band.upper, frame["mean_ci_upper"] - shift, rtol=0, atol=tolerance
        )


def test_many_rows_are_a_density_with_the_rows_farthest_off_the_line() -> None:
    random = np.random.default_rng(4)
    x = random.integers(0, 1000, MAX_POINTS + 500)
    y = 3 * x + random.integers(-50, 50, len(x))
    y[77] = 3 * x[77] + 100_000
    rows = list(zip(map(str, x.tolist()), map(str, y.tolist()), strict=True))
    panel = drawn(learn(plain_moments(rows, ["x", "y"])), rows).panels[0]
    density, extremes = layer(panel, Role.DENSITY), layer(panel, Role.EXTREMES)
    assert isinstance(density, Density)
    expected, *_ = np.histogram2d(x, y, bins=[density.x_edges, density.y_edges])
    assert np.array_equal(density.counts, expected)
    assert (float(x[77]), float(y[77])) in zip(
        extremes.x.tolist(), extremes.y.tolist(), strict=True
    )


def test_without_rows_the_line_spans_the_range_of_training() -> None:
    picture = FitPlot(learn(plain_moments(HOUSES, ["size", "price"])), 0.95).picture()
    line = layer(picture.panels[0], Role.LINE)
    assert (line.x[0], line.x[-1]) == (500, 2000)
    assert picture.notes == ("no rows are drawn without DATA: linreg plot MODEL DATA",)
    roles = {layer.role for layer in picture.panels[0].layers}
    assert roles == {Role.LINE, Role.CONFIDENCE, Role.PREDICTION}


def test_few_rows_lie_over_the_line_and_many_below() -> None:
    few = drawn(learn(plain_moments(HOUSES)), HOUSES).panels[0].layers
    assert [layer.role for layer in few][-2:] == [Role.LINE, Role.ROWS]
    data = real_data("engel")
    many = drawn(model_of(data), data.rows()).panels[0].layers
    assert [layer.role for layer in many][-2:] == [Role.ROWS, Role.LINE]


def test_features_can_be_chosen() -> None:
    data = real_data("stackloss")
    picture = drawn(model_of(data), data.rows(), features=["ACIDCONC", "AIRFLOW"])
    assert [panel.x.label.split()[0] for panel in picture.panels] == ["ACIDCONC", "AIRFLOW"]


def test_a_feature_that_the_model_does_not_have_is_refused_with_the_nearest() -> None:
    model = model_of(real_data("stackloss"))
    with pytest.raises(UsageError, match="did you mean 'AIRFLOW'"):
        FitPlot(model, 0.95, ["AIRFLOV"])
    with pytest.raises(UsageError, match="named twice"):
        FitPlot(model, 0.95, ["AIRFLOW", "AIRFLOW"])


def test_more_features_than_have_room_are_cut_with_a_note() -> None:
    random = np.random.default_rng(5)
    rows = [tuple(map(repr, row)) for row in random.normal(size=(60, MAX_PANELS + 2)).tolist()]
    plot = FitPlot(learn(plain_moments(rows)), 0.95)
    picture = plot.picture()
    assert len(picture.panels) == MAX_PANELS
    assert picture.notes[0] == "the first 24 of 25 features are drawn; --x chooses"
    assert picture.title[0].startswith("y = ")
    assert picture.title[0].count(" × x") == 6
    assert " × x5 + ... " in picture.title[0]


def test_a_feature_that_the_others_determine_is_left_out_with_a_note() -> None:
    # the second is twice the first
    rows = [("1", "2", "5", "1"), ("2", "4", "1", "3"), ("3", "6", "2", "2"), ("5", "10", "4", "7")]
    collinear = descended(rows)
    picture = drawn(collinear, rows)
    assert [panel.x.label for panel in picture.panels] == ["x2 given the others"]
    assert "not drawn, since the other features determine them: x0, x1" in picture.notes
    assert any(note.startswith("no interval: ") for note in picture.notes)
    with pytest.raises(FitError, match="the other features determine x0, x1"):
        FitPlot(collinear, 0.95, ["x0", "x1"])


def test_no_bands_without_degrees_of_freedom() -> None:
    picture = drawn(learn(plain_moments(HOUSES[:2])), HOUSES[:2])
    assert [layer.role for layer in picture.panels[0].layers] == [Role.LINE, Role.ROWS]
    assert picture.notes == ("no interval: 2 rows leave no degrees of freedom for 2 weights",)


def test_a_constant_feature_still_has_a_line() -> None:
    rows = [("1", "2"), ("1", "3"), ("1", "7")]
    line = layer(drawn(descended(rows), rows).panels[0], Role.LINE)
    assert isinstance(line, Curve)
    assert line.x[0] < 1 < line.x[-1]
    np.testing.assert_allclose(line.y, 4, rtol=1e-9)


def test_weights_that_are_not_those_of_the_fit_are_told_of() -> None:
    picture = drawn(descended(HOUSES, epochs=3), HOUSES)
    (note,) = picture.notes
    assert note.startswith("the bands are those of the least-squares fit, but training was out of")
    ridge = drawn(learn(plain_moments(HOUSES), l2=(0.5,)), HOUSES)
    assert "ridge penalty, l2 0.5" in ridge.notes[0]


def test_the_title_has_the_equation_and_r2() -> None:
    # slope 30, by hand: y is 30x - 10 exactly
    exact = learn(plain_moments([("1", "20"), ("2", "50"), ("4", "110")], ["size", "price"]))
    assert drawn(exact, [("1", "20")]).title == (
        "price = 30 × size - 10",
        "R² = 1, 3 training rows",
    )


@pytest.mark.parametrize(
    ("rows", "asked", "expected"),
    [
        ([("1", "-2"), ("2", "-4")], {"intercept": False}, "y = -2 × x0"),
        ([("0", "0", "5"), ("1", "0", "4"), ("0", "1", "8")], {}, "y = -1 × x0 + 3 × x1 + 5"),
    ],
)
def test_the_equation_is_written_as_by_hand(
    rows: Rows, asked: dict[str, Any], expected: str
) -> None:
    assert drawn(learn(plain_moments(rows), **asked), rows).title[0] == expected


def test_a_line_spans_the_largest_numbers() -> None:
    rows = [("-1.7e308", "1"), ("0", "2"), ("1.7e308", "3"), ("1", "4")]
    picture = drawn(learn(plain_moments(rows)), rows)
    line = layer(picture.panels[0], Role.LINE)
    assert (line.x[0], line.x[-1]) == (-1.7e308, 1.7e308)
    # by symmetry the slope is 1 / 1.7e308, about the mean of 2.5 at 0.25
    np.testing.assert_allclose(line.y[[0, 50, -1]], [1.5, 2.5, 3.5], rtol=1e-9)
