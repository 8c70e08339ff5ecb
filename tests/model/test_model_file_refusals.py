"""What is no model file is refused, with the place and the reason."""

import json
import math
from typing import Any

import pytest

from linreg_cli.errors import ModelFileError
from linreg_cli.model.model_file import from_json
from tests.model_texts import (
    NO_MODEL,
    NOT_WHOLE,
    changed,
    exact,
    houses,
    one_from_json,
    refusal,
    to_json,
    with_value,
)
from tests.strategies import moments_of


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "{",
        "x,y\n1,2\n",
        to_json(houses())[:-20],
        to_json(houses()) + "}",
        b"\xff\xfe{}",
    ],
    ids=["nothing", "text", "brace", "CSV", "cut", "too much", "no UTF-8"],
)
def test_what_is_not_json_is_called_that(text: str | bytes) -> None:
    assert refusal(text) == ("m.json: is not JSON", NO_MODEL)


@pytest.mark.parametrize(
    "text",
    [
        "[1, 2]",
        "5",
        "null",
        '"linreg-model"',
        "{}",
        '{"a": 1}',
        '{"format": "other", "version": 1}',
    ],
)
def test_another_json_is_called_that(text: str) -> None:
    assert refusal(text) == ("m.json: is JSON but not a linreg model", NO_MODEL)


@pytest.mark.parametrize("version", [3, 4, 10**50])
def test_a_newer_version_is_left_to_a_newer_linreg(version: int) -> None:
    message = f"m.json: has version {version} of the model format; this linreg reads 2"
    text = json.dumps({"format": "linreg-model", "version": version, "new": "field"})
    assert refusal(text) == (message, "pip install --upgrade linreg-cli")


@pytest.mark.parametrize("version", [0, -1, 1.5, "1", None, [1], True, 1.0, 2.0])
def test_a_version_that_never_was_is_refused(version: object) -> None:
    message = "m.json: is not a whole linreg model: version: Input should be 1 or 2"
    assert refusal(changed(lambda fields: fields.update(version=version))) == (message, NOT_WHOLE)


@pytest.mark.parametrize("field", ["version", "y", "x", "m", "b", "training", "moments"])
def test_a_model_that_lacks_a_field_is_not_whole(field: str) -> None:
    message = f"m.json: is not a whole linreg model: {field}: Field required"
    assert refusal(changed(lambda fields: fields.pop(field))) == (message, NOT_WHOLE)


@pytest.mark.parametrize(("setting", "value"), [("test_fraction", 0.5), ("folds", 2)])
def test_parts_that_the_settings_name_have_to_be_there(setting: str, value: float) -> None:
    parts = {"test_fraction": "test_moments", "folds": "fold_moments"}[setting]
    with pytest.raises(ModelFileError, match=f"'{parts}' and '{setting}' do not fit together"):
        from_json(with_value(f"training.settings.{setting}", value), "m.json")


def test_folds_have_the_rows_of_the_model() -> None:
    def add_folds(fields: dict[str, Any]) -> None:
        fields["training"]["settings"]["folds"] = 2
        fields["fold_moments"] = [fields["moments"]] * 2

    message = "m.json: is not a whole linreg model: 'fold_moments' has other rows than 'moments'"
    assert refusal(changed(add_folds)) == (message, NOT_WHOLE)


@pytest.mark.parametrize(
    "field", ["columns", "decimals", "rows", "sums", "products", "minimum", "maximum"]
)
def test_sums_that_lack_a_field_are_not_whole(field: str) -> None:
    message = f"m.json: is not a whole linreg model: moments.{field}: Field required"
    assert refusal(changed(lambda fields: fields["moments"].pop(field))) == (message, NOT_WHOLE)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_weight_that_is_no_finite_number_is_refused(value: float) -> None:
    message = "m.json: is not a whole linreg model: b: Input should be a finite number"
    assert refusal(changed(lambda fields: fields.update(b=value))) == (message, NOT_WHOLE)


@pytest.mark.parametrize(
    ("place", "value", "problem"),
    [
        ("b", 10**400, "b: Input should be a finite number"),
        ("b", "nan", "b: Input should be a valid number"),
        ("b", None, "b: Input should be a valid number"),
        ("b", True, "b: Input should be a valid number"),
        ("y", 1, "y: Input should be a valid string"),
        ("x", "square_feet", "x: Input should be a valid array"),
        ("note", "mine", "note: Extra inputs are not permitted"),
        ("moments.note", "mine", "moments.note: Extra inputs are not permitted"),
        ("training.note", "mine", "training.note: Extra inputs are not permitted"),
        ("x", ["price"], "a column occurs twice in 'x' and 'y'"),
        ("y", "rent", "'moments' is of other columns than 'x' and 'y'"),
        ("m", {"price": 1.0}, "'m' must have one number for each name in 'x', in that order"),
        ("training.loss", -1, "training.loss: Input should be greater than or equal to 0"),
        ("training.epochs", -1, "training.epochs: Input should be greater than or equal to 0"),
        ("moments.rows", "0", "moments: 'rows' must be at least 1"),
        ("moments.rows", "-5", "moments: 'rows' must be at least 1"),
        ("moments.rows", 5, "moments.rows: must be an integer written as a string"),
        (
            "moments.decimals.1",
            -1,
            "moments.decimals.1: Input should be greater than or equal to 0",
        ),
        (
            "moments.decimals.0",
            2001,
            "moments.decimals.0: Input should be less than or equal to 2000",
        ),
        ("moments.decimals.0", 1.5, "moments.decimals.0: Input should be a valid integer"),
        ("moments.products.0", ["1", "1"], "moments: 'products' must be a lower triangle"),
        ("m", {"square_feet": "300"}, "m.square_feet: Input should be a valid number"),
        ("m", {"square_feet": math.nan}, "m.square_feet: Input should be a finite number"),
        ("m", {"square_feet": True}, "m.square_feet: Input should be a valid number"),
        ("x", [], "x: Input should have at least 1 item"),
        ("inputs", ["0" * 63], "inputs.0: Input should match the pattern [0-9a-f]{64}"),
        ("inputs", ["0" * 64 + "\n"], "inputs.0: Input should match the pattern [0-9a-f]{64}"),
        ("training.loss", math.inf, "training.loss: Input should be a finite number"),
        ("training.history", [[0, 2.0], [1]], "training.history.1: Input should have 2 items"),
        ("training.history", [[0, 1, "2"]], "training.history.0.2: Input should be a valid number"),
        (
            "training.history",
            [[0, -1.0]],
            "training.history.0.1: Input should be greater than or equal to 0",
        ),
        (
            "training.settings.learning_rate",
            0,
            "training.settings.learning_rate: Input should be greater than 0",
        ),
        (
            "training.settings.learning_rate",
            "fast",
            "training.settings.learning_rate: Input should be a valid number or 'auto'",
        ),
        (
            "training.settings.test_fraction",
            1,
            "training.settings.test_fraction: Input should be less than 1",
        ),
        ("training.settings.scale", 1, "training.settings.scale: Input should be a valid boolean"),
        ("training.settings.rate", 1, "training.settings.rate: Extra inputs are not permitted"),
        ("a - at `$[0]`", 1, "a - at `$[0]`: Extra inputs are not permitted"),
        (
            "training.stopped",
            "diverged",
            (
                "training.stopped: Input should be "
                "'converged', 'out of epochs', 'interrupted' or 'exact'"
            ),
        ),
    ],
)
def test_a_model_with_something_wrong_is_refused_with_the_place(
    place: str, value: object, problem: str
) -> None:
    message = f"m.json: is not a whole linreg model: {problem}"
    assert refusal(with_value(place, value)) == (message, NOT_WHOLE)


@pytest.mark.parametrize("field", ["decimals", "sums", "products", "minimum", "maximum"])
def test_a_list_of_another_length_than_the_columns_is_refused(field: str) -> None:
    short = changed(lambda fields: fields["moments"][field].pop())
    assert refusal(short)[0] == (
        "m.json: is not a whole linreg model: "
        "moments: the lists must have one entry for each of the 2 columns"
    )


@pytest.mark.parametrize(
    "text", ["", "-", "+1", " 1", "1\n", "1.0", "1e3", "0x1", "1_000", "\u0663", "9" * 5000]
)
def test_an_integer_is_nothing_but_digits(text: str) -> None:
    assert refusal(with_value("moments.minimum.0", text))[0] == (
        "m.json: is not a whole linreg model: "
        "moments.minimum.0: must be an integer written as a string"
    )


def test_the_weights_of_several_features_must_have_names() -> None:
    moments = moments_of([("1", "2", "3"), ("2", "5", "4"), ("4", "1", "9")], ("a", "b", "y"))
    model = exact(moments)
    fields = json.loads(to_json(model)) | {"m": 1.0}
    assert refusal(json.dumps(fields))[0] == (
        "m.json: is not a whole linreg model: "
        "'m' must be an object with a number for each name in 'x'"
    )


def test_the_weights_of_several_features_must_be_in_their_order() -> None:
    moments = moments_of([("1", "2", "3"), ("2", "5", "4"), ("4", "1", "9")], ("a", "b", "y"))
    model = exact(moments)
    fields = json.loads(to_json(model)) | {"m": {"b": 1.0, "a": 2.0}}
    assert refusal(json.dumps(fields))[0] == (
        "m.json: is not a whole linreg model: "
        "'m' must have one number for each name in 'x', in that order"
    )


def test_the_weights_of_the_last_epoch_must_be_those_of_the_features() -> None:
    last_epoch = {"m": {"rooms": 1.0}, "b": 2.0}
    text = changed(lambda fields: fields["training"].update(last_epoch=last_epoch))
    assert refusal(text)[0] == (
        "m.json: is not a whole linreg model: "
        "'last_epoch.m' must have one number for each name in 'x', in that order"
    )


def test_a_whole_number_is_a_weight() -> None:
    text = changed(lambda fields: fields.update(b=7, value_at_center=450007))
    assert one_from_json(text, "m.json").b == 7.0


def test_a_field_that_is_there_twice_has_its_last_value() -> None:
    text = to_json(houses()).replace('"b": 0.0', '"b": "nothing", "b": 0.0')
    assert from_json(text, "m.json") == houses()


@pytest.mark.parametrize("number", ["-0", "0e0", "0E+5", "0.00"])
def test_a_number_is_read_in_each_spelling_of_json(number: str) -> None:
    assert from_json(to_json(houses()).replace('"b": 0.0', f'"b": {number}'), "m.json") == houses()


def test_half_a_character_is_refused() -> None:
    text = to_json(houses()).replace('"y": "price"', r'"y": "\ud83d"')
    assert refusal(text) == ("m.json: is not JSON", NO_MODEL)


@pytest.mark.parametrize("depth", [300, 5000, 200_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    nested = "[" * depth + "]" * depth
    text = to_json(houses()).replace('"b": 0.0', f'"b": {nested}')
    assert refusal(text)[0].startswith("m.json: is not ")


def test_a_number_of_5000_digits_is_refused() -> None:
    text = to_json(houses()).replace('"b": 0.0', f'"b": {"9" * 5000}')
    assert refusal(text)[0].startswith("m.json: is not ")
