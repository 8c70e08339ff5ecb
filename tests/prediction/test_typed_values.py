"""Values typed at the shell."""

from fractions import Fraction
from pathlib import Path

import pytest

from linreg_cli.errors import UsageError
from linreg_cli.exact.decimals import ExactDecimal
from linreg_cli.model.file_format import FORMAT, VERSION
from linreg_cli.model.model import Model, Training
from linreg_cli.model.settings import Settings
from linreg_cli.model.stored_moments import StoredMoments
from linreg_cli.prediction.prediction_columns import PredictionColumns
from linreg_cli.prediction.training_range import OutsideCounts
from linreg_cli.prediction.typed_values import are_values, predict_values, read_values
from tests.strategies import moments_of

ONE = ["square_feet"]
TWO = ["rooms", "age"]


def usage_error(inputs: list[str], x: list[str]) -> tuple[str, str]:
    with pytest.raises(UsageError) as caught:
        read_values(inputs, x)
    return caught.value.message, caught.value.hint


def model() -> Model:
    moments = moments_of([("500", "1"), ("2500", "2")], ("square_feet", "price"))
    return Model(
        format=FORMAT,
        version=VERSION,
        y="price",
        x=("square_feet",),
        m=0.1,
        b=1e16,
        center={"square_feet": "0"},
        value_at_center=1e16,
        training=Training(settings=Settings(), stopped="exact", loss=0.0, best_loss=0.0),
        moments=StoredMoments.of(moments),
    )


# values or files


@pytest.mark.parametrize("text", ["1800", "-5", "1e6", " 3 ", "1e999", "square_feet=7", "rooms=3"])
def test_numbers_and_pairs_are_values(text: str) -> None:
    assert are_values([text], ONE)


@pytest.mark.parametrize("text", ["new.csv", "-", "./1800.csv", "data/a b.csv", "1800x"])
def test_names_of_files_are_no_values(text: str) -> None:
    assert not are_values([text], ONE)


def test_a_file_whose_name_has_an_equals_sign_is_no_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("year=2024.csv").touch()
    assert not are_values(["year=2024.csv"], ONE)


def test_a_feature_is_named_even_where_a_file_has_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("square_feet=7").touch()
    assert are_values(["square_feet=7"], ONE)


@pytest.mark.parametrize("inputs", [["1800", "new.csv"], ["new.csv", "1800"], ["a=1", "new.csv"]])
def test_values_and_files_do_not_mix(inputs: list[str]) -> None:
    with pytest.raises(UsageError) as caught:
        are_values(inputs, ONE)
    assert caught.value.message == "'new.csv' is not a value, but other inputs are"
    assert caught.value.hint == "Give values or files, not both."


# reading them


def test_with_one_feature_every_number_is_a_row() -> None:
    assert read_values(["1800", "-3.5"], ONE) == [[ExactDecimal(1800, 0)], [ExactDecimal(-35, 1)]]


def test_with_several_features_the_numbers_are_one_row() -> None:
    assert read_values(["3", "0.5"], TWO) == [[ExactDecimal(3, 0), ExactDecimal(5, 1)]]


@pytest.mark.parametrize("inputs", [["age=7", "rooms=3"], ["rooms=3", "age=7"]])
def test_named_values_stand_in_any_order(inputs: list[str]) -> None:
    assert read_values(inputs, TWO) == [[ExactDecimal(3, 0), ExactDecimal(7, 0)]]


def test_the_name_of_a_feature_may_hold_an_equals_sign() -> None:
    assert read_values(["a=b=2", "a=1"], ["a", "a=b"]) == [[ExactDecimal(1, 0), ExactDecimal(2, 0)]]


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (["3"], "got 1 of 2 values"),
        (["3", "4", "5"], "got 3 values for 2 features"),
        (["rooms=3"], "no value for 'age'"),
    ],
)
def test_a_row_has_a_value_for_each_feature(inputs: list[str], message: str) -> None:
    assert usage_error(inputs, TWO) == (message, "The model needs rooms=NUMBER age=NUMBER")


def test_a_name_that_is_no_feature_gets_the_nearest() -> None:
    assert usage_error(["room=3", "age=7"], TWO) == (
        "the model has no feature 'room'; did you mean 'rooms'?",
        "It needs rooms=NUMBER age=NUMBER",
    )


def test_a_name_like_none_is_just_no_feature() -> None:
    assert usage_error(["zzz=3", "age=7"], TWO)[0] == "the model has no feature 'zzz'"


def test_a_feature_given_twice_is_refused() -> None:
    assert usage_error(["rooms=3", "rooms=4", "age=7"], TWO) == (
        "'rooms' is given twice",
        "Give each feature once.",
    )


@pytest.mark.parametrize("inputs", [["rooms=3", "7"], ["7", "rooms=3"]])
def test_values_with_and_without_names_do_not_mix(inputs: list[str]) -> None:
    assert usage_error(inputs, TWO) == (
        "some values have a name and some have none",
        "Type values as rooms=NUMBER age=NUMBER",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("square_feet=many", "square_feet 'many' is not a number"),
        ("square_feet=", "square_feet '' is not a number"),
        ("1e999", "value '1e999' is outside the range of float64"),
        ("square_feet=1e-999", "square_feet '1e-999' is outside the range of float64"),
        ("1" * 1001, f"value '{'1' * 1001}' has more than 1000 digits"),
    ],
)
def test_a_value_that_is_no_number_is_refused(text: str, message: str) -> None:
    assert usage_error([text], ONE) == (message, "Type a number such as 1800, -3.5 or 1e6.")


# predicting for them


def test_each_row_has_its_prediction_on_a_line() -> None:
    lines = list(
        predict_values(["1800", "0.5"], PredictionColumns(model=model()), OutsideCounts(model()))
    )
    wanted = [float(Fraction(0.1) * Fraction(x) + 10**16) for x in ("1800", "0.5")]
    assert [float(line) for line in lines] == wanted
    assert all(line.endswith(b"\n") for line in lines)


def test_a_prediction_is_written_so_that_it_reads_back_bit_for_bit() -> None:
    precise = model().changed(b=0.0, value_at_center=0.0)
    assert list(
        predict_values(["3"], PredictionColumns(model=precise), OutsideCounts(precise))
    ) == [b"0.30000000000000004\n"]


def test_values_outside_the_range_of_training_are_counted() -> None:
    counts = OutsideCounts(model())
    list(predict_values(["1800", "499", "2501"], PredictionColumns(model=model()), counts))
    assert counts.outside["square_feet"] == 2


LEVELS = {"k": ("1,000", "2,000")}
FUNCTIONS = {"sold": "days", "pool": "bool"}
MIXED = ["x", "k", "sold", "pool"]
EXAMPLE = "Type values as x=NUMBER k=LEVEL sold=DATE pool=YES_OR_NO"


@pytest.mark.parametrize(
    ("inputs", "message", "hint"),
    [
        (
            ["1,000", "3", "2020-01-05", "yes"],
            "'1,000' stands in the place of x, and is not a number",
            EXAMPLE,
        ),
        (
            ["x=3", "k=1,000", "sold=2020-13-05", "pool=yes"],
            "sold '2020-13-05' is not a day of the calendar",
            "Type a date such as 2024-12-31.",
        ),
        (
            ["x=3", "k=1,000", "sold=2020-01-05", "pool=maybe"],
            "pool 'maybe' is not true or false, yes or no, t or f, y or n, 1 or 0",
            "Type a word such as yes or no.",
        ),
        (["3", "1,000", "2020-13-05", "yes"], "'2020-13-05' is not a value, but other inputs are",
         EXAMPLE),
    ],
)  # fmt: skip
def test_what_a_column_does_not_take_has_a_hint(inputs: list[str], message: str, hint: str) -> None:
    def read() -> None:
        assert are_values(inputs, MIXED, LEVELS, FUNCTIONS)
        read_values(inputs, MIXED, LEVELS, FUNCTIONS)

    with pytest.raises(UsageError) as caught:
        read()
    assert (caught.value.message, caught.value.hint) == (message, hint)
