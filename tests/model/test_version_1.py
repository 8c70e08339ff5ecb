"""Model files of version 1, as the release before the center wrote them, are still read."""

import json
from pathlib import Path

import pytest

from linreg_cli.model.model_file import load_model
from tests.conftest import Linreg

FOLDER = Path(__file__).parents[1] / "data" / "version_1"
PREDICTIONS: dict[str, list[tuple[list[str], str]]] = json.loads(
    (FOLDER / "predictions.json").read_text()
)
"""What that release predicted for typed values."""
FILES = sorted(path.name for path in FOLDER.glob("*.json") if path.name != "predictions.json")
each_file = pytest.mark.parametrize("name", FILES)


def test_the_files_are_of_each_kind() -> None:
    assert sorted(PREDICTIONS) == FILES
    assert len(FILES) == 10
    assert all(PREDICTIONS.values())


@each_file
def test_typed_values_get_the_bytes_that_they_got(linreg: Linreg, name: str) -> None:
    for values, printed in PREDICTIONS[name]:
        assert linreg("predict", str(FOLDER / name), "-q", "--", *values).stdout == f"{printed}\n"


@each_file
def test_rows_of_csv_get_the_bytes_that_they_got(linreg: Linreg, name: str) -> None:
    rows = [",".join(values) for values, _ in PREDICTIONS[name]]
    text = "\n".join([",".join(load_model(str(FOLDER / name)).x), *rows, ""])
    done = linreg("predict", str(FOLDER / name), "-", "--only", "-q", stdin=text)
    assert done.stdout.splitlines() == [printed for _, printed in PREDICTIONS[name]]


@each_file
def test_the_model_is_shown_exported_and_trained_again(linreg: Linreg, name: str) -> None:
    path = str(FOLDER / name)
    assert linreg("show", path).status == 0
    assert linreg("export", path, "--to", "python").status == 0
    assert linreg("train", path, "-q", "-o", "again.json").status == 0
    again = json.loads(Path("again.json").read_text())
    assert (again["version"], list(again["center"])) == (2, again["x"])


def test_weights_that_lost_the_fit_are_told(linreg: Linreg) -> None:
    path = str(FOLDER / "nanoseconds.json")
    lost = "its m and b as 64-bit floats cannot hold the fit; linreg train MODEL -o FILE mends it"
    shown = " ".join(linreg("show", path).stdout.split())
    assert f"Note: the saved weights are not those of the perfect fit: {lost}" in shown
    done = linreg("predict", path, "1700000000000000100", "--interval", "0.95")
    assert done.stderr == (
        f"Warning: intervals are as wide as those of the least-squares fit, but {lost}\n"
    )


def test_training_again_mends_them(linreg: Linreg) -> None:
    linreg("train", str(FOLDER / "nanoseconds.json"), "-q", "--solver", "exact", "-o", "m.json")
    assert linreg("predict", "m.json", "1700000000000000000").stdout == "5.0\n"
