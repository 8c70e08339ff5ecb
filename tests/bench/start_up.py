"""Times how long commands take that compute next to nothing, beside a bare Typer app.

    python tests/bench/start_up.py [--rounds 21]

Programs run in turn, round by round, as whole processes. The processor time is what the processor
was busy with the program; another program on the same machine changes it less than the seconds.
"""

import argparse
import compileall
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parents[2] / "linreg_cli"
LINREG = str(Path(sys.executable).with_name("linreg"))
ROWS = "square_feet,price\n500,150000\n1000,300000\n1500,450000\n2000,600000\n2500,750000\n"
BARE = """
import typer

app = typer.Typer(add_completion=False)


@app.command()
def predict(model: str, value: str) -> None:
    print(float(value) * 300)


if __name__ == "__main__":
    app()
"""
"""The smallest app of Typer with the same arguments: what no command of linreg can be faster than,
unless it does without Typer."""
TRAIN = ["train", "houses.csv", "--x", "square_feet", "--y", "price", "--quiet"]
COMMANDS = {
    "bare Typer app": [sys.executable, "bare.py", "model.json", "1800"],
    "predict model.json 1800": [LINREG, "predict", "model.json", "1800"],
    "train, five rows, quiet": [LINREG, *TRAIN, "-o", "again.json"],
    "show model.json": [LINREG, "show", "model.json"],
    "evaluate, five rows": [LINREG, "evaluate", "model.json", "houses.csv"],
    "--help": [LINREG, "--help"],
    "--version": [LINREG, "--version"],
}


class Times(NamedTuple):
    """The seconds of a process by the clock, and those of the processor."""

    clock: float
    processor: float


def run(command: Sequence[str], folder: str) -> Times:
    """Run a command to its end."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    clock = time.perf_counter() - started
    if status:
        raise RuntimeError(f"{command} failed")
    return Times(clock, usage.ru_utime + usage.ru_stime)


def report(runs: dict[str, list[Times]]) -> None:
    """Print medians, and their ratios to the bare app."""
    medians = {
        name: Times(*map(statistics.median, zip(*rounds, strict=True)))
        for name, rounds in runs.items()
    }
    bare = next(iter(medians.values()))
    print("| | ms | of the bare app | processor, ms | of the bare app |")
    print("|---|---:|---:|---:|---:|")
    for name, found in medians.items():
        cells = [
            text
            for own, other in zip(found, bare, strict=True)
            for text in (f"{own * 1000:.0f}", f"{own / other:.2f}")
        ]
        print(f"| {name} | {' | '.join(cells)} |")


def main() -> None:
    """Train a model, run all commands in turn, and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=21)
    rounds = parser.parse_args().rounds
    compileall.compile_dir(PACKAGE, quiet=1)  # as an installation does
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "bare.py").write_text(BARE)
        Path(folder, "houses.csv").write_text(ROWS)
        run([LINREG, *TRAIN], folder)
        runs: dict[str, list[Times]] = {name: [] for name in COMMANDS}
        for counted in range(rounds + 1):
            for name, command in COMMANDS.items():
                done = run(command, folder)
                if counted:
                    runs[name].append(done)
    report(runs)


if __name__ == "__main__":
    main()
