"""How a model does on other rows: scores, errors row by row, and the test for drift."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, strategies as st

from linreg_cli.commands.evaluating import evaluate_rows
from linreg_cli.commands.reading_rows import Reading
from linreg_cli.errors import FitError
from linreg_cli.model.model import Model
from linreg_cli.prediction.intervals import Uncertainty
from linreg_cli.prediction.model_rows import selection_of
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.row_sums import PassResult, sum_rows
from linreg_cli.reading.sources.source import find_sources
from linreg_cli.statistics.evaluation import Evaluation
from linreg_cli.statistics.row_errors import RowErrors
from linreg_cli.statistics.scores import Scores
from tests import oracles, references
from tests.exactly import Exactly
from tests.models import NOISY, Rows, exact_line, learn, plain_moments, weighted_moments
from tests.references import real_data
from tests.strategies import block_of

NEW = [("2", "1", "4"), ("3", "0", "-5.5"), ("9", "-0.5", "8"), ("1", "1", "2.25")]
CELLS = st.builds("{}e{}".format, st.integers(-999, 999), st.integers(-3, 1))
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8)


def model_of(rows: Rows = NOISY, **asked: Any) -> Model:
    return learn(plain_moments(rows), **asked)


def exact_errors(model: Model, rows: Rows) -> list[Fraction]:
    """Return prediction less target of each row."""
    weights = exact_line(model)
    X = [[Fraction(1), *map(Fraction, row[:-1])] for row in rows]
    return oracles.residuals(X, [Fraction(row[-1]) for row in rows], weights)


def evaluate(
    model: Model, rows: Rows, *, files: int = 1, weights: Sequence[str] = (), drift: bool = False
) -> tuple[Evaluation, PassResult]:
    """Write rows to files of the working folder and evaluate a model on them."""
    columns = [*model.x, model.y, *(["w"] if weights else [])]
    lines = [",".join(row) for row in rows]
    if weights:
        lines = [f"{line},{weight}" for line, weight in zip(lines, weights, strict=True)]
    names = []
    for number in range(files):
        names.append(f"new{number}.csv")
        part = lines[number::files]
        Path(names[-1]).write_text("\n".join([",".join(columns), *part, ""]))
    sources, csv = find_sources(names), CsvOptions()
    reading = Reading(sources=sources, csv=csv, rejects=None, threads=None, is_quiet=True)
    evaluation = evaluate_rows(model, reading, checks_drift=drift)
    return evaluation, sum_rows(sources, selection_of(model), csv, advance=lambda *_: None)


# scores from the sums


@given(ROWS)
def test_scores_are_the_exact_ones_rounded_once(rows: list[tuple[str, str, str]]) -> None:
    model = model_of()
    errors = exact_errors(model, rows)
    y = [Fraction(row[-1]) for row in rows]
    squares = sum((e * e for e in errors), Fraction())
    mean = sum(y, Fraction()) / len(y)
    total = sum(((t - mean) ** 2 for t in y), Fraction())
    assert Scores.of(plain_moments(rows), model) == Scores(
        rows=len(rows),
        r2=float(1 - squares / total) if total else None,
        rmse=references.root(squares / len(rows)),
        bias=float(sum(errors, Fraction()) / len(rows)),
    )


def test_r2_without_intercept_is_about_zero() -> None:
    model = model_of(intercept=False)
    squares = sum((e * e for e in exact_errors(model, NEW)), Fraction())
    total = sum(Fraction(row[-1]) ** 2 for row in NEW)
    assert Scores.of(plain_moments(NEW), model).r2 == float(1 - squares / total)


def test_weighted_scores_are_those_of_so_many_rows() -> None:
    model = learn(weighted_moments(NOISY, ["1", "2", "1", "1", "3"]))
    counts = [1, 3, 2, 5]
    repeated = [row for row, count in zip(NEW, counts, strict=True) for _ in range(count)]
    found = Scores.of(weighted_moments(NEW, list(map(str, counts))), model)
    expected = Scores.of(plain_moments(repeated), model)
    assert (found.r2, found.rmse, found.bias) == (expected.r2, expected.rmse, expected.bias)
    assert (found.rows, expected.rows) == (4, 11)


# errors row by row


def add_up(model: Model, *parts: Rows, with_interval: bool = True) -> RowErrors:
    uncertainty = Uncertainty.of(model, 0.95) if with_interval else None
    errors = RowErrors(model=model, uncertainty=uncertainty)
    line = 2
    for rows in parts:
        lines = np.arange(line, line + len(rows))
        errors.add(block_of(rows), np.ones(len(rows)), lines.item, "new.csv")
        line += len(rows)
    return errors


@given(ROWS)
def test_mean_errors_are_those_of_a_loop(rows: list[tuple[str, str, str]]) -> None:
    model = model_of()
    sizes = [abs(error) for error in exact_errors(model, rows)]
    found = add_up(model, rows)
    assert found.mae == pytest.approx(float(sum(sizes) / len(rows)), rel=1e-15)
    targets = [abs(Fraction(row[-1])) for row in rows]
    if 0 in targets:
        assert found.mape is None
    else:
        expected = sum(e / t for e, t in zip(sizes, targets, strict=True)) / len(rows)
        assert found.mape == pytest.approx(float(expected), rel=1e-15)


@given(ROWS)
def test_the_largest_error_is_that_of_a_loop(rows: list[tuple[str, str, str]]) -> None:
    model = model_of()
    largest = add_up(model, rows).largest
    errors = exact_errors(model, rows)
    sizes = [abs(float(error)) for error in errors]
    assert largest is not None
    assert largest.line == 2 + sizes.index(max(sizes))
    assert largest.error == float(errors[largest.line - 2])
    assert largest.source == "new.csv"


@given(ROWS, st.integers(1, 7))
def test_any_cut_into_blocks_gives_the_same_errors_to_the_bit(
    rows: list[tuple[str, str, str]], size: int
) -> None:
    model = model_of()
    cut = add_up(model, *(rows[i : i + size] for i in range(0, len(rows), size)))
    whole = add_up(model, rows)
    assert (cut.mae, cut.mape, cut.coverage) == (whole.mae, whole.mape, whole.coverage)
    assert cut.largest == whole.largest


@given(ROWS)
def test_coverage_is_the_share_of_rows_in_their_interval(rows: list[tuple[str, str, str]]) -> None:
    model = model_of()
    exactly = Exactly.of(NOISY)
    variance = exactly.error() / 2
    quantile = references.t_quantile(Fraction(19, 20), 2)
    inside = 0
    for error, row in zip(exact_errors(model, rows), rows, strict=True):
        x = [Fraction(1), *map(Fraction, row[:-1])]
        bound = quantile**2 * variance * (1 + exactly.leverage(x))
        assume(abs(error**2 / bound - 1) > Fraction(1, 10**9))  # on the edge, a float may err
        inside += error**2 < bound
    assert add_up(model, rows).coverage == inside / len(rows)


def test_a_model_without_interval_has_no_coverage() -> None:
    assert add_up(model_of(), NEW, with_interval=False).coverage is None


def test_an_error_is_not_divided_by_a_target_that_is_nearly_0() -> None:
    errors = add_up(model_of(), [*NEW, ("5", "1", "1e-320")])
    assert errors.mape is None
    assert errors.mae > 0


def test_an_error_times_a_weight_beyond_float64_is_refused() -> None:
    errors = RowErrors(model=model_of(), uncertainty=None)
    block = block_of([("5", "1", "1e10")])
    with pytest.raises(FitError, match="too large for a 64-bit float"):
        errors.add(block, np.array([1e300]), lambda row: row, "new.csv")


def test_no_rows_change_nothing() -> None:
    errors = add_up(model_of(), NEW)
    before = (errors.mae, errors.coverage, errors.largest)
    block = block_of(NEW)
    none = type(block)(values=block.values[:0], decimals=block.decimals)
    errors.add(none, np.ones(0), np.arange(0).item, "empty.csv")
    assert (errors.mae, errors.coverage, errors.largest) == before


# whole evaluations


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("files", [1, 2, 4])
def test_any_number_of_files_gives_the_same_figures(files: int) -> None:
    rows = real_data("statecrime").rows()
    model = model_of(rows[:30])
    found, result = evaluate(model, rows[30:], files=files, drift=True)
    expected, _ = evaluate(model, rows[30:], drift=True)
    assert found.figures == expected.figures
    assert (result.row_counts.read, result.row_counts.used) == (21, 21)


@pytest.mark.usefixtures("folder")
def test_the_training_rows_have_the_training_figures() -> None:
    model = model_of()
    found, _ = evaluate(model, NOISY)
    assert found.new == found.training
    assert found.training.bias == pytest.approx(0, abs=1e-15)


@pytest.mark.usefixtures("folder")
def test_figures_are_called_by_name() -> None:
    found, _ = evaluate(model_of(), NEW, drift=True)
    assert found.largest_error is not None
    assert found.drift is not None
    assert found.figures == {
        "rows": 4,
        "r2": found.new.r2,
        "rmse": found.new.rmse,
        "mae": found.mae,
        "mape": found.mape_percent,
        "bias": found.new.bias,
        "coverage": found.coverage_percent,
        "largest_error": abs(found.largest_error.error),
        "drift_f": found.drift.f,
        "drift_p": found.drift.p,
    }


@pytest.mark.usefixtures("folder")
def test_a_perfect_model_covers_every_row() -> None:
    rows = [("1", "5"), ("2", "7"), ("3", "9")]
    found, _ = evaluate(model_of(rows), rows)
    assert (found.mae, found.mape, found.coverage, found.new.r2) == (0.0, 0.0, 1.0, 1.0)


@pytest.mark.usefixtures("folder")
def test_a_model_without_degrees_of_freedom_is_evaluated_without_coverage() -> None:
    found, _ = evaluate(model_of([("1", "5"), ("2", "7")]), [("1", "6"), ("3", "9")])
    assert (found.coverage, found.mae, found.new.rmse) == (
        None,
        0.5,
        references.root(Fraction(1, 2)),
    )


@pytest.mark.usefixtures("folder")
def test_weights_count_rows_in_every_figure() -> None:
    counts = [1, 3, 2, 5]
    model = learn(weighted_moments(NOISY, ["1", "2", "1", "1", "3"], ("a", "b", "y")))
    found, _ = evaluate(model, NEW, weights=list(map(str, counts)))
    errors = [abs(error) for error in exact_errors(model, NEW)]
    targets = [abs(Fraction(row[-1])) for row in NEW]
    mae = sum(c * e for c, e in zip(counts, errors, strict=True)) / 11
    mape = sum(c * e / t for c, e, t in zip(counts, errors, targets, strict=True)) / 11
    assert (found.mae, found.mape) == pytest.approx((float(mae), float(mape)), rel=1e-15)
    assert found.new == Scores.of(
        weighted_moments(NEW, list(map(str, counts)), ("a", "b", "y")), model
    )


@pytest.mark.usefixtures("folder")
def test_a_row_of_weight_0_is_left_out_of_every_figure() -> None:
    model = learn(weighted_moments(NOISY, ["1", "2", "1", "1", "3"], ("a", "b", "y")))
    found, result = evaluate(model, [*NEW, ("1", "1", "1e6")], weights=["1", "3", "2", "5", "0"])
    without, _ = evaluate(model, NEW, weights=["1", "3", "2", "5"])
    assert found == without
    assert (result.row_counts.read, result.row_counts.used, result.row_counts.weightless) == (
        5,
        4,
        1,
    )
