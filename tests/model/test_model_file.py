"""Model files: what is saved is what is loaded, and everything else is refused by name."""

import io
import json
import math
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, strategies as st

from linreg_cli.errors import ModelFileError
from linreg_cli.exact.decimals import ExactDecimal
from linreg_cli.exact.plane_values import predict_row
from linreg_cli.model.model import FORMAT, VERSION, LastEpoch, Model, Training
from linreg_cli.model.model_file import from_json, load_model, save_model, to_json
from linreg_cli.model.settings import Settings
from linreg_cli.model.stored_moments import StoredMoments
from linreg_cli.moments.moments import Moments
from linreg_cli.moments.split import SplitMoments
from linreg_cli.training.make_model import exact_model
from linreg_cli.training.problem import set_up
from tests.strategies import FLOATS, LONG_CELLS, blocks, moments_of, sum_block

HOUSES = [(str(500 * i), str(150000 * i)) for i in range(1, 6)]
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=10)
LOSSES = st.floats(0, allow_infinity=False)
EPOCHS = st.integers(0, 99)
HISTORY_LINES = st.tuples(EPOCHS, LOSSES) | st.tuples(EPOCHS, LOSSES, LOSSES)
CENTERS = st.integers(-(10**25), 10**25).map(str) | st.just("-0.125") | st.just("1e-300")
NO_MODEL = "Give a model file that linreg train wrote."
NOT_WHOLE = "Train it again, or restore the file."

Change = Callable[[dict[str, Any]], object]


def houses() -> Model:
    return exact(moments_of(HOUSES, ("square_feet", "price")))


def exact(moments: Moments) -> Model:
    return exact_model(set_up(SplitMoments(moments=moments), Settings(solver="exact")))


def changed(change: Change) -> str:
    """Give the text of the houses' model with a change in it."""
    fields = json.loads(to_json(houses()))
    change(fields)
    return json.dumps(fields)


def with_value(place: str, value: object) -> str:
    """Give the text of the houses' model with another value at a place such as moments.rows."""

    def change(fields: dict[str, Any]) -> None:
        inside: Any = fields
        *path, last = (int(key) if key.isdigit() else key for key in place.split("."))
        for key in path:
            inside = inside[key]
        inside[last] = value

    return changed(change)


def last_epochs(x: list[str]) -> st.SearchStrategy[LastEpoch]:
    slopes = st.lists(FLOATS, min_size=len(x), max_size=len(x))
    m = FLOATS if len(x) == 1 else slopes.map(lambda slopes: dict(zip(x, slopes, strict=True)))
    return st.builds(LastEpoch, m=m, b=FLOATS)


@st.composite
def models(draw: st.DrawFn) -> Model:
    names = draw(st.lists(NAMES, min_size=2, max_size=4, unique=True))
    *x, y = names
    slopes = draw(st.lists(FLOATS, min_size=len(x), max_size=len(x)))
    moments = sum_block(names, draw(blocks(columns=len(names), cells=LONG_CELLS)))
    epochs = draw(st.integers(0, 10**9))
    training = Training(
        settings=Settings(
            intercept=draw(st.booleans()),
            scale=draw(st.booleans()),
            learning_rate=draw(st.one_of(st.just("auto"), st.floats(1e-300, 1e300))),
            epochs=epochs,
            tolerance=draw(LOSSES),
            start=draw(st.sampled_from(["zeros", "random"])),
            seed=draw(st.integers(0, 2**70)),
            l2=tuple(draw(st.lists(LOSSES, min_size=1, max_size=3))),
            test_fraction=draw(st.floats(0, 1, exclude_max=True)),
            folds=draw(st.integers(0, 3)),
        ),
        learning_rate=draw(st.one_of(st.none(), FLOATS)),
        epochs=epochs,
        stopped=draw(st.sampled_from(["converged", "out of epochs", "interrupted", "exact"])),
        last_epoch=draw(st.none() | last_epochs(x)),
        loss=draw(LOSSES),
        best_loss=draw(LOSSES),
        l2=draw(LOSSES),
        test_loss=draw(st.none() | LOSSES),
        history=tuple(draw(st.lists(HISTORY_LINES, max_size=3))),
    )
    settings, part, whole = training.settings, StoredMoments.of(moments), moments
    for _ in range(settings.folds - 1):
        whole += moments
    cells = [draw(CENTERS) for _ in x]
    value = draw(FLOATS)
    b = Fraction(value) - sum(Fraction(m) * Fraction(c) for m, c in zip(slopes, cells, strict=True))
    assume(abs(b) <= Fraction(sys.float_info.max))
    return Model(
        format=FORMAT,
        version=VERSION,
        y=y,
        x=tuple(x),
        m=slopes[0] if len(slopes) == 1 else dict(zip(x, slopes, strict=True)),
        b=float(b),
        center=dict(zip(x, cells, strict=True)),
        value_at_center=value,
        training=training,
        moments=StoredMoments.of(whole),
        test_moments=part if settings.test_fraction else None,
        fold_moments=(part,) * settings.folds or None,
    )


def numbers_of(model: Model) -> list[float]:
    plane = model.plane
    return [model.b, plane.value, *plane.slopes, model.training.loss]


# what is saved is what is loaded


@given(models())
def test_a_model_reads_back_as_it_was(model: Model) -> None:
    assert from_json(to_json(model), "m.json") == model


@given(models())
def test_every_float_reads_back_bit_for_bit(model: Model) -> None:
    loaded = from_json(to_json(model), "m.json")
    bits = [value.hex() for value in numbers_of(loaded)]
    assert bits == [value.hex() for value in numbers_of(model)]


@given(models())
def test_a_loaded_model_writes_the_same_file(model: Model) -> None:
    text = to_json(model)
    assert to_json(from_json(text, "m.json")) == text


def test_a_saved_model_predicts_the_same_to_the_bit(tmp_path: Path) -> None:
    moments = moments_of([("1", "0.1"), ("2", "0.7"), ("7", "0.3")], ("x", "y"))
    model = exact(moments)
    save_model(model, str(tmp_path / "m.json"))
    loaded = load_model(str(tmp_path / "m.json"))
    x = [ExactDecimal(123456789, 7)]
    assert predict_row(loaded.plane, x) == predict_row(model.plane, x)


def test_a_model_from_standard_input_is_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    content = io.BytesIO(to_json(houses()).encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(content))
    assert load_model("-") == houses()


# what the file looks like


def test_the_file_has_a_line_for_each_part() -> None:
    assert [line.split(":")[0].strip('{} ",') for line in to_json(houses()).splitlines()] == [
        "", "format", "version", "y", "x", "m", "b", "center", "value_at_center", "training",
        "moments", "",
    ]  # fmt: skip


def test_the_file_is_json_of_the_documented_form() -> None:
    fields = json.loads(to_json(houses()))
    del fields["training"]
    assert fields == {
        "format": "linreg-model",
        "version": 2,
        "y": "price",
        "x": ["square_feet"],
        "m": 300.0,
        "b": 0.0,
        "center": {"square_feet": "1500"},
        "value_at_center": 450000.0,
        "moments": {
            "columns": ["square_feet", "price"],
            "decimals": [0, 0],
            "rows": "5",
            "sums": ["7500", "2250000"],
            "products": [["13750000"], ["4125000000", "1237500000000"]],
            "minimum": ["500", "150000"],
            "maximum": ["2500", "750000"],
        },
    }


def test_names_stand_in_the_file_as_they_are() -> None:
    moments = moments_of(HOUSES, ("fläche", "価格"))
    model = exact(moments)
    assert '"x": ["fläche"]' in to_json(model)


def test_numbers_written_with_other_decimals_give_the_same_file() -> None:
    finer = moments_of([(f"{x}.00", f"{y}.0") for x, y in HOUSES], ("square_feet", "price"))
    assert to_json(exact(finer)) == to_json(houses())


# the center in the file


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("center", None, "'center' must have one number for each name in 'x', in that order"),
        ("center", {}, "'center' must have one number for each name in 'x', in that order"),
        ("center", {"a": "1"}, "'center' must have one number for each name in 'x', in that order"),
        ("center", {"square_feet": 1500}, "center.square_feet: Input should be a valid string"),
        ("center", {"square_feet": "NaN"}, "the 'center' of 'square_feet' is not a number"),
        (
            "center",
            {"square_feet": "1e999"},
            "the 'center' of 'square_feet' is outside the range of float64",
        ),
        ("value_at_center", None, "'value_at_center' is missing"),
        ("value_at_center", "450000", "value_at_center: Input should be a valid number"),
        ("value_at_center", math.inf, "value_at_center: Input should be a finite number"),
        ("value_at_center", 449999.0, "'b' does not fit 'm', 'center' and 'value_at_center'"),
        ("m", 299.0, "'b' does not fit 'm', 'center' and 'value_at_center'"),
        ("b", 1e-3, "'b' does not fit 'm', 'center' and 'value_at_center'"),
        ("version", 1, "version 1 has no 'center' and no 'value_at_center'"),
    ],
)
def test_a_center_that_cannot_be_is_refused(field: str, value: object, problem: str) -> None:
    message = f"m.json: is not a whole linreg model: {problem}"
    assert refusal(with_value(field, value)) == (message, NOT_WHOLE)


# the sums in the file


@given(blocks(columns=3, cells=LONG_CELLS))
def test_sums_that_are_stored_can_be_restored(block: Any) -> None:
    moments = sum_block(("a", "b", "y"), block)
    assert StoredMoments.of(moments).restore() == moments


def test_sums_that_are_whole_only_column_by_column_can_be_restored() -> None:
    rows = [("0", ".5"), ("1", ".5"), (".5", "0"), (".5", "1"), (".5", ".5"), (".5", ".5")]
    moments = moments_of(rows, ("x", "y"))
    assert StoredMoments.of(moments).restore() == moments


def test_the_range_of_a_column_is_that_of_its_rows() -> None:
    stored = StoredMoments.of(moments_of([("1.5", "7"), ("-2.25", "9")], ("x", "y")))
    assert stored.range_of("x") == (ExactDecimal(-225, 2), ExactDecimal(150, 2))
    assert stored.range_of("y") == (ExactDecimal(7, 0), ExactDecimal(9, 0))


# what is no model


def refusal(text: str | bytes) -> tuple[str, str]:
    with pytest.raises(ModelFileError) as caught:
        from_json(text, "m.json")
    return caught.value.message, caught.value.hint


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


@pytest.mark.parametrize("version", [0, -1, 1.5, "1", None, [1]])
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
    assert from_json(text, "m.json").b == 7.0


@pytest.mark.parametrize("depth", [300, 5000, 200_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    nested = "[" * depth + "]" * depth
    text = to_json(houses()).replace('"b": 0.0', f'"b": {nested}')
    assert refusal(text)[0].startswith("m.json: is not ")


def test_a_number_of_5000_digits_is_refused() -> None:
    text = to_json(houses()).replace('"b": 0.0', f'"b": {"9" * 5000}')
    assert refusal(text)[0].startswith("m.json: is not ")


# files that cannot be read or written


def test_a_model_file_that_does_not_exist_is_named(tmp_path: Path) -> None:
    path = str(tmp_path / "m.json")
    with pytest.raises(ModelFileError) as caught:
        load_model(path)
    assert caught.value.message == f"{path}: no such model file"
    assert caught.value.hint == "linreg train DATA --x COLUMN --y COLUMN writes one."


def test_a_folder_is_no_model_file(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError) as caught:
        load_model(str(tmp_path))
    assert caught.value.message == f"{tmp_path}: cannot be read: Is a directory"


def test_standard_input_is_named_in_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x,y\n")))
    with pytest.raises(ModelFileError, match=r"^standard input: is not JSON$"):
        load_model("-")


def test_a_model_for_a_missing_folder_is_not_written(tmp_path: Path) -> None:
    path = str(tmp_path / "missing" / "m.json")
    with pytest.raises(ModelFileError) as caught:
        save_model(houses(), path)
    assert caught.value.message == f"{path}: cannot write the model: No such file or directory"
    assert caught.value.hint == f"Make the folder: mkdir -p {tmp_path / 'missing'}"


def test_a_model_for_a_full_device_is_not_written() -> None:
    with pytest.raises(ModelFileError, match=r"^/dev/full: cannot write the model: No space left"):
        save_model(houses(), "/dev/full")
