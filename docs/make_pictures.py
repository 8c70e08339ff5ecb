"""Draws the pictures of README.md and the guides from what commands show in a terminal."""

import fcntl
import os
import pty
import re
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from itertools import groupby
from pathlib import Path

import pyte
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import MONOKAI
from rich.text import Text

FOLDER = Path(__file__).parent
WIDTH = 80
LINES = 120
TERMINALS = {
    "training.svg": (
        "linreg train data/houses.csv --x square_feet --y price",
        "linreg predict model.json 1800",
    ),
}
"""The pictures of a terminal, and the commands that it shows."""
FILES = {
    "fit.svg": (
        "linreg train data/sacramento.csv --x sqft --y price -q",
        "linreg plot model.json data/sacramento.csv -o fit.svg",
    ),
    "residuals.png": (
        "linreg train data/sacramento.csv --x sqft --y price -q",
        "linreg plot model.json data/sacramento.csv --kind residuals -o residuals.png",
    ),
    "loss.svg": (
        "linreg train data/sacramento.csv --x sqft --y price --test-fraction 0.2 -q",
        "linreg plot model.json --kind loss -o loss.svg",
    ),
    "surface.svg": (
        "linreg train data/sacramento.csv --x sqft --y price -q",
        "linreg plot model.json --kind surface -o surface.svg",
    ),
    "replay.png": (
        "linreg train data/sacramento.csv --x sqft --y price -q",
        "linreg replay model.json data/sacramento.csv -o replay.html",
        (
            "chromium --headless --no-sandbox --disable-gpu --hide-scrollbars "
            "--virtual-time-budget=4000 --window-size=1100,1000 --screenshot=replay.png replay.html"
        ),
    ),
}
"""The pictures that linreg or a browser writes, and the commands that write them."""


def main() -> None:
    """Draw all pictures, in a temporary folder with a copy of the data."""
    with tempfile.TemporaryDirectory() as place:
        shutil.copytree(FOLDER.parent / "data", Path(place, "data"))
        for name, commands in TERMINALS.items():
            shown = [line for command in commands for line in run(command, place)]
            (FOLDER / name).write_text(draw(shown, name), encoding="utf-8")
        for name, commands in FILES.items():
            for command in commands:
                run(command, place)
            shutil.copy(Path(place, name), FOLDER / name)


def run(command: str, place: str) -> list[Text]:
    """Return the prompt of a command, and the lines of the terminal when it has ended."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, WIDTH, 0, 0))
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"NO_COLOR", "COLUMNS", "LINES"}
    }
    program, *arguments = shlex.split(command)
    process = subprocess.Popen(  # noqa: S603  # our own commands
        [
            shutil.which(program, path=f"{Path(sys.executable).parent}:{os.environ['PATH']}"),
            *arguments,
        ],
        cwd=place,
        env={**environment, "TERM": "xterm-256color", "LANG": "C.UTF-8"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    screen = pyte.Screen(WIDTH, LINES)
    stream = pyte.ByteStream(screen)
    while output := _read(ours):
        stream.feed(output)
    os.close(ours)
    if process.wait():
        raise RuntimeError(f"{command}: exit status {process.returncode}")
    prompt = Text.assemble(("$ ", "bold green"), (command, "bold"))
    lines = [_line(screen, row) for row in range(screen.cursor.y)]
    return [prompt, *lines, Text()]


def draw(lines: list[Text], name: str) -> str:
    """Return lines as SVG that needs no network."""
    console = Console(record=True, width=WIDTH, file=open(os.devnull, "w"))  # noqa: PTH123, SIM115
    for line in lines[:-1]:
        console.print(line)
    svg = console.export_svg(title="linreg", theme=MONOKAI, unique_id=Path(name).stem)
    without_fonts = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return without_fonts.replace("Fira Code, monospace", "monospace")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # how Linux tells that the other end is closed
        return b""


def _line(screen: pyte.Screen, row: int) -> Text:
    cells = [screen.buffer[row][column] for column in range(WIDTH)]
    line = Text()
    for (color, is_bold), run_of_cells in groupby(cells, lambda cell: (cell.fg, cell.bold)):
        text = "".join(cell.data for cell in run_of_cells)
        line.append(text, Style(color=_color(color), bold=is_bold))
    line.rstrip()
    # the time left is all that differs from run to run
    return line if "/5000 " not in line.plain else line[: line.plain.index("/5000 ") + 5]


def _color(name: str) -> str | None:
    """Return the name in Rich of a colour of pyte."""
    if name == "default":
        return None
    return f"#{name}" if re.fullmatch("[0-9a-f]{6}", name) else name.replace("brown", "yellow")


if __name__ == "__main__":
    main()
