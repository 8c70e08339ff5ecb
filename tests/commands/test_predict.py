"""linreg predict: typed values, and what the model says of them."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from linreg_cli.model.model_file import load_model
from tests.commands.predict_runs import OUTSIDE, learn_models, predict, rooms, train
from tests.conftest import Linreg, Result
from tests.models import exact_line


@pytest.fixture(autouse=True)
def models(linreg: Linreg, folder: Path) -> None:
    """Put the models of houses and rooms into the folder."""
    learn_models(linreg, folder)


def test_a_value_prints_one_number_and_nothing_else(linreg: Linreg) -> None:
    assert predict(linreg, "model.json 1800") == Result(0, "540000.0\n", "")


def test_two_values_print_two_lines(linreg: Linreg) -> None:
    assert predict(linreg, "model.json 1800 2400").stdout == "540000.0\n720000.0\n"


def test_values_of_several_features_are_in_the_order_of_the_model(linreg: Linreg) -> None:
    assert predict(linreg, "rooms.json 3 2").stdout == f"{rooms('3', '2')!r}\n"
    assert rooms("3", "2") != rooms("2", "3")


@pytest.mark.parametrize("pairs", ["beds=3 baths=2", "baths=2 beds=3", "beds=3.0 baths=+2e0"])
def test_named_values_are_in_any_order(linreg: Linreg, pairs: str) -> None:
    assert predict(linreg, f"rooms.json {pairs}").stdout == f"{rooms('3', '2')!r}\n"


def test_a_name_with_an_equals_sign_is_a_name(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_text("a=b,a,y\n1,2,3\n2,1,5\n3,7,2\n")
    train(linreg, "d.csv --x a=b --x a --y y --solver exact -o d.json")
    assert predict(linreg, "d.json a=2 a=b=1").stdout == predict(linreg, "d.json 1 2").stdout


@pytest.mark.parametrize(
    ("typed", "printed"),
    [("-5", "-1500.0"), ("-1.5e3", "-450000.0"), ("-.5", "-150.0"), ("-- -5", "-1500.0"),
     ("square_feet=-5", "-1500.0"), ("-5 7 -9", "-1500.0\n2100.0\n-2700.0"), ("-5 -q", "-1500.0")],
)  # fmt: skip
def test_negative_numbers_are_values(linreg: Linreg, typed: str, printed: str) -> None:
    assert predict(linreg, f"model.json {typed}").stdout == f"{printed}\n"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [("0", "0.0"), ("-0", "0.0"), ("0.1", "30.0"), ("1e20", "3e+22"), ("1e-10", "3e-08"),
     ("0.0000000000000000001", "3e-17"), ("12345678901234567890", "3.7037036703703703e+21")],
)  # fmt: skip
def test_a_prediction_is_the_shortest_text_of_the_nearest_float(
    linreg: Linreg, typed: str, printed: str
) -> None:
    assert float(printed) == float(300 * Fraction(typed))
    assert predict(linreg, f"model.json {typed}").stdout == f"{printed}\n"


def test_a_prediction_is_rounded_once(linreg: Linreg) -> None:
    # the model must hold 300 and 0.1 as floats; the value is exactly what was typed
    model = json.loads(Path("model.json").read_bytes())
    line = {"m": 0.1, "b": -1e17, "center": {"square_feet": "0"}, "value_at_center": -1e17}
    Path("tenth.json").write_text(json.dumps(model | line))
    for typed in ("1000000000000000003", "1e18", "1000000000000000001.7"):
        expected = float(Fraction(0.1) * Fraction(typed) + Fraction(-1e17))
        assert predict(linreg, f"tenth.json {typed}").stdout == f"{expected!r}\n"
        assert predict(linreg, "tenth.json", f"{typed}\n").stdout == f"{expected!r}\n"


@pytest.mark.parametrize(
    ("typed", "count"),
    [("499.99", "1 value"), ("2500.01", "1 value"), ("-1 600 1e6", "2 values")],
)
def test_values_outside_the_range_of_training_get_one_warning(
    linreg: Linreg, typed: str, count: str
) -> None:
    result = predict(linreg, f"model.json {typed}")
    assert result.stderr == OUTSIDE.format(count)
    assert result.stdout.splitlines() == [
        repr(float(300 * Fraction(text))) for text in typed.split()
    ]


def test_values_at_the_ends_of_the_range_get_no_warning(linreg: Linreg) -> None:
    assert predict(linreg, "model.json 500 2500 500.0 2.5e3").stderr == ""


def test_each_feature_outside_its_range_gets_its_warning(linreg: Linreg) -> None:
    assert predict(linreg, "rooms.json 9 0").stderr == (
        "Warning: beds: 1 value outside the training range 1 to 4\n"
        "Warning: baths: 1 value outside the training range 1 to 4\n"
    )


def test_quiet_leaves_the_warnings(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_text("square_feet\n9999\nNA\n")
    for arguments in ("model.json 9999", "model.json d.csv"):
        told = predict(linreg, arguments).stderr
        assert told.startswith("Warning: ")
        assert predict(linreg, f"{arguments} --quiet").stderr == told


def test_a_loose_tolerance_is_warned_of_beside_an_interval(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_text("x,y\n1,2\n2,5\n4,5\n7,9\n")
    columns = "d.csv --x x --y y -q"
    train(linreg, f"{columns} --tolerance 0.1 -o loose.json")
    assert (
        "intervals are as wide as those of the least-squares fit, but training stopped at the "
        in (predict(linreg, "loose.json 3 --interval 0.95").stderr)
    )
    train(linreg, f"{columns} -o tight.json")
    assert predict(linreg, "tight.json 3 --interval 0.95").stderr == ""


# Models


def test_a_model_of_gradient_descent_predicts_with_its_own_weights(linreg: Linreg) -> None:
    train(linreg, "houses.csv --x square_feet --y price --epochs 3 -o early.json")
    model = json.loads(Path("early.json").read_bytes())
    assert model["m"] == pytest.approx(300 * (1 - 0.5**3), rel=1e-12)
    b, m = exact_line(load_model("early.json"))
    expected = float(m * 1800 + b)
    assert predict(linreg, "early.json 1800").stdout == f"{expected!r}\n"


def test_a_model_of_a_constant_predicts_it(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_text("x,y\n1,5\n2,5\n")
    train(linreg, "d.csv --x x --y y --solver exact -o constant.json")
    assert predict(linreg, "constant.json 1 1.5").stdout == "5.0\n5.0\n"


def test_a_file_with_the_name_of_a_value_is_reached_by_its_path(
    linreg: Linreg, folder: Path
) -> None:
    (folder / "1800").write_text("square_feet\n600\n")
    assert predict(linreg, "model.json 1800").stdout == "540000.0\n"
    assert predict(linreg, "model.json ./1800 --only").stdout == "180000.0\n"
