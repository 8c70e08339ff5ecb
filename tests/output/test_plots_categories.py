"""What the plot of a fit shows of a category, against statsmodels over the rows."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from linreg_cli.exact import Block
from linreg_cli.model import Model, load_model
from linreg_cli.output.plots import FitPlot
from linreg_cli.output.plots.picture import Band, Curve, Dots, Panel, Role
from tests.commands.category_runs import HOMES, fitted, homes, trained
from tests.conftest import Linreg


def drawn(model: Model, frame: pd.DataFrame, *names: str) -> list[Panel]:
    """Return the panels of a fit with all rows."""
    plot = FitPlot(model, 0.95, names)
    columns = [
        frame[name] if name in frame else frame[name.partition("[")[0]] == name.split("[")[1][:-1]
        for name in (*model.x, model.y)
    ]
    cells = np.array(columns).T.astype(np.int64)
    block = Block(values=cells, decimals=(0,) * len(columns))
    plot.see(block, np.ones(len(frame)), np.zeros(len(frame), np.bool_))
    return list(plot.picture().panels)


def layers(panel: Panel, role: Role) -> list[Any]:
    return [layer for layer in panel.layers if layer.role is role]


@pytest.mark.parametrize(
    ("others", "is_partial", "intercept"),
    [(("-x", "sqft"), True, True), ((), False, True), (("-x", "sqft"), True, False)],
)
def test_a_category_is_columns_of_partial_residuals(
    linreg: Linreg, others: tuple[str, ...], *, is_partial: bool, intercept: bool
) -> None:
    without = () if intercept else ("--no-intercept",)
    trained(linreg, str(HOMES), "--category", "type", *others, "-y", "price", *without)
    frame = homes()
    [panel] = drawn(load_model("model.json"), frame, "type")
    formula = "price ~ C(type)" + (" + sqft" if is_partial else "") + ("" if intercept else " - 1")
    fit = fitted(formula, frame)
    levels = sorted(frame["type"].unique())
    assert panel.x.names == tuple(levels)
    assert (panel.x.label, panel.y.label) == ("type", f"price{' given the others' * is_partial}")

    size, target = (frame["sqft"].mean(), frame["price"].mean()) if intercept else (0.0, 0.0)
    effect = fit.params["sqft"] * (frame["sqft"] - size) if is_partial else 0.0
    center = target if is_partial else 0.0
    [dots] = layers(panel, Role.ROWS)
    assert isinstance(dots, Dots)
    np.testing.assert_array_equal(np.array(levels)[dots.x.astype(int)], frame["type"])
    np.testing.assert_allclose(dots.y, frame["price"] - effect - center, rtol=1e-9, atol=1e-3)

    at = pd.DataFrame({"type": levels, "sqft": size})
    expected = fit.get_prediction(at).summary_frame(alpha=0.05) - center
    curves = layers(panel, Role.LINE)
    assert [curve.label for curve in curves] == ["fit", "", ""]
    for number, curve in enumerate(curves):
        assert isinstance(curve, Curve)
        np.testing.assert_allclose(curve.x, [number - 0.35, number + 0.35])
        np.testing.assert_allclose(curve.y, expected["mean"][number], rtol=1e-9, atol=1e-4)
    for role, kind in ((Role.CONFIDENCE, "mean"), (Role.PREDICTION, "obs")):
        for number, band in enumerate(layers(panel, role)):
            assert isinstance(band, Band)
            ends = expected.loc[number, [f"{kind}_ci_lower", f"{kind}_ci_upper"]]
            np.testing.assert_allclose([band.lower[0], band.upper[1]], ends, rtol=1e-8, atol=1e-3)


def test_each_term_has_a_panel_and_an_indicator_only_if_it_is_named(linreg: Linreg) -> None:
    trained(linreg, str(HOMES), "-x", "sqft", "--category", "type", "-x", "beds", "-y", "price")
    model, frame = load_model("model.json"), homes()
    assert [panel.x.label for panel in drawn(model, frame)] == [
        "sqft given the others", "beds given the others", "type"
    ]  # fmt: skip
    [panel] = drawn(model, frame, "type[Residential]")
    assert panel.x.label == "type[Residential] given the others"


@pytest.mark.parametrize("name", ["p.png", "p.svg"])
def test_the_names_of_levels_stand_below_the_axis(linreg: Linreg, name: str) -> None:
    trained(linreg, str(HOMES), "-x", "sqft", "--category", "type", "-y", "price")
    done = linreg("plot", "model.json", str(HOMES), "-x", "type")
    assert done.status == 0, done.stderr
    names, label, _ = done.stdout.splitlines()[-3:]
    assert names.split() == ["Condo", "Multi_Family", "Residential"]
    assert label.strip() == "type"
    done = linreg("plot", "model.json", str(HOMES), "-x", "type", "-o", name)
    assert (done.status, Path(name).stat().st_size > 1000) == (0, True), done.stderr


def test_many_levels_leave_out_or_cut_names(linreg: Linreg) -> None:
    rows = [f"level$_{'x' * (i % 7)}{i:03},{i % 11}" for i in range(200) for _ in range(2)]
    Path("many.csv").write_text("c,y\n" + "\n".join(rows) + "\n")
    trained(linreg, "many.csv", "--category", "c", "-y", "y")
    done = linreg("plot", "model.json", "many.csv")
    assert done.status == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines[-3]) <= max(map(len, lines[2:-4]))
    assert linreg("plot", "model.json", "many.csv", "-o", "many.png").status == 0


def test_a_category_that_is_not_in_the_model_is_refused(linreg: Linreg) -> None:
    trained(linreg, str(HOMES), "-x", "sqft", "--category", "type", "-y", "price")
    done = linreg("plot", "model.json", str(HOMES), "-x", "tipe")
    assert done.status == 2
    assert done.stderr == (
        "Error: the model has no feature 'tipe'; did you mean 'type'?\n"
        "Hint: Its features are: sqft, type\n"
    )


def test_a_category_in_a_product_has_its_own_panel(linreg: Linreg) -> None:
    trained(linreg, str(HOMES), "--formula", "price ~ sqft*C(type)")
    frame = homes()
    plot = linreg("plot", "model.json", str(HOMES), "-x", "type")
    assert plot.status == 0, plot.stderr
    model = load_model("model.json")
    assert model.known_levels
    assert model.known_levels.labels == (
        "sqft", "type", "sqft:type[Multi_Family]", "sqft:type[Residential]"
    )  # fmt: skip
    fit = fitted("price ~ sqft*C(type)", frame)
    is_multi, is_house = (frame["type"] == each for each in ("Multi_Family", "Residential"))
    parts = {
        "sqft": frame["sqft"],
        "sqft:C(type)[T.Multi_Family]": frame["sqft"] * is_multi,
        "sqft:C(type)[T.Residential]": frame["sqft"] * is_house,
    }
    expected = frame["price"] - frame["price"].mean()
    for name, part in parts.items():
        expected = expected - fit.params[name] * (part - part.mean())
    names = (*model.x, model.y)
    values = {
        "sqft": frame["sqft"],
        "price": frame["price"],
        "type[Multi_Family]": is_multi,
        "type[Residential]": is_house,
        "sqft:type[Multi_Family]": frame["sqft"] * is_multi,
        "sqft:type[Residential]": frame["sqft"] * is_house,
    }
    drawing = FitPlot(model, 0.95, ["type"])
    cells = np.array([values[name] for name in names]).T.astype(np.int64)
    block = Block(values=cells, decimals=(0,) * len(names))
    drawing.see(block, np.ones(len(frame)), np.zeros(len(frame), np.bool_))
    [panel] = drawing.picture().panels
    [dots] = layers(panel, Role.ROWS)
    np.testing.assert_allclose(dots.y, expected, rtol=1e-9, atol=1e-3)
