"""linreg show: figures that are undefined, and collinear columns."""

import pytest

from tests.commands.show_runs import (
    ROOMS,
    as_json,
    exactly,
    figures,
    show,
    train,
    unwrapped,
    weights_of,
)
from tests.conftest import Linreg, Result
from tests.references import real_data


def test_no_degrees_of_freedom_are_said_in_words(linreg: Linreg) -> None:
    exactly(linreg, "a,y\n1,3\n2,5\n", features="a")
    found = as_json(linreg)
    for weight in found["weights"]:
        assert [weight[n] for n in ("standard_error", "t", "p", "p_log10", "lower", "upper")] == [
            None
        ] * 6
    assert [found["f"], found["residual_standard_error"], found["adjusted_r2"]] == [None] * 3
    text = show(linreg)
    assert unwrapped(text).endswith(
        "\n\nNote: as many weights as rows: no degrees of freedom are left, so the "
        "uncertainty of the weights is unknown\n"
    )
    assert weights_of(text)[2] == ["a", "2", *["-"] * 5, "1", "1"]


def test_a_constant_target_has_an_r2_of_null_and_the_reason(linreg: Linreg) -> None:
    exactly(linreg, "a,y\n1,3\n2,3\n5,3\n", features="a")
    assert as_json(linreg)["r2"] is None
    assert figures(show(linreg))["R²"] == "-"
    assert "\nNote: the target is constant: R² is undefined\n" in show(linreg)


@pytest.mark.parametrize(("sign", "t"), [("", "inf"), ("-", "-inf")])
def test_a_perfect_fit_shows_an_infinite_t_and_the_reason(
    linreg: Linreg, sign: str, t: str
) -> None:
    exactly(linreg, f"a,y\n1,{sign}3\n2,{sign}5\n5,{sign}11\n", features="a")
    assert [weight["t"] for weight in as_json(linreg)["weights"]] == [None, None]
    rows = weights_of(show(linreg))[1:]
    assert [row[3] for row in rows] == [t, t]
    assert "\nNote: the fit is perfect: standard errors are 0 and t is infinite\n" in show(linreg)


def test_near_collinear_columns_are_told_with_their_partners(linreg: Linreg) -> None:
    data = real_data("longley")
    data.write("d.csv")
    linreg("train", "d.csv", *data.arguments(), "--solver", "exact", "-q")
    notes = [line for line in unwrapped(show(linreg)).splitlines() if line.startswith("Note: ")]
    assert notes[1].startswith(
        "Note: GNP is nearly a linear combination of other features, mainly "
    )
    assert notes[1].endswith(" (VIF 1789)")
    assert float(figures(show(linreg))["condition number"]) == pytest.approx(110.5442, rel=1e-6)


def test_exactly_collinear_columns_are_told_by_their_equation(linreg: Linreg) -> None:
    train(linreg, "a,b,y\n1,2,3\n2,4,5\n3,6,4\n4,8,1\n", features="a b")
    done = linreg("show", "model.json")
    assert done == Result(
        5,
        "",
        "Error: the weights are not unique: b = 2 * a\nHint: Train without 'b'.\n",
    )


def test_one_feature_is_a_model_like_others(linreg: Linreg) -> None:
    exactly(linreg, ROOMS, features="beds")
    names = [weight["name"] for weight in as_json(linreg)["weights"]]
    assert names == ["(intercept)", "beds"]
