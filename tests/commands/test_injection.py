"""No command prints control characters of names, paths, cells and options to a terminal.

Every command runs with standard output and error on a pseudo-terminal, of which all that it gets
is kept. The characters that linreg itself may send, for colours and progress bars, are taken away
by the grammar of ECMA-48; the payload is of another kind (OSC, BEL, CR, C1 and bidi marks).
"""

import os
import pty
import re
import subprocess
import termios
from pathlib import Path

import pytest

from tests.conftest import TIMEOUT

EVIL = "a\x1b]0;owned\x07\x9b31m\u202e\u2066\r\x08\x7fz"
"""A title for the window, a bell, an 8-bit CSI, two bidi marks, CR, backspace and delete."""
RAW = ["\x1b]", "\x07", "\x9b", "\u202e", "\u2066", "\r", "\x08", "\x7f"]

_OURS = re.compile(r"\r?\x1b\[[0-9;?]*[A-Za-z]")
"""CSI sequences: colours, and the movements of a progress bar, which begin with CR."""

CSV = f'"{EVIL}","y {EVIL}","t {EVIL}"\n1,2,"{EVIL}"\n2,4.5,b\n3,6,c\n4,8,d\n'
X = ["--x", EVIL, "--y", f"y {EVIL}"]
DATA, MODEL = f"d{EVIL}.csv", f"m{EVIL}.json"


def on_terminal(script: str, *args: str, env: dict[str, str] | None = None) -> str:
    """Run linreg on a pseudo-terminal, and give all that it printed there."""
    ours, theirs = pty.openpty()
    raw = termios.tcgetattr(theirs)
    raw[1] &= ~termios.OPOST  # so that no CR is put before LF
    termios.tcsetattr(theirs, termios.TCSANOW, raw)
    process = subprocess.Popen(
        [script, *args],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "COLUMNS": "200", "TERM": "xterm", **(env or {})},
    )
    os.close(theirs)
    printed = b""
    try:
        while piece := os.read(ours, 1 << 16):
            printed += piece
    except OSError:  # what Linux says where the other end is closed
        pass
    finally:
        os.close(ours)
        process.wait(TIMEOUT)
    return _OURS.sub("", printed.decode())


def raw_characters(text: str) -> list[str]:
    return [character for character in RAW if character in text]


@pytest.fixture
def evil(script: str, folder: Path) -> Path:
    (folder / DATA).write_text(CSV, newline="")
    done = subprocess.run([script, "train", DATA, *X, "-q", "-o", MODEL], check=False)
    assert done.returncode == 0
    return folder


OPTIONS = [
    ["train", DATA, *X, "--epochs", EVIL],
    ["train", DATA, *X, "--learning-rate", EVIL],
    ["train", DATA, *X, "--solver", EVIL],
    ["train", DATA, *X, "--l2", f"1,{EVIL}"],
    ["train", DATA, *X, "--folds", EVIL],
    ["train", DATA, *X, "--cluster", EVIL],
    ["train", DATA, *X, f"--no{EVIL}"],
    ["train", DATA, *X, "--delimiter", EVIL],
    ["train", DATA, *X, "--encoding", EVIL],
    ["train", DATA, *X, "--missing", EVIL],
    ["train", DATA, "--x", f"no{EVIL}", "--y", "y"],
    ["train", DATA],
    ["train", f"none{EVIL}.csv", *X],
    ["train", f"none{EVIL}*.csv", *X],
    ["train", DATA, *X, "--plot", f"p{EVIL}.txt"],
    ["predict", MODEL, f"-{EVIL}"],
    ["predict", MODEL, "--interval", EVIL],
    ["predict", MODEL, f"{EVIL}=x"],
    ["predict", MODEL, f"no{EVIL}=1"],
    ["evaluate", MODEL, DATA, "--fail-if", EVIL],
    ["evaluate", MODEL, DATA, "--threads", EVIL],
    ["export", MODEL, "--to", EVIL],
    ["plot", MODEL, "--kind", EVIL],
    ["plot", MODEL, DATA, "-o", f"p{EVIL}.txt"],
    ["show", f"none{EVIL}"],
    ["show", DATA],
    ["show", MODEL, "--confidence", EVIL],
    ["show", MODEL, EVIL],
    ["columns", DATA, "--y", f"no{EVIL}"],
    ["merge", MODEL, DATA, "-o", "o.json"],
    ["update", DATA, MODEL],
    ["replay", MODEL, "-o", f"none{EVIL}/r.html"],
    [f"tr{EVIL}"],
    [f"--{EVIL}"],
]
RUNS = [
    ["train", DATA, *X, "-o", f"o{EVIL}.json"],
    ["train", DATA, *X, "-o", "-"],
    ["train", DATA, *X, "--explain", "--epochs", "3", "-o", "o.json"],
    ["train", DATA, *X, "--solver", "exact", "-o", "o.json"],
    ["train", DATA, "--x", f"t {EVIL}", "--y", EVIL, "-o", "o.json"],
    ["train", DATA, "--x", f"t {EVIL}", "--y", EVIL, "--rejects", f"r{EVIL}", "-o", "o.json"],
    ["train", DATA, *X, "--plot", f"p{EVIL}.svg", "-o", "o.json"],
    ["show", MODEL],
    ["show", MODEL, "--json"],
    ["show", MODEL, "--markdown"],
    ["show", MODEL, "--latex"],
    ["predict", MODEL, DATA],
    ["predict", MODEL, DATA, "--only"],
    ["predict", MODEL, "99"],
    ["predict", MODEL, f"{EVIL}=99", "--interval", "0.9"],
    ["evaluate", MODEL, DATA],
    ["evaluate", MODEL, DATA, "--json"],
    ["columns", DATA],
    ["columns", DATA, "--json"],
    ["columns", DATA, "--y", EVIL],
    ["plot", MODEL],
    ["plot", MODEL, DATA],
    ["plot", MODEL, DATA, "--kind", "residuals"],
    ["plot", MODEL, "--kind", "loss"],
    ["plot", MODEL, "--kind", "surface"],
    ["update", MODEL, DATA, "-o", "o.json"],
    ["merge", MODEL, MODEL, "-o", f"o{EVIL}"],
    ["replay", MODEL, DATA, "-o", f"r{EVIL}.html"],
    ["replay", MODEL, "-o", "-"],
    *(
        ["export", MODEL, "--to", target]
        for target in ("awk", "c", "excel", "javascript", "latex", "python", "sql")
    ),
]


@pytest.mark.usefixtures("evil")
@pytest.mark.parametrize("args", OPTIONS, ids=range(len(OPTIONS)))
def test_a_mistake_is_told_without_control_characters(script: str, args: list[str]) -> None:
    printed = on_terminal(script, *args)
    assert "Error" in printed
    assert raw_characters(printed) == [], printed


@pytest.mark.usefixtures("evil")
@pytest.mark.parametrize("args", RUNS, ids=range(len(RUNS)))
def test_a_result_is_shown_without_control_characters(script: str, args: list[str]) -> None:
    printed = on_terminal(script, *args)
    assert printed
    assert "Traceback" not in printed
    assert raw_characters(printed) == [], printed


@pytest.mark.usefixtures("evil")
@pytest.mark.parametrize("args", [["predict", MODEL, DATA], ["export", MODEL, "--to", "sql"]])
def test_data_for_a_program_stays_as_it_is(script: str, args: list[str]) -> None:
    done = subprocess.run([script, *args], capture_output=True, check=True)
    assert "\x1b]0;owned\x07" in done.stdout.decode()


@pytest.mark.usefixtures("evil")
def test_tabs_and_line_ends_of_predictions_stay(script: str, folder: Path) -> None:
    (folder / "t.csv").write_text(CSV.replace(",", "\t").replace("\n", "\r\n"), newline="")
    printed = on_terminal(script, "predict", MODEL, "t.csv", "-q")
    assert printed.splitlines()[-1].startswith("4\t8\td\t")
    assert raw_characters(printed.replace("\r\n", "\n")) == []
