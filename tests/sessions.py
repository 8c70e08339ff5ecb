"""The `$` lines of README.md and the guides in docs/, and what they print.

`python tests/sessions.py` runs them all and writes what they print now: read the difference.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```console\n(.*?)^```$", flags=re.DOTALL | re.MULTILINE)


class Step(NamedTuple):
    """A command of a page, and the output that the page shows for it."""

    command: str
    output: str


def steps(text: str) -> list[Step]:
    """Return the commands of a page in their order."""
    found = []
    for block in BLOCK.findall(text):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append(Step(command, output))
    return found


def make_folder(folder: Path) -> Path:
    """Put the data where a reader has it, and return the folder."""
    shutil.copytree(ROOT / "data", folder / "data")
    return folder


def run(command: str, folder: Path) -> str:
    """Return what a command prints on standard output and standard error together."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command],  # noqa: S607  # as a reader would type it
        cwd=folder,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        text=True,
    )
    return done.stdout


def run_again(page: Path) -> None:
    """Run the commands of a page in an empty folder, and write down what they print."""
    text = page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = make_folder(Path(name))

        def block(found: re.Match[str]) -> str:
            commands = [step.command for step in steps(found[0])]
            shown = (f"$ {command}\n{run(command, folder)}" for command in commands)
            return f"```console\n{''.join(shown)}```"

        page.write_text(BLOCK.sub(block, text), encoding="utf-8")


if __name__ == "__main__":
    for each in PAGES:
        run_again(each)
