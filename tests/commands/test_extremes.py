"""Numbers at the ends of float64, in every command: a result or a message, never a traceback."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Linreg

VALUES = {
    "huge": ["1e308", "1.7e308", "-1.7e308", "1e307"],
    "subnormal": ["5e-324", "1e-323", "2e-322", "3e-310"],
    "mixed": ["1e308", "5e-324", "1", "0"],
    "plain": ["1", "2.5", "3", "7"],
}
TRAININGS = [
    "--solver exact",
    "--epochs 5 --no-intercept",
    "--l2 1e308",
    "--l2 1e308 --solver exact",
    "--l2 5e-324",
]
COMMANDS = [
    "show m.json",
    "show m.json --json",
    "evaluate m.json d.csv --check-drift",
    "predict m.json d.csv --interval 0.95",
    "predict m.json 1e308",
    "plot m.json d.csv",
    "plot m.json d.csv --kind residuals",
    "plot m.json --kind loss",
    "replay m.json d.csv -o r.html",
    "update m.json d.csv -o u.json",
    "merge m.json m.json -o u.json",
    "export m.json --to python",
]
KNOWN = {0, 2, 3, 4, 5, 6}


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("training", TRAININGS)
@pytest.mark.parametrize(
    ("x", "y"),
    [("huge", "huge"), ("huge", "subnormal"), ("subnormal", "huge"), ("subnormal", "subnormal"),
     ("mixed", "mixed"), ("plain", "plain"), ("plain", "huge")],
)  # fmt: skip
def test_extreme_numbers_give_a_result_or_a_message(
    linreg: Linreg, x: str, y: str, training: str
) -> None:
    rows = "".join(f"{a},{b}\n" for a, b in zip(2 * VALUES[x], 2 * VALUES[y], strict=True))
    Path("d.csv").write_text(f"x,y\n{rows}")
    done = linreg(*shlex.split(f"train d.csv --x x --y y -q -o m.json {training}"))
    assert done.status in KNOWN
    if not Path("m.json").exists():
        assert done.stderr.startswith("Error: ")
        return
    for command in COMMANDS:
        done = linreg(*shlex.split(command))
        assert done.status in KNOWN, command
        assert done.status == 0 or "Error: " in done.stderr, command


def run(*words: str, stdout: int | None = None, cwd: Path | None = None) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "linreg_cli", *words],
        stdout=stdout if stdout is not None else subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        cwd=cwd,
    )
    return done.returncode, done.stderr


@pytest.mark.shell
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is full")
@pytest.mark.parametrize("words", [["--help"], ["--version"], ["train", "--help"]])
def test_a_text_for_a_full_disk_is_an_error(words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        status, errors = run(*words, stdout=full.fileno())
    assert (status, errors) == (
        3,
        "Error: cannot read or write: No space left on device\nHint: Is the disk full?\n",
    )


@pytest.mark.shell
@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a folder that is in use")
@pytest.mark.parametrize("words", ["--help", "--version", "show m.json", "train d.csv -x a -y b"])
def test_a_folder_that_was_deleted_is_no_traceback(words: str, tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from linreg_cli.app import main\n"
        "os.chdir(sys.argv[1]); Path(sys.argv[1]).rmdir(); main(sys.argv[2:])"
    )
    gone = tmp_path / "gone"
    gone.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", program, str(gone), *words.split()],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode in KNOWN


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="only Linux has such a file")
@pytest.mark.parametrize(
    "words", ["train /proc/self/mem --x a --y b", "columns /proc/self/mem", "show /proc/self/mem"]
)
def test_a_file_whose_first_byte_cannot_be_read_is_an_error(linreg: Linreg, words: str) -> None:
    done = linreg(*words.split())
    assert done.status in {3, 4}
    assert done.stderr.startswith("Error: /proc/self/mem: cannot be read: ")
