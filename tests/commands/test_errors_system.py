"""Messages of full disks, closed streams and missing permissions; a bug keeps its traceback."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.commands.error_cases import ROWS, XY, prepare
from tests.conftest import Linreg, Result, Shell, snapshot

as_root = pytest.mark.skipif(os.geteuid() == 0, reason="modes do not bind root")


FULL = (
    "Error: cannot write standard output: No space left on device\n"
    "Hint: Free some space, or write to another disk.\n"
)


@pytest.mark.usefixtures("house_models")
@pytest.mark.parametrize(
    "arguments",
    [
        "predict model.json 1800",
        "predict model.json old.csv --column guess",
        "predict model.json old.csv --only",
        "train old.csv --x square_feet --y price -q -o -",
    ],
)
def test_a_full_disk_behind_standard_output_is_an_error(script: str, arguments: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [script, *arguments.split()], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (done.stderr.decode(), done.returncode) == (FULL, 3)


def test_a_model_that_cannot_be_written_whole_leaves_the_old_one(
    shell: Shell, folder: Path
) -> None:
    before = prepare(folder, ROWS)
    result = shell(f"ulimit -f 0; linreg train {XY} -q")  # no file may have a byte
    assert result == Result(
        4,
        "",
        "Error: model.json: cannot write the model: File too large\n"
        "Hint: Write it to another place: --output FILE\n",
    )
    assert snapshot(folder) == before


@pytest.mark.usefixtures("house_models")
@pytest.mark.parametrize(
    "arguments",
    ["predict model.json 1800", "train old.csv --x square_feet --y price -q -o -"],
)
def test_a_closed_standard_output_is_an_error_with_a_hint(shell: Shell, arguments: str) -> None:
    done = shell(f"linreg {arguments} >&-")
    assert done.stderr.startswith("Error: cannot write standard output")
    assert (done.stderr.count("\nHint: "), done.status) == (1, 3)


@pytest.mark.usefixtures("house_models")
def test_a_closed_standard_input_is_nothing_to_predict_for(shell: Shell) -> None:
    assert shell("linreg predict model.json <&-") == Result(
        2,
        "",
        "Error: there is no input to predict for\n"
        "Hint: Give values, CSV files, or - for CSV on standard input.\n",
    )


@as_root
def test_data_that_may_not_be_read_is_an_error(linreg: Linreg, folder: Path) -> None:
    before = prepare(folder, ROWS)
    (folder / "d.csv").chmod(0)
    result = linreg("train", *XY.split(), "--quiet")
    assert result.stderr == "Error: d.csv: no permission to read it\nHint: chmod +r d.csv\n"
    assert result.status == 3
    (folder / "d.csv").chmod(0o600)
    assert snapshot(folder) == before


@as_root
@pytest.mark.parametrize("locked", [".", "model.json"])
def test_a_place_that_may_not_be_written_is_an_error(
    linreg: Linreg, folder: Path, locked: str
) -> None:
    before = prepare(folder, ROWS)
    (folder / locked).chmod(0o555)
    result = linreg("train", *XY.split(), "--quiet")
    (folder / locked).chmod(0o755)
    assert result.stderr == (
        "Error: model.json: cannot write the model: Permission denied\n"
        "Hint: Write it to another place: --output FILE\n"
    )
    assert result.status == 4
    assert snapshot(folder) == before


def test_a_bug_keeps_its_traceback(
    linreg: Linreg, houses: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("linreg_cli.commands.reading_rows.sum_rows", fail)
    with pytest.raises(ZeroDivisionError, match="a bug"):
        linreg("train", houses.name, "--x", "square_feet", "--y", "price")
