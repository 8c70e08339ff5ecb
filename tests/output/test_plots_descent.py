"""The loss and its surface, walked again from a model, against the textbook's loop."""

from typing import Any

import numpy as np
import pytest

from linreg_cli.errors import FitError, UsageError
from linreg_cli.model.model import Model
from linreg_cli.model.settings import Settings
from linreg_cli.moments.split import SplitMoments
from linreg_cli.output.plots.loss_plot import loss_picture
from linreg_cli.output.plots.picture import Curve, Dots, Panel, Role
from linreg_cli.output.plots.retrace import retrace
from linreg_cli.output.plots.surface_plot import CONTOURS, RATIO, surface_picture
from linreg_cli.training import descended_model, prepare_descent, run_descent, set_up
from tests.models import Rows, learn, plain_moments
from tests.oracles import textbook_descent
from tests.references import Floats

ROWS: Rows = [("1", "3"), ("2", "4.5"), ("3", "8"), ("5", "9.5")]
TEST: Rows = [("4", "8"), ("6", "14")]
TWO: Rows = [("1", "0.5", "3"), ("2", "1", "4"), ("3", "0", "8"), ("0.5", "2", "1")]
RATE = 0.05


def trained(rows: Rows, *, test: Rows = (), **asked: Any) -> Model:
    settings = Settings(**{"learning_rate": RATE, "scale": False, "epochs": 60} | asked)
    data = SplitMoments(moments=plain_moments(rows), test=plain_moments(test) if test else None)
    problem = set_up(data, settings)
    descent = prepare_descent(problem)
    return descended_model(problem, descent, run_descent(descent, lambda _: None))


def arrays(rows: Rows, *, has_intercept: bool = True) -> tuple[Floats, Floats]:
    table = np.array(rows, dtype=np.float64)
    X = table[:, :-1]
    return np.column_stack([np.ones(len(X)), X]) if has_intercept else X, table[:, -1]


def least_squares(rows: Rows) -> Floats:
    X, y = arrays(rows)
    return np.linalg.lstsq(X, y, rcond=None)[0].astype(np.float64)


def loss_of(rows: Rows, weights: Floats, *, has_intercept: bool = True) -> Floats:
    X, y = arrays(rows, has_intercept=has_intercept)
    return np.asarray(np.mean((weights @ X.T - y) ** 2, axis=-1))


def curves(panel: Panel, role: Role) -> list[Curve]:
    return [each for each in panel.layers if isinstance(each, Curve) and each.role is role]


def test_the_loss_of_every_epoch_is_that_of_the_textbook() -> None:
    X, y = arrays(ROWS)
    walked = np.array(textbook_descent(X, y, learning_rate=RATE, epochs=60))
    (panel,) = loss_picture(trained(ROWS, test=TEST, test_fraction=0.25)).panels
    (train,), (test,) = curves(panel, Role.LOSS), curves(panel, Role.TEST_LOSS)
    numbers = train.x.astype(int)
    assert numbers.tolist()[:51] == list(range(51))
    assert numbers[-1] == 60
    np.testing.assert_allclose(train.y, loss_of(ROWS, walked)[numbers], rtol=1e-9)
    np.testing.assert_allclose(test.y, loss_of(TEST, walked)[numbers], rtol=1e-9)
    (best,) = curves(panel, Role.REFERENCE)
    np.testing.assert_allclose(best.y, loss_of(ROWS, least_squares(ROWS)), rtol=1e-12)
    assert (panel.x.scale, panel.y.scale) == ("from zero", "log")


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"scale": True, "learning_rate": "auto", "epochs": 5000},
        {"start": "random", "seed": 3},
        {"l2": (0.25,)},
        {"intercept": False},
    ],
    ids=str,
)
def test_it_is_the_run_that_made_the_model(asked: dict[str, Any]) -> None:
    model = trained(ROWS, **asked)
    (panel,) = loss_picture(model).panels
    (train,) = curves(panel, Role.LOSS)
    walked = dict(zip(train.x.tolist(), train.y.tolist(), strict=True))
    shown = [(number, loss) for number, loss, *_ in model.training.history if number in walked]
    assert len(shown) >= 5
    assert shown[-1][0] == model.training.epochs
    for number, loss in shown:
        assert walked[number] == pytest.approx(loss, rel=1e-9)


def test_an_interrupted_run_ends_where_it_was_interrupted() -> None:
    model = trained(ROWS)
    training = model.training.changed(stopped="interrupted", epochs=7)
    _, _, epochs = retrace(model.changed(training=training))
    assert [epoch.number for epoch in epochs] == list(range(8))


def test_a_long_run_is_thinned_out() -> None:
    _, _, epochs = retrace(trained(ROWS, learning_rate=1e-6, epochs=10**6))
    assert epochs[-1].number == 10**6
    assert len(epochs) < 1000


def test_a_smallest_loss_of_0_is_told_of() -> None:
    picture = loss_picture(trained([("1", "2"), ("2", "4"), ("3", "6")]))
    assert picture.notes == ("the smallest possible loss is 0, which a log scale cannot show",)
    assert curves(picture.panels[0], Role.REFERENCE) == []


def test_a_loss_of_nothing_but_0_is_drawn_on_a_linear_scale() -> None:
    (panel,) = loss_picture(trained([("1", "0"), ("2", "0")])).panels
    assert panel.y.scale == "linear"
    assert curves(panel, Role.LOSS)[0].y.tolist() == [0]


def test_a_model_that_was_solved_has_no_descent() -> None:
    for draw in (loss_picture, surface_picture):
        with pytest.raises(UsageError, match="solved exactly"):
            draw(learn(plain_moments(ROWS)))


@pytest.mark.parametrize("scale", [False, True])
def test_contours_join_weights_of_one_loss(*, scale: bool) -> None:
    model = trained(ROWS, scale=scale)
    panel = surface_picture(model).panels[0]
    best = loss_of(ROWS, least_squares(ROWS))
    start = loss_of(ROWS, np.zeros(2)) - best
    found = curves(panel, Role.CONTOUR)
    assert len(found) == CONTOURS
    for k, line in enumerate(found):
        gap = loss_of(ROWS, np.column_stack([line.y, line.x])) - best
        np.testing.assert_allclose(gap, start / RATIO**k, rtol=1e-7)
    assert (panel.x.label, panel.y.label) == ("m x0", "b")


def test_the_path_is_that_of_the_textbook() -> None:
    (panel,) = surface_picture(trained(ROWS)).panels
    (path,) = curves(panel, Role.PATH)
    walked = np.array(textbook_descent(*arrays(ROWS), learning_rate=RATE, epochs=60))
    np.testing.assert_allclose(path.y[:51], walked[:51, 0], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(path.x[:51], walked[:51, 1], rtol=1e-9, atol=1e-12)
    (optimum,) = (each for each in panel.layers if isinstance(each, Dots))
    found = [optimum.y[0], optimum.x[0]]
    np.testing.assert_allclose(found, least_squares(ROWS), rtol=1e-12)


def test_scaled_features_are_shown_both_ways() -> None:
    columns, scaled = surface_picture(trained(ROWS, scale=True)).panels
    x, y = (np.array(column, dtype=np.float64) for column in zip(*ROWS, strict=True))
    (path,), (seen) = curves(columns, Role.PATH), curves(scaled, Role.PATH)[0]
    # as anybody standardizes: z = (x - mean) / deviation
    np.testing.assert_allclose(seen.x / x.std(), path.x, rtol=1e-12)
    np.testing.assert_allclose(seen.y - seen.x * x.mean() / x.std(), path.y, rtol=0, atol=1e-12)
    assert scaled.has_equal_units
    assert not columns.has_equal_units
    assert y.mean() == pytest.approx(
        next(each for each in scaled.layers if isinstance(each, Dots)).y[0]
    )


def test_two_features_without_intercept_have_a_surface_too() -> None:
    (panel,) = surface_picture(trained(TWO, intercept=False)).panels
    assert (panel.x.label, panel.y.label) == ("m x0", "m x1")
    outermost = curves(panel, Role.CONTOUR)[0]
    weights = np.column_stack([outermost.x, outermost.y])
    losses = loss_of(TWO, weights, has_intercept=False)
    np.testing.assert_allclose(losses, loss_of(TWO, np.zeros(2), has_intercept=False), rtol=1e-9)


@pytest.mark.parametrize(("rows", "intercept", "count"), [(TWO, True, 3), (ROWS, False, 1)])
def test_a_surface_needs_two_weights(rows: Rows, intercept: bool, count: int) -> None:  # noqa: FBT001  # a column of the table
    with pytest.raises(UsageError, match=f"two weights; the model has {count}"):
        surface_picture(trained(rows, intercept=intercept))


def test_a_surface_needs_one_lowest_point() -> None:
    with pytest.raises(FitError, match="column 'x0' is constant"):
        surface_picture(trained([("1", "2"), ("1", "3")]))
