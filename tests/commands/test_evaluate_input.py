"""linreg evaluate: which rows it reads, and what it prints."""

import json
import random
from functools import partial
from pathlib import Path

import pytest

from linreg_cli.reading import row_sums as sum_rows
from linreg_cli.reading.csv.table_start import open_table
from tests.commands.evaluate_runs import OFF, as_json, evaluate, learn_first
from tests.conftest import Linreg, Result


@pytest.mark.usefixtures("line")
def test_the_line_is_that_of_the_file_whatever_stands_before(linreg: Linreg) -> None:
    Path("odd.csv").write_text('note,y,x\n"two\nlines",5,1\n\n,,2\nlast,99,3\n,9,3\n')
    found = as_json(linreg, "model.json odd.csv")
    assert found["largest_error"] == {"error": -90.0, "source": "odd.csv", "line": 6}


@pytest.mark.usefixtures("line")
def test_the_largest_error_is_looked_for_in_all_files(linreg: Linreg) -> None:
    found = as_json(linreg, "model.json line.csv off.csv line.csv")
    assert found["largest_error"] == {"error": 3.0, "source": "off.csv", "line": 4}
    assert found["rows"] == 11


@pytest.mark.usefixtures("line")
def test_a_glob_and_standard_input_are_data_too(linreg: Linreg) -> None:
    expected = as_json(linreg, "model.json off.csv")
    assert as_json(linreg, "model.json 'o*.csv'") == expected
    found = json.loads(evaluate(linreg, "model.json - --json", stdin=OFF).stdout)
    assert found["largest_error"].pop("source") == "stdin"
    assert expected["largest_error"].pop("source") == "off.csv"
    assert found == expected


@pytest.mark.usefixtures("line")
def test_a_dash_can_be_the_model(linreg: Linreg) -> None:
    model = Path("model.json").read_text()
    assert evaluate(linreg, "- off.csv", stdin=model) == evaluate(linreg, "model.json off.csv")


@pytest.mark.usefixtures("line")
def test_the_way_a_file_is_written_can_be_told(linreg: Linreg) -> None:
    Path("german.csv").write_text("x;y\n1,0;6,0\n2,0;7,0\n4,0;8,0\n", encoding="utf-16")
    found = as_json(linreg, "model.json german.csv --decimal , --delimiter ';' --encoding utf-16")
    expected = as_json(linreg, "model.json off.csv")
    assert found.pop("largest_error")["line"] == expected.pop("largest_error")["line"]
    assert found == expected


@pytest.mark.parametrize("seed", [1, 2])
def test_shuffled_rows_in_ten_files_have_the_same_figures(linreg: Linreg, seed: int) -> None:
    learn_first(linreg, "star98", 100)
    header, *rows = Path("new.csv").read_text().splitlines()
    random.Random(seed).shuffle(rows)  # noqa: S311  # no secret
    for number in range(10):
        Path(f"part{number}.csv").write_text("\n".join([header, *rows[number::10], ""]))
    found = as_json(linreg, "model.json 'part*.csv' --check-drift")
    expected = as_json(linreg, "model.json new.csv --check-drift")
    assert found.pop("largest_error")["error"] == expected.pop("largest_error")["error"]
    assert found == expected


def test_small_blocks_have_the_same_figures(
    linreg: Linreg, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn_first(linreg, "star98", 100)
    expected = as_json(linreg, "model.json new.csv --check-drift")
    for size in (100, 1000, 5000):
        monkeypatch.setattr(sum_rows, "open_table", partial(open_table, chunk_bytes=size))
        assert as_json(linreg, "model.json new.csv --check-drift") == expected


@pytest.mark.usefixtures("line")
def test_rows_that_miss_a_cell_are_counted_and_left_out(linreg: Linreg) -> None:
    Path("gaps.csv").write_text("x,y\n1,6\n,7\n2,7\n3,NA\n4,8\n")
    done = evaluate(linreg, "model.json gaps.csv --json")
    assert done.stderr == "gaps.csv: 5 rows read, 3 used, 2 left out (missing cells: x 1, y 1)\n"
    assert json.loads(done.stdout)["mae"] == 4 / 3


@pytest.mark.usefixtures("line")
def test_quiet_prints_only_a_failed_condition(linreg: Linreg) -> None:
    assert evaluate(linreg, "model.json off.csv -q") == Result(0, "", "")
    command = ["evaluate", "model.json", "off.csv", "--fail-if", "rows > 1"]
    loud, quiet = linreg(*command), linreg(*command, "-q")
    assert (quiet.status, quiet.stdout) == (loud.status, "") == (6, "")
    assert quiet.stderr == loud.stderr[loud.stderr.index("Error: failed: rows > 1 ") :]


@pytest.mark.usefixtures("line")
def test_quiet_does_not_hide_json_or_warnings(linreg: Linreg) -> None:
    Path("numbers.csv").write_text("1,2\n1,5\n3,8\n4,8\n")
    linreg("train", "numbers.csv", *["--x", "1", "--y", "2", "--solver", "exact", "-q"])
    done = evaluate(linreg, "model.json numbers.csv --json -q")
    assert json.loads(done.stdout)["rows"] == 3
    assert done.stderr.startswith("Warning: numbers.csv: the first line has only numbers")


def test_a_weighted_model_is_evaluated_with_weights(linreg: Linreg) -> None:
    Path("w.csv").write_text("x,y,w\n1,5,1\n2,8,2\n3,9,1\n5,12,0.5\n")
    linreg("train", "w.csv", *["--x", "x", "--y", "y", "--weights", "w", "--solver", "exact", "-q"])
    Path("new.csv").write_text("w,x,y\n2,1,6\n1,2,9\n0,3,99\n")
    Path("repeated.csv").write_text("w,x,y\n1,1,6\n1,2,9\n1,1,6\n")
    done = evaluate(linreg, "model.json new.csv --json")
    assert done.stderr == "new.csv: 3 rows read, 2 used, 1 of weight 0\n"
    found, expected = json.loads(done.stdout), as_json(linreg, "model.json repeated.csv")
    for field in ("r2", "rmse", "mae", "mape", "bias"):
        assert found[field] == pytest.approx(expected[field], rel=1e-15), field
