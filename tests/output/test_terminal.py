"""What a person sees: on a real pseudo-terminal, and in a pipe."""

import contextlib
import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import threading
from pathlib import Path

import pytest

from tests.conftest import HOUSES, TIMEOUT, Linreg

COMMAND = "train houses.csv --x square_feet --y price"
BOX = set("┏┳┓┃┡╇┩│└┴┘━─╸╺")
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
COLOUR = re.compile(r"\x1b\[(?:[0-9]+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9]+)*m")

pytestmark = pytest.mark.usefixtures("houses")


class Terminal:
    """A pseudo-terminal in which the installed script runs."""

    def __init__(self, command: list[str], *, rows: int, columns: int, **variables: str) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        ours = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"}
        environment = {name: text for name, text in os.environ.items() if name not in ours}
        environment |= {"TERM": "xterm-256color", **variables}
        self._process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=environment
        )
        os.close(slave)
        self.text = ""
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def has_shown(self, text: str, *, seconds: float = 0) -> bool:
        """Return whether a text was shown, or is within some time."""
        with self._news:
            return self._news.wait_for(lambda: text in self.text, seconds)

    def interrupt(self) -> None:
        self._process.send_signal(signal.SIGINT)

    def status(self) -> int:
        """Wait for the end."""
        self._reader.join()
        os.close(self._master)
        return self._process.wait(TIMEOUT)

    def _read(self) -> None:
        with contextlib.suppress(OSError):  # what Linux says when the other side is closed
            while piece := os.read(self._master, 1 << 16):
                with self._news:
                    self.text += piece.decode(errors="replace").replace("\r\n", "\n")
                    self._news.notify_all()


def watch(
    script: str, *arguments: str, rows: int = 40, columns: int = 100, **variables: str
) -> tuple[int, str]:
    terminal = Terminal([script, *arguments], rows=rows, columns=columns, **variables)
    return terminal.status(), terminal.text


def last_table(text: str) -> list[list[str]]:
    """Return the cells of the table that stays on the screen, the header first."""
    lines = CONTROL.sub("", text).rpartition("┏")[2].splitlines()
    return [re.split(r"\s*[┃│]\s*", line)[1:-1] for line in lines if set("┃│") & set(line)]


@pytest.fixture
def rooms(folder: Path) -> Path:
    path = folder / "rooms.csv"
    path.write_text(
        "number of bedrooms above ground,number of bathrooms,[bold]lot[/bold],price\n"
        "2,1,3.5,210750.5\n3,2,4.25,329000\n3,1,8,287500\n4,3,6.125,455250\n2,2,1,240000\n"
    )
    return path


ROOMS = [
    "train", "rooms.csv", "--x", "number of bedrooms above ground", "--x", "number of bathrooms",
    "--x", "[bold]lot[/bold]", "--y", "price",
]  # fmt: skip


# On a terminal


@pytest.fixture(scope="module")
def seen(script: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return what a person sees of a training that goes well."""
    folder = tmp_path_factory.mktemp("terminal")
    (folder / "houses.csv").write_bytes(HOUSES)
    command = COMMAND.replace("houses.csv", str(folder / "houses.csv"))
    status, text = watch(script, *command.split(), "-o", str(folder / "model.json"))
    assert status == 0
    return text.replace(f"{folder}/", "")


def test_the_epochs_are_a_table_on_a_terminal(seen: str) -> None:
    header, *rows = last_table(seen)
    assert header == ["epoch", "loss", "gap", "b", "m"]
    assert [row[0] for row in rows] == ["0", "1", "2", "4", "8", "16", "32", "40"]
    # half of the way to 300 in every epoch
    assert [float(row[4]) for row in rows[:4]] == [300 * (1 - 0.5**n) for n in (0, 1, 2, 4)]


def test_no_bar_is_left_when_the_training_has_ended(seen: str) -> None:
    left = CONTROL.sub("", seen).rpartition("┘")[2]
    assert left.splitlines()[1].startswith("converged after 40 epochs: ")
    assert not re.search(r"━|/5000", left)


def test_the_summary_follows_the_table(seen: str) -> None:
    assert seen.startswith("houses.csv: 5 rows read, 5 used\n")
    assert "converged after 40 epochs: " in seen.rpartition("┘")[2]
    assert seen.endswith("\nwrote model.json\n")


def test_a_terminal_has_colours(script: str, seen: str) -> None:
    assert COLOUR.search(seen)
    assert COLOUR.search(watch(script, "train", "nowhere.csv")[1])


def test_a_short_reading_shows_no_bar(seen: str) -> None:
    assert "reading" not in seen


@pytest.mark.parametrize("command", [COMMAND, "train houses.csv.gz"])
def test_no_color_is_honoured(script: str, command: str) -> None:
    text = watch(script, *command.split(), NO_COLOR="1")[1]
    assert "houses.csv" in text
    assert not COLOUR.search(text)


def test_a_dumb_terminal_gets_no_control_codes(script: str) -> None:
    status, text = watch(script, *COMMAND.split(), TERM="dumb")
    assert (status, "\x1b" in text) == (0, False)
    assert "converged after 40 epochs" in text


def test_quiet_shows_nothing_on_a_terminal(script: str) -> None:
    assert watch(script, *COMMAND.split(), "-q") == (0, "")


def test_names_like_markup_are_shown_as_they_are(script: str, rooms: Path) -> None:
    assert rooms.exists()
    status, text = watch(script, *ROOMS, columns=200)
    assert status == 0
    assert "m [bold]lot[/bold]" in last_table(text)[0]


def test_control_characters_do_not_reach_the_terminal(script: str, folder: Path) -> None:
    (folder / "d.csv").write_text("x\x1b]0;title\x07,y\n1,2\n2,5\n4,5\n")
    status, text = watch(script, "train", "d.csv", "--x", "x\x1b]0;title\x07", "--y", "y")
    assert (status, "\x1b]0;" in text, "\x07" in text) == (0, False, False)


def test_numbers_are_not_cut_on_a_terminal_of_80_columns(script: str, rooms: Path) -> None:
    rooms.write_text(rooms.read_text().replace("number of ", "").replace("[bold]lot[/bold]", "lot"))
    columns = ["--x", "bedrooms above ground", "--x", "bathrooms", "--x", "lot", "--y", "price"]
    status, text = watch(script, "train", "rooms.csv", *columns, columns=80)
    assert status == 0
    header, *rows = last_table(text)
    assert [cell for row in rows for cell in row if "…" in cell] == []
    assert header[:3] == ["epoch", "loss", "gap"]
    assert [len(row) for row in rows] == [len(header)] * len(rows)
    # what has no room with five digits is left out, from the right, and named
    names = ["m bedrooms above ground", "m bathrooms", "m lot"]
    named = ", ".join(names[len(header) - 4 :])
    assert ("not in the table: " in text) == bool(named)
    assert f"not in the table: {named}; " in text or not named


def test_weights_without_room_are_left_out_of_a_narrow_table(script: str, rooms: Path) -> None:
    assert rooms.exists()
    status, text = watch(script, *ROOMS, columns=60)
    header, *rows = last_table(text)
    assert (status, header[:3], len(header) < 7) == (0, ["epoch", "loss", "gap"], True)
    assert all(len(line) <= 60 for line in CONTROL.sub("", text).splitlines() if "│" in line)
    assert float(rows[0][1]) > 1e10  # with its digits
    assert "not in the table: " in text
    assert text.count("m [bold]lot[/bold]") >= 2  # there, and among the weights at the end


def test_a_low_terminal_keeps_the_last_epochs_in_sight(script: str) -> None:
    _, text = watch(script, *COMMAND.split(), rows=12)
    assert [row[0] for row in last_table(text)[-3:]] == ["16", "32", "40"]


def test_an_error_on_a_terminal_is_one_message_and_one_hint(script: str) -> None:
    status, text = watch(script, "train", "house.csv", "--x", "a", "--y", "b")
    assert CONTROL.sub("", text) == (
        "Error: house.csv: no such file\nHint: did you mean 'houses.csv'?\n"
    )
    assert status == 3


def test_divergence_leaves_the_epochs_in_sight(script: str) -> None:
    status, text = watch(script, *COMMAND.split(), "--learning-rate", "1.5")
    assert [row[0] for row in last_table(text)] == ["epoch", "0", "1", "2", "4", "8", "10"]
    assert "\nError: diverged: " in CONTROL.sub("", text)
    assert (status, text.count("\x1b[?25l")) == (5, text.count("\x1b[?25h"))


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_on_a_terminal_writes_the_model_and_shows_the_cursor(script: str) -> None:
    command = f"{COMMAND} --learning-rate 1e-12 --epochs 1000000000 --log-every 100"
    terminal = Terminal([script, *command.split()], rows=40, columns=100)
    assert terminal.has_shown("/1000000000", seconds=TIMEOUT)  # the bar, while it runs
    terminal.interrupt()
    assert terminal.status() == 130
    assert json.loads(Path("model.json").read_bytes())["training"]["stopped"] == "interrupted"
    assert terminal.text.count("\x1b[?25l") == terminal.text.count("\x1b[?25h") == 1
    assert "Traceback" not in terminal.text
    assert terminal.text.endswith("\nwrote model.json\n")
    assert "/1000000000" not in CONTROL.sub("", terminal.text).rpartition("┘")[2]


def test_predict_without_input_on_a_terminal_does_not_wait(script: str, linreg: Linreg) -> None:
    assert linreg(*COMMAND.split(), "-q").status == 0
    status, text = watch(script, "predict", "model.json", NO_COLOR="1")
    assert text == (
        "Error: there is no input to predict for\n"
        "Hint: Give values, CSV files, or - for CSV on standard input.\n"
    )
    assert status == 2


def test_a_long_reading_shows_bytes_and_rows_per_second(script: str, folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    command = [script, *"train pipe --x x --y y".split()]  # noqa: SIM905  # as typed
    terminal = Terminal(command, rows=24, columns=120)
    rows = b"".join(b"%d,%d\n" % (i, i * 7 % 1000) for i in range(50_000))
    with (folder / "pipe").open("wb") as pipe:
        pipe.write(b"x,y\n")
        for _ in range(4000):  # until it is shown; the file ends for a reader that never does
            pipe.write(rows)
            if terminal.has_shown("rows/s"):
                break
    assert terminal.status() == 0
    shown = CONTROL.sub("", terminal.text)
    assert re.search(
        r"reading ━+ [0-9.]+/\? [kM]B [0-9.]+ [kM]B/s [0-9,]+ rows, [0-9,]+ rows/s", shown
    )


# In a pipe


def test_a_pipe_gets_plain_lines(installed: Linreg) -> None:
    result = installed(*COMMAND.split())
    assert (result.status, BOX & set(result.stderr), "\x1b" in result.stderr) == (0, set(), False)


def test_a_pipe_gets_plain_lines_whatever_the_environment(
    installed: Linreg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in installed(*COMMAND.split()).stderr
    assert "\x1b" not in installed("train", "nowhere.csv").stderr


@pytest.mark.usefixtures("rooms")
def test_nothing_is_cut_at_80_columns_in_a_pipe(installed: Linreg) -> None:
    stderr = installed(*ROOMS).stderr
    header = next(line for line in stderr.splitlines() if line.split()[:1] == ["epoch"])
    for name in ("number of bedrooms above ground", "number of bathrooms", "[bold]lot[/bold]"):
        assert f"m {name}" in header
    assert len(header) > 80
    assert "…" not in stderr


@pytest.mark.usefixtures("rooms")
@pytest.mark.parametrize("command", [COMMAND.split(), ROOMS], ids=["short names", "long names"])
def test_the_plain_lines_are_aligned(installed: Linreg, command: list[str]) -> None:
    lines = installed(*command).stderr.splitlines()
    first = next(i for i, line in enumerate(lines) if line.split()[:1] == ["epoch"])
    table = [lines[first], *(line for line in lines[first:] if line.strip()[:1].isdigit())]
    # right-aligned: all end where the header ends
    assert {len(line) for line in table} == {len(table[0])}
    assert len(table) > 5
