"""Files and models that several tests of commands start from."""

from pathlib import Path

import pytest

from tests.commands.adding_runs import SACRAMENTO
from tests.commands.error_cases import learn_models
from tests.commands.evaluate_runs import LINE, OFF
from tests.commands.statistics_error_cases import learn_models_of_files
from tests.commands.validation_runs import marked_rows, write
from tests.conftest import Linreg


@pytest.fixture
def rows(folder: Path) -> list[dict[str, str]]:
    """Put d.csv into the folder, and return its rows."""
    table = marked_rows()
    write(str(folder / "d.csv"), table)
    return table


@pytest.fixture
def shards(folder: Path) -> list[str]:
    """Cut the real data into three files."""
    header, *rows = SACRAMENTO.read_text().splitlines(keepends=True)
    names = ["a.csv", "b.csv", "c.csv"]
    cuts = [0, 200, 333, len(rows)]
    for name, start, stop in zip(names, cuts, cuts[1:], strict=False):
        (folder / name).write_text(header + "".join(rows[start:stop]))
    return names


@pytest.fixture
def line(linreg: Linreg) -> None:
    """Learn model.json, y = 2x + 3, and put off.csv into the folder."""
    Path("line.csv").write_text(LINE)
    Path("off.csv").write_text(OFF)
    done = linreg("train", "line.csv", "--x", "x", "--y", "y", "--solver", "exact", "-q")
    assert (done.status, done.stderr) == (0, "")


@pytest.fixture
def house_models(linreg: Linreg, folder: Path) -> None:
    """Put model.json and rooms.json into the folder."""
    learn_models(linreg, folder)


@pytest.fixture
def models_of_files(linreg: Linreg, folder: Path) -> None:
    """Put the models of statistics_error_cases.py and their files into the folder."""
    learn_models_of_files(linreg, folder)
