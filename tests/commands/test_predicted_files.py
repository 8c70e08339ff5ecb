"""Predictions for files of many ranges, which the extension writes: their place, and errors."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.commands.test_errors_system import FULL
from tests.conftest import TIMEOUT, Linreg, Result, Shell, snapshot

pytestmark = [pytest.mark.shell, pytest.mark.usefixtures("big", "interruptible")]

ROWS = 80_000
PREDICT = "linreg predict model.json big.csv --column guess -q"


def expected(rows: range = range(ROWS)) -> str:
    """Return the records with 300 times the first number behind them."""
    return "".join(f"{500 + i % 2000},{i},{300.0 * (500 + i % 2000)}\n" for i in rows)


@pytest.fixture
def big(linreg: Linreg, houses: Path, folder: Path) -> None:
    train = f"train {houses.name} --x square_feet --y price -q --solver exact"
    assert linreg(*train.split()).status == 0
    rows = "".join(f"{500 + i % 2000},{i}\n" for i in range(ROWS))
    (folder / "big.csv").write_text("square_feet,row\n" + rows)


@pytest.mark.parametrize("to", ["> out.csv", "-o out.csv", "| cat > out.csv", ">> out.csv"])
def test_the_predictions_of_a_large_file_are_in_its_order(shell: Shell, to: str) -> None:
    if to.startswith(">>"):
        Path("out.csv").write_text("before\n")
    assert shell(f"{PREDICT} {to}") == Result(0, "", "")
    before = "before\n" if to.startswith(">>") else ""
    assert Path("out.csv").read_text() == f"{before}square_feet,row,guess\n{expected()}"


def test_the_predictions_of_two_large_files_follow_each_other(shell: Shell) -> None:
    assert shell(f"{PREDICT} big.csv > out.csv") == Result(0, "", "")
    assert Path("out.csv").read_text() == "square_feet,row,guess\n" + 2 * expected()


def test_rows_that_the_extension_leaves_stand_in_their_place(shell: Shell) -> None:
    lines = Path("big.csv").read_text().splitlines(keepends=True)
    lines[ROWS // 2] = f" 1{'0' * 20} ,here\n"
    Path("big.csv").write_text("".join(lines))
    warning = "Warning: square_feet: 1 value outside the training range 500 to 2500\n"
    assert shell(f"{PREDICT} > out.csv") == Result(0, "", warning)
    written = Path("out.csv").read_text()
    before, _, behind = written.partition(f" 1{'0' * 20} ,here,3e+22\n")
    assert before == "square_feet,row,guess\n" + expected(range(ROWS // 2 - 1))
    assert behind == expected(range(ROWS // 2, ROWS))


def test_a_full_disk_is_an_error(script: str) -> None:
    command = [script, *PREDICT.split()[1:]]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.stderr.decode(), done.returncode) == (FULL, 3)


@pytest.mark.parametrize("blocks", [500, 1200])  # the second one when Python writes the end
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_file_that_becomes_too_large_is_an_error(
    shell: Shell, blocks: int, unbuffered: str
) -> None:
    problem = "Error: cannot write standard output: File too large\n"
    done = shell(f"export PYTHONUNBUFFERED={unbuffered}; ulimit -f {blocks}; {PREDICT} > out.csv")
    assert (done.status, done.stderr) == (3, problem + FULL.partition("\n")[2])
    assert Path("out.csv").read_text() == ("square_feet,row,guess\n" + expected())[: 1024 * blocks]


def test_an_output_that_cannot_be_written_whole_leaves_the_old_one(
    shell: Shell, folder: Path
) -> None:
    Path("out.csv").write_text("old")
    before = snapshot(folder)
    assert shell(f"ulimit -f 1000; {PREDICT} -o out.csv") == Result(
        3,
        "",
        "Error: out.csv: cannot write the predictions: File too large\n"
        "Hint: Write it to another place: --output FILE\n",
    )
    assert snapshot(folder) == before


def test_ctrl_c_ends_a_prediction_that_waits_for_its_reader(script: str) -> None:
    command = [script, *PREDICT.split()[1:]]
    read, write = os.pipe()
    with subprocess.Popen(command, stdout=write, stderr=subprocess.PIPE) as process:
        os.close(write)
        sleeps_since = time.monotonic()
        while time.monotonic() < sleeps_since + 0.5:  # the pipe is full
            state = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0]
            if state != "S":
                sleeps_since = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(TIMEOUT) == 130
        assert process.stderr
        assert process.stderr.read() == b""
    os.close(read)
