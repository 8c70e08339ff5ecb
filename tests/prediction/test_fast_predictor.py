"""Predictions by the extension beside those of the general reader and exact integers."""

import io
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st

from linreg_cli import native
from linreg_cli.errors import LinregError
from linreg_cli.prediction import fast_predictor
from linreg_cli.prediction.fast_predictor import FastPredictor
from linreg_cli.prediction.predicted_csv import Output, PredictionRun, predict_sources
from linreg_cli.prediction.prediction_columns import PredictionColumns
from linreg_cli.prediction.training_range import OutsideCounts
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.csv.table_start import open_table
from linreg_cli.reading.row_counts import RowCounts
from linreg_cli.reading.sources.source import Source
from tests.models import learn, plain_moments
from tests.reading.both_readers import error_of, people, readings

pytestmark = pytest.mark.skipif(not native.IS_AVAILABLE, reason="no compiler built the extension")

ROWS = [
    ("1", "2", "-3.5", "10"),
    ("2", "1e1", "40", "7.25"),
    ("5", "-7.125", "2", "1e3"),
    ("-11", "3", "0.3", "12"),
    ("4", "8", "-8", "0.1"),
]


def model_of(features: Sequence[str]) -> Any:
    """Return a model that predicts y from one to three features."""
    rows = [(*row[: len(features)], row[-1]) for row in ROWS]
    return learn(plain_moments(rows, (*features, "y")))


def predict(  # noqa: PLR0913  # what makes a prediction
    source: Source,
    options: CsvOptions,
    features: Sequence[str],
    *,
    is_only: bool,
    digits: int | None = None,
    threads: int = 2,
) -> list[object]:
    """Return all that a prediction writes and counts, or its error.

    How much is written before an error depends on the sizes of pieces.
    """
    columns = PredictionColumns(model=model_of(features), digits=digits)
    rejects: list[object] = []
    run = PredictionRun(
        row_counts=RowCounts(),
        outside_counts=OutsideCounts(columns.model),
        threads=threads,
        set_aside=lambda rows: rejects.extend((error_of(e), text) for e, text in rows.rejects),
    )
    with tempfile.TemporaryFile() as file:

        def descriptor() -> int:
            file.flush()
            return file.fileno()

        output = Output(column="predicted", is_only=is_only, descriptor=descriptor)
        try:
            file.writelines(predict_sources([source], options, columns, output, run))
        except LinregError as error:
            return [error_of(error)]
        file.seek(0)
        written = file.read()
    outside = {name: count for name, count in run.outside_counts.outside.items() if count}
    return [written, rejects, run.row_counts, outside, run.notes]


def slowly(
    source: Source, options: CsvOptions, features: Sequence[str], **how: Any
) -> list[object]:
    """Return what `predict` returns without the extension."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "IS_AVAILABLE", False)
        return predict(source, options, features, **how)


DIGITS = st.sampled_from([None, None, 1, 3, 15, 16])
FILES = st.one_of(readings(), readings(), people())


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files") / "a.csv"


HOW = st.fixed_dictionaries(
    {"is_only": st.booleans(), "digits": DIGITS, "threads": st.integers(1, 3)}
)


@pytest.mark.slow
@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reading=FILES, how=HOW, size=st.integers(1, 80))
@example(
    reading=(b'c0,c1\n1,"a\nb"\n2,"c\n\n\nd"\n3,e\n4,f\n5,g\n6,h\n', CsvOptions(), [0]),
    how={"is_only": False},
    size=4,
)
@example(
    reading=(b"c0;c1\n1.200;2\n3.400;1\n5.600;7\n1.800;9\n", CsvOptions(), [0]),
    how={"is_only": False},
    size=3,
)
def test_a_file_in_ranges_has_the_predictions_of_the_general_reader(
    place: Path, reading: tuple[bytes, CsvOptions, list[int]], how: dict[str, Any], size: int
) -> None:
    data, options, wanted = reading
    place.write_bytes(data)
    features = [f"c{j}" for j in wanted[:3]]
    source = Source("a.csv", place)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast_predictor, "RANGE_BYTES", size)
        found = predict(source, options, features, **how)
    assert found == slowly(source, options, features, **how)


@pytest.mark.slow
@settings(max_examples=200)
@given(reading=FILES, how=HOW)
def test_a_pipe_has_the_predictions_of_the_general_reader(
    reading: tuple[bytes, CsvOptions, list[int]], how: dict[str, Any]
) -> None:
    data, options, wanted = reading
    features = [f"c{j}" for j in wanted[:3]]
    found = []
    for function in (predict, slowly):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
            found.append(function(Source("stdin"), options, features, **how))
    assert found[0] == found[1]


def test_the_extension_rounds_to_digits_half_to_even(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = ["0.5", "1.5", "2.5", "0.25", "0.35", "-0.25", "12500", "13500", "0.000025", "0", ""]
    data = "x,z\n" + "".join(f"{cell},\n" for cell in cells)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data.encode())))
    line = learn(plain_moments([("0", "0"), ("1", "1"), ("2", "2")], ("x", "y")))
    columns = PredictionColumns(model=line, digits=1)
    with open_table(Source("stdin"), CsvOptions()) as table:
        fast = FastPredictor.of(columns, table, table.layout(["x"]), is_only=True)
    assert fast is not None
    found = fast.take(data.partition("\n")[2].encode())
    assert found is not None
    assert bytes(found[0].written.text).decode().splitlines() == [
        *["0.5", "2", "2", "0.2", "0.4", "-0.2", "10000", "10000", "2e-05", "0", ""]
    ]


@pytest.mark.parametrize("digits", [None, 4])
def test_values_that_come_again_have_the_predictions_of_the_general_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, digits: int | None
) -> None:
    # 8192 apart, values take each other's place in KnownTexts; decimals change from range to range
    random = np.random.default_rng(5)
    cells = [str(8192 * k + c) for k in range(3) for c in range(4)] + ["-1", "-8193", ""]
    rows = [str(random.choice([*cells, "1.5"] if row % 500 < 5 else cells)) for row in range(4000)]
    (tmp_path / "a.csv").write_text("c0,c1\n" + "".join(f"{cell},x\n" for cell in rows))
    source = Source("a.csv", tmp_path / "a.csv")
    monkeypatch.setattr(fast_predictor, "RANGE_BYTES", 2000)
    found = predict(source, CsvOptions(), ["c0"], is_only=False, digits=digits)
    assert found == slowly(source, CsvOptions(), ["c0"], is_only=False, digits=digits)


def taken(data: bytes, size: int, path: Path, patch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Return how many rows threads took of a file with the column c0, and how many others."""
    path.write_bytes(data)
    counts = {"all": 0, "others": 0}
    make, take = FastPredictor.part_of, FastPredictor.take  # to count rows

    def part(self: Any, found: Any) -> Any:
        made = make(self, found)
        counts["all"] += made[0].count
        return made

    def by_others(self: Any, data: bytes) -> Any:
        made = take(self, data)
        counts["others"] += made[0].count if made else 0
        return made

    patch.setattr(fast_predictor, "RANGE_BYTES", size)
    patch.setattr(FastPredictor, "part_of", part)
    patch.setattr(FastPredictor, "take", by_others)
    written, *_ = predict(Source("a.csv", path), CsvOptions(), ["c0"], is_only=True)
    assert isinstance(written, bytes)
    assert written.count(b"\n") == data.count(b"\n") - 1
    return counts["all"] - counts["others"], counts["others"]


def test_threads_read_all_but_the_end_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = b"c0,c1\n" + b"12,x\n" * 2000
    assert taken(data, 1000, tmp_path / "a.csv", monkeypatch) == (1800, 200)


def test_threads_go_on_behind_records_that_they_leave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "linreg_cli.reading.csv.table.cut_pieces.__kwdefaults__",
        {"chunk_bytes": 500, "first_bytes": 500},
    )
    rows = b"12,x\n" * 1000
    data = b"c0,c1\n" + rows + b"1" + b"0" * 20 + b",x\n" + rows
    threads, _ = taken(data, 500, tmp_path / "a.csv", monkeypatch)
    assert threads > 1500


@pytest.mark.parametrize("line", [2, 3, 500, 1001])
def test_an_error_behind_ranges_names_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: int
) -> None:
    monkeypatch.setattr(fast_predictor, "RANGE_BYTES", 64)
    lines = [b"c0,c1", *[b"12,x"] * 1000]
    lines[line - 1] = b"n/a?,x"
    (tmp_path / "a.csv").write_bytes(b"\n".join(lines))
    source = Source("a.csv", tmp_path / "a.csv")
    (error,) = predict(source, CsvOptions(), ["c0"], is_only=False)
    assert isinstance(error, tuple)
    assert error[1] == f"a.csv, line {line}, column 'c0': 'n/a?' is not a number"


@pytest.mark.parametrize(
    "change",
    [
        {"positions": ()},
        {"positions": (2,)},
        {"slopes": b""},
        {"scales": bytes(8)},
        {"tens": bytes(8)},
        {"digits": 16},
    ],
)
def test_a_predictor_of_arrays_that_do_not_fit_together_is_refused(change: dict[str, Any]) -> None:
    parts: dict[str, Any] = {
        "delimiter": ",",
        "point": ".",
        "width": 2,
        "has_empty_last": False,
        "positions": (0,),
        "missing": ((), (), ()),
        "allows_missing": True,
        "slopes": bytes(8),
        "value": 1.0,
        "scales": bytes(23 * 5 * 8),
        "tens": bytes(23 * 8),
        "digits": 0,
        "written_delimiter": ",",
        "written_point": ".",
        "line_end": b"\n",
        "repeats": True,
    }
    assert native.extension.Predictor(*parts.values()) is not None
    with pytest.raises(ValueError, match=r"^the arrays do not fit together$"):
        native.extension.Predictor(*(parts | change).values())
