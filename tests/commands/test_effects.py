"""Options that have no effect with others: a warning and the same result, or an error."""

import csv
import io
import json
import shlex
from pathlib import Path

import pytest

from tests.conftest import Linreg, Shell, snapshot

XY = "houses.csv --x square_feet --y price"


@pytest.fixture(autouse=True)
def models(linreg: Linreg, houses: Path) -> None:
    """Train a model of all rows, and one with a test part and folds."""
    assert houses.exists()
    assert linreg(*shlex.split(f"train {XY} -q --solver exact")).status == 0
    assert linreg(*shlex.split(f"train {XY} -q -o descent.json")).status == 0
    many = "".join(f"{x},{3 * x + x % 7}\n" for x in range(40))
    split = "--test-fraction 0.5 --folds 2 --seed 2 -o split.json"
    done = linreg(
        *shlex.split(f"train - --x x --y y -q --solver exact {split}"), stdin=f"x,y\n{many}"
    )
    assert done.status == 0


IGNORED = [
    *(
        (f"train {XY} -q -o - --solver exact", option, "--solver exact")
        for option in (
            "--learning-rate 0.1", "--epochs 7", "--tolerance 0.1", "--start random",
            "--log-every 3",
        )
    ),
    (f"train {XY} -q -o - --solver exact", "--no-scale", "--solver exact, without --l2"),
    (f"train {XY} -q -o - --solver exact", "--seed 3",
     "--solver exact, without --test-fraction or --folds"),
    (f"train {XY} -q -o -", "--seed 3", "--start zeros, without --test-fraction or --folds"),
    ("train model.json -q -o -", "--epochs 9", "--solver exact"),
    *(
        ("train model.json -q -o -", option,
         "a model as DATA: its rows have already been summed")
        for option in ("--delimiter ';'", "--decimal ,", "--threads 2", "--no-header")
    ),
    ("plot descent.json --kind loss", "--x square_feet", "--kind loss"),
    ("plot model.json houses.csv --kind residuals", "--confidence 0.5", "--kind residuals"),
    ("plot descent.json --kind surface", "--threads 2",
     "--kind surface, which is drawn from the model alone"),
    ("plot model.json", "--decimal ,", "no DATA"),
    ("replay model.json -q -o -", "--delimiter ';'", "no DATA"),
    *(
        ("predict model.json 1800", option, "typed values")
        for option in (
            "--column size", "--delimiter ';'", "--thousands ' '", "--encoding latin-1",
            "--no-header", "--threads 2",
        )
    ),
    ("predict model.json houses.csv --only", "--column size", "--only"),
]  # fmt: skip


@pytest.mark.parametrize(("command", "option", "because"), IGNORED)
def test_an_option_without_effect_is_told_and_changes_nothing(
    linreg: Linreg, command: str, option: str, because: str
) -> None:
    without = linreg(*shlex.split(command))
    done = linreg(*shlex.split(f"{command} {option}"))
    assert (done.status, done.stdout) == (0, without.stdout)
    assert without.status == 0
    warning = f"Warning: {option.split(maxsplit=1)[0]} has no effect with {because}\n"
    assert done.stderr.startswith(warning)
    assert "has no effect" not in done.stderr[len(warning) :]


REFUSED = [
    (f"train {XY} --solver exact", "--history h.csv", "--solver exact"),
    (f"train {XY} --solver exact", "--explain", "--solver exact"),
    *(
        (
            "train model.json -o o.json",
            option,
            "a model as DATA: its rows have already been summed",
        )
        for option in (
            "--rejects r.csv",
            "--weights w",
            "--test-fraction 0.2",
            "--folds 3",
            "--missing fail",
            "--explain",
            "--plot fit.svg",
        )
    ),
    (
        "train split.json -o o.json",
        "--folds 3",
        "a model as DATA: its rows have already been summed",
    ),
    (
        "train split.json -o o.json",
        "--seed 3",
        "a model as DATA: its rows have already been summed",
    ),
    ("plot model.json", "--rejects r.csv", "no DATA"),
    ("replay model.json", "--rejects r.csv", "no DATA"),
    ("predict model.json 1800", "--rejects r.csv", "typed values"),
]


@pytest.mark.parametrize(("command", "option", "because"), REFUSED)
def test_an_option_whose_result_would_be_missing_is_an_error(
    linreg: Linreg, folder: Path, command: str, option: str, because: str
) -> None:
    before = snapshot(folder)
    done = linreg(*shlex.split(f"{command} {option}"))
    assert (done.status, done.stdout) == (2, "")
    assert done.stderr == (
        f"Error: {option.split(maxsplit=1)[0]} has no effect with {because}\n"
        "Hint: Leave out one of the two.\n"
    )
    assert snapshot(folder) == before


@pytest.mark.parametrize("option", ["--formula 'price ~ square_feet'", "--category square_feet"])
def test_other_terms_for_a_model_are_refused_with_what_chooses_its_terms(
    linreg: Linreg, option: str
) -> None:
    done = linreg("train", "model.json", "-o", "o.json", *shlex.split(option))
    assert done.status == 2
    assert done.stderr.endswith(
        "Hint: --x and --without choose terms of the model; train on the rows for other terms.\n"
    )
    assert linreg("train", "model.json", "-o", "o.json", "--x", "square_feet").status == 0


@pytest.mark.parametrize(
    "options", ["--test-fraction 0.5", "--folds 2", "--seed 2", "--missing drop"]
)
def test_an_option_that_says_what_the_model_says_is_taken(linreg: Linreg, options: str) -> None:
    expected = linreg(*shlex.split("train split.json -q -o -"))
    done = linreg(*shlex.split(f"train split.json -q -o - {options}"))
    assert (done.status, done.stdout, done.stderr) == (0, expected.stdout, "")


def test_the_only_column_of_typed_values_is_the_prediction(linreg: Linreg) -> None:
    done = linreg("predict", "model.json", "1800", "--only")
    assert (done.status, done.stdout, done.stderr) == (0, "540000.0\n", "")


@pytest.mark.parametrize("kind", ["loss", "surface"])
def test_data_beside_a_plot_of_the_model_alone_is_not_read(linreg: Linreg, kind: str) -> None:
    expected = linreg("plot", "descent.json", "--kind", kind)
    for data in ("houses.csv", "missing.csv", "-"):
        done = linreg("plot", "descent.json", data, "--kind", kind)
        assert (done.status, done.stdout) == (0, expected.stdout)
        assert done.stderr.startswith(
            f"Warning: DATA has no effect with --kind {kind}, which is drawn from the model alone\n"
        )


def test_data_that_is_not_read_is_not_overwritten_either(linreg: Linreg, folder: Path) -> None:
    (folder / "d.svg").write_text("x,y\n")
    done = linreg("plot", "descent.json", "d.svg", "--kind", "loss", "-o", "d.svg")
    assert done.status == 2
    assert (folder / "d.svg").read_text() == "x,y\n"


def test_a_condition_on_drift_checks_drift(linreg: Linreg) -> None:
    done = linreg("evaluate", "model.json", "houses.csv", "--fail-if", "drift_p < 0.01", "--json")
    expected = linreg("evaluate", "model.json", "houses.csv", "--check-drift", "--json")
    assert done.status == 0
    assert done.stdout == expected.stdout


# both intervals


def test_both_intervals_are_those_that_stand_alone(linreg: Linreg) -> None:
    Path("d.csv").write_text("x,y\n1,2\n2,3\n3,7\n4,7.5\n")
    linreg("train", "d.csv", "--x", "x", "--y", "y", "--solver", "exact", "-q")
    tables = [
        list(csv.reader(io.StringIO(linreg("predict", "model.json", "d.csv", *more).stdout)))
        for more in (
            ["--interval", "0.9"],
            ["--confidence", "0.8"],
            ["--confidence", "0.8", "--interval", "0.9"],
        )
    ]
    of_row, of_mean, both = ([row[2:] for row in table] for table in tables)
    assert both[0] == ["predicted_y", "predicted_y_lower", "predicted_y_upper",
                       "predicted_y_mean_lower", "predicted_y_mean_upper"]  # fmt: skip
    assert both[1:] == [
        [*one, *other[1:]] for one, other in zip(of_row[1:], of_mean[1:], strict=True)
    ]
    typed = linreg("predict", "model.json", "2", "--interval", "0.9", "--confidence", "0.8")
    assert typed.stdout.rstrip("\n").split("\t") == both[2]


# predictions in a file


def test_predictions_go_to_a_file(linreg: Linreg) -> None:
    expected = linreg("predict", "model.json", "houses.csv").stdout
    done = linreg("predict", "model.json", "houses.csv", "-o", "p.csv")
    assert (done.status, done.stdout, done.stderr) == (0, "", "wrote p.csv\n")
    assert Path("p.csv").read_text() == expected
    typed = linreg("predict", "model.json", "1800", "-o", "p.csv", "-q")
    assert (typed.status, typed.stdout, typed.stderr) == (0, "", "")
    assert Path("p.csv").read_text() == "540000.0\n"


def test_a_prediction_that_fails_leaves_the_old_file(linreg: Linreg, folder: Path) -> None:
    Path("bad.csv").write_text("square_feet\n" + "1\n" * 2000 + "text\n")
    Path("p.csv").write_text("old\n")
    before = snapshot(folder)
    assert linreg("predict", "model.json", "bad.csv", "-o", "p.csv").status == 3
    assert snapshot(folder) == before


@pytest.mark.parametrize(
    "arguments",
    ["houses.csv -o houses.csv", "houses.csv -o model.json", "1800 -o model.json",
     "houses.csv -o r.csv --rejects r.csv"],
)  # fmt: skip
def test_predictions_overwrite_no_input(linreg: Linreg, folder: Path, arguments: str) -> None:
    before = snapshot(folder)
    done = linreg("predict", "model.json", *arguments.split())
    assert done.status == 2
    assert "is named twice: it would be overwritten" in done.stderr
    assert snapshot(folder) == before


# the history on standard output


def test_the_history_goes_to_standard_output(linreg: Linreg, folder: Path) -> None:
    linreg(*shlex.split(f"train {XY} --epochs 9 -q --history h.csv -o one.json"))
    done = linreg(*shlex.split(f"train {XY} --epochs 9 -q --history - -o other.json"))
    assert done.status == 0
    assert done.stdout == (folder / "h.csv").read_text()
    assert (folder / "one.json").read_bytes() == (folder / "other.json").read_bytes()


def test_a_reader_of_the_history_that_goes_away_does_not_take_the_model(
    shell: Shell, folder: Path
) -> None:
    done = shell(f"linreg train {XY} --epochs 3000 --log-every 1 --tolerance 0 -q "
                 "--history - -o new.json | head -1")  # fmt: skip
    assert done.stdout == "epoch,loss,b,m\n"
    assert json.loads((folder / "new.json").read_bytes())["training"]["epochs"] > 1


def test_a_history_of_a_descent_that_diverges_is_written_before_the_error(linreg: Linreg) -> None:
    done = linreg(*shlex.split(f"train {XY} --no-scale --learning-rate 1 -q --history -"))
    assert done.status == 5
    assert done.stdout.startswith("epoch,loss,b,m\n0,")
