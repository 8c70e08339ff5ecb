"""Model files: what is saved is what is loaded, and everything else is refused by name."""

import io
import json
import math
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, strategies as st

from linreg_cli.errors import ModelFileError
from linreg_cli.exact.decimals import ExactDecimal
from linreg_cli.exact.plane_values import predict_row
from linreg_cli.model.file_format import FORMAT, VERSION
from linreg_cli.model.model import LastEpoch, Model, Training
from linreg_cli.model.model_file import from_json, load_model, save_model
from linreg_cli.model.settings import Settings
from linreg_cli.model.stored_moments import StoredMoments
from tests.model_texts import (
    HOUSES,
    NOT_WHOLE,
    exact,
    houses,
    one_from_json,
    refusal,
    to_json,
    with_value,
)
from tests.strategies import FLOATS, LONG_CELLS, blocks, moments_of, sum_block

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=10)
LOSSES = st.floats(0, allow_infinity=False)
EPOCHS = st.integers(0, 99)
HISTORY_LINES = st.tuples(EPOCHS, LOSSES) | st.tuples(EPOCHS, LOSSES, LOSSES)
CENTERS = st.integers(-(10**25), 10**25).map(str) | st.just("-0.125") | st.just("1e-300")


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
    loaded = one_from_json(to_json(model), "m.json")
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


@given(st.floats(allow_nan=False, allow_infinity=False), st.text(st.characters(codec="utf-8")))
def test_numbers_and_names_are_written_as_python_writes_them(number: float, name: str) -> None:
    last = LastEpoch(m=number, b=-number)
    training = houses().training.changed(last_epoch=last)
    text = to_json(houses().changed(training=training, split_by=("square_feet", "price", name)))
    assert f', "last_epoch": {json.dumps({"m": number, "b": -number})}, ' in text
    assert (
        f'  "split_by": {json.dumps(["square_feet", "price", name], ensure_ascii=False)}\n' in text
    )


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_never_written(number: float) -> None:
    training = houses().training.changed(loss=number)
    with pytest.raises(ValueError, match="not finite"):
        to_json(houses().changed(training=training))
