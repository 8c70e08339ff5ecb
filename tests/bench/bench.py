"""Times linreg and every peer that is installed, as whole processes on the same file.

    python tests/bench/bench.py [--rows 10000000] [--rounds 5]

The data is made once, from a seed, and kept in .bench/. Programs run in turn, round by round, so
that all suffer alike when the speed of the machine changes. Slopes must agree to nine digits, and
so must the first predictions. With many features linreg runs alone.
"""

import argparse
import compileall
import json
import math
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import numpy as np

HOME = Path(__file__).parents[2] / ".bench"
PREDICTED = HOME / "predicted.csv"
PACKAGE = Path(__file__).parents[2] / "linreg_cli"
LINREG = Path(sys.executable).with_name("linreg")
SEED = 7
ROWS_AT_A_TIME = 500_000
HEADER = "id,square_feet,bedrooms,age,tax,price\n"
AGREE = 1e-9
WIDE_ROWS = 1_000_000
WIDE_SLOPES = {f"x{j}": j % 19 - 9 for j in range(99)}
"""The features of the wide file, and how much each adds to the target, beside noise."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """One process: seconds by the wall clock, and its peak memory in MB."""

    seconds: float
    megabytes: float
    output: str


@dataclass(frozen=True, kw_only=True)
class Program:
    """A program to time: the command for a file, which prints the slope or writes predictions."""

    name: str
    command: Callable[[Path], Sequence[str]]
    is_there: bool = True


def keep(make: Callable[[int], Iterable[str]], rows: int) -> Path:
    """Write the file of so many rows, unless it is there."""
    path = HOME / f"{make.__name__}-{rows}.csv"
    if not path.exists():
        HOME.mkdir(exist_ok=True)
        # in a process of its own: a program's peak memory counts what its parent had
        maker = get_context("spawn").Process(target=write, args=(make, rows, path))
        maker.start()
        maker.join()
    return path


def write(make: Callable[[int], Iterable[str]], rows: int, path: Path) -> None:
    """Write the file of so many rows; it is there when it is whole."""
    part = path.with_suffix(".part")
    with part.open("w") as file:
        file.writelines(make(rows))
    part.rename(path)


def cut(rows: int, most: int) -> Iterator[tuple[int, int]]:
    """Yield the first row of each part of the file, and the number of its rows."""
    for start in range(0, rows, most):
        yield start, min(most, rows - start)


def houses(rows: int) -> Iterator[str]:
    """Make the file that all programs read."""
    random = np.random.default_rng(SEED)
    yield HEADER
    for start, count in cut(rows, ROWS_AT_A_TIME):
        feet = random.integers(400, 5000, count)
        price = 300 * feet + random.integers(-50000, 50000, count)
        columns = [
            range(start, start + count),
            feet.tolist(),
            random.integers(1, 7, count).tolist(),
            random.integers(0, 100, count).tolist(),
            (random.integers(10000, 999999, count) / 100).tolist(),
            price.tolist(),
        ]
        yield from map("%d,%d,%d,%d,%.2f,%d\n".__mod__, zip(*columns, strict=True))


def wide(rows: int) -> Iterator[str]:
    """Make the file of many features."""
    random = np.random.default_rng(SEED)
    yield ",".join([*WIDE_SLOPES, "y"]) + "\n"
    line = ",".join(["%d"] * len(WIDE_SLOPES)) + ",%d\n"
    slopes = list(WIDE_SLOPES.values())
    for _, count in cut(rows, ROWS_AT_A_TIME // len(slopes)):
        columns = random.integers(0, 1000, (len(slopes), count))
        y = slopes @ columns + random.integers(-500, 500, count)
        yield from map(line.__mod__, zip(*columns.tolist(), y.tolist(), strict=True))


def quoted(rows: int) -> Iterator[str]:
    """Make the file with a text in quotes in the first column."""
    yield from changed(rows, lambda line: '"Main Street, {}",{}'.format(*line.split(",", 1)))


def crlf(rows: int) -> Iterator[str]:
    """Make the file with CRLF at the end of each line."""
    yield from changed(rows, lambda line: line.replace("\n", "\r\n"))


def beyond_ascii(rows: int) -> Iterator[str]:
    """Make the file with a text that is not ASCII in the first column."""
    yield from changed(rows, "Größe {}".format)


def gaps(rows: int) -> Iterator[str]:
    """Make the file without the square feet of about 3 % of the rows."""

    def without_feet(line: str) -> str:
        number, _, others = line.split(",", 2)
        return f"{number},,{others}" if number.endswith(("07", "47", "83")) else line

    yield from changed(rows, without_feet)


def changed(rows: int, change: Callable[[str], str]) -> Iterator[str]:
    """Make the file that all programs read with each line changed but the header."""
    lines = houses(rows)
    yield next(lines)
    yield from map(change, lines)


def run(command: Sequence[str]) -> Run:
    """Run a command to its end."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    output, errors = process.stdout, process.stderr
    assert output is not None
    assert errors is not None
    text, said = output.read(), errors.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status:
        raise RuntimeError(f"{command[0]} failed: {said}")
    return Run(seconds=seconds, megabytes=usage.ru_maxrss / 1024, output=text)


def python(code: str) -> Callable[[Path], Sequence[str]]:
    """Make the command of a Python program that finds the file in ``sys.argv[1]``."""
    return lambda path: [sys.executable, "-c", "import sys\n" + code, str(path)]


POLARS_FIT = """
import polars as pl
f = pl.scan_csv(sys.argv[1]).select(
    pl.cov("square_feet", "price") / pl.col("square_feet").var())
print(f.collect(engine="streaming").item())
"""
DUCKDB_FIT = """
import duckdb
sql = "select regr_slope(price, square_feet) from read_csv(?)"
print(duckdb.execute(sql, [sys.argv[1]]).fetchone()[0])
"""
PANDAS_FIT = """
import numpy as np, pandas as pd
n, total = 0, np.zeros((3, 3))
columns = ["square_feet", "price"]
for part in pd.read_csv(sys.argv[1], usecols=columns, chunksize=500000):
    rows = np.column_stack([np.ones(len(part)), part[columns].to_numpy(float)])
    total += rows.T @ rows
print(np.linalg.solve(total[:2, :2], total[:2, 2])[1])
"""
SKLEARN_FIT = """
import pandas as pd
from sklearn.linear_model import LinearRegression
table = pd.read_csv(sys.argv[1])
print(LinearRegression().fit(table[["square_feet"]], table["price"]).coef_[0])
"""
AWK_FIT = (
    "NR > 1 { n++; x += $2; y += $6; xx += $2 * $2; xy += $2 * $6 } "
    'END { printf "%.15g\\n", (n * xy - x * y) / (n * xx - x * x) }'
)
R_FIT = """
table <- data.table::fread(commandArgs(TRUE)[1], select = c("square_feet", "price"))
cat(format(coef(lm(price ~ square_feet, table))[2], digits = 15))
"""
POLARS_PREDICT = """
import polars as pl
m, b, out = float(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
f = pl.scan_csv(sys.argv[1]).with_columns((pl.col("square_feet") * m + b).alias("predicted_price"))
f.sink_csv(out)
"""
DUCKDB_PREDICT = """
import duckdb
m, b, out = float(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
duckdb.execute(f"copy (select *, square_feet * {m!r} + {b!r} as predicted_price "
               f"from read_csv('{sys.argv[1]}')) to '{out}' (header)")
"""


READ_AND_SOLVE = """
import time
from linreg_cli.reading import Selection, sum_rows
from linreg_cli.reading.csv import CsvOptions
from linreg_cli.reading.sources import find_sources
from linreg_cli.training import least_squares
sources, csv = find_sources([sys.argv[1]]), CsvOptions()
selection = Selection(columns=tuple(sys.argv[2:]))
started = time.perf_counter()
data = sum_rows(sources, selection, csv, advance=lambda *_: None).data
read = time.perf_counter()
least_squares(data.moments, has_intercept=True)
print(read - started, time.perf_counter() - read)
"""


def has_module(name: str) -> bool:
    """Return whether a Python module is installed."""
    import importlib.util

    return importlib.util.find_spec(name) is not None


def has_data_table() -> bool:
    """Return whether R and its package data.table are installed."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return False
    code = 'quit(status = !requireNamespace("data.table", quietly = TRUE))'
    return subprocess.run([rscript, "-e", code], check=False).returncode == 0


def trainers() -> list[Program]:
    """Return linreg and the peers that fit a line."""
    model = HOME / "slope.json"
    train = [str(LINREG), "train", "--x", "square_feet", "--y", "price", "--quiet"]
    miller = ["mlr", "--icsv", "--onidx", "stats2", "-a", "linreg-ols", "-f", "square_feet,price"]
    return [
        Program(name="linreg", command=lambda path: [*train, str(path), "-o", str(model)]),
        Program(
            name="polars, streaming", command=python(POLARS_FIT), is_there=has_module("polars")
        ),
        Program(name="DuckDB", command=python(DUCKDB_FIT), is_there=has_module("duckdb")),
        Program(name="pandas, chunked, and NumPy", command=python(PANDAS_FIT)),
        Program(
            name="pandas and scikit-learn",
            command=python(SKLEARN_FIT),
            is_there=has_module("sklearn"),
        ),
        Program(
            name="mawk",
            command=lambda path: ["mawk", "-F,", AWK_FIT, str(path)],
            is_there=shutil.which("mawk") is not None,
        ),
        Program(
            name="Miller",
            command=lambda path: [*miller, str(path)],
            is_there=shutil.which("mlr") is not None,
        ),
        Program(
            name="R, data.table and lm",
            command=lambda path: ["Rscript", "-e", R_FIT, str(path)],
            is_there=has_data_table(),
        ),
    ]


def predictors(weights: Sequence[str]) -> list[Program]:
    """Return linreg and the peers that write predictions beside the rows of a CSV file."""
    model, out = str(HOME / "slope.json"), str(PREDICTED)
    predict = f"{LINREG} predict {model} {{}} --quiet > {out}"
    sides = [*weights, out]
    return [
        Program(name="linreg", command=lambda path: ["sh", "-c", predict.format(path)]),
        Program(
            name="polars, streaming",
            command=lambda path: [*python(POLARS_PREDICT)(path), *sides],
            is_there=has_module("polars"),
        ),
        Program(
            name="DuckDB",
            command=lambda path: [*python(DUCKDB_PREDICT)(path), *sides],
            is_there=has_module("duckdb"),
        ),
    ]


def slope_of(program: Program, done: Run) -> float:
    """Read the slope that a program found."""
    if program.name == "linreg":
        return float(json.loads((HOME / "slope.json").read_text())["m"])
    return float(done.output.split()[0])


def check_predictions(weights: Sequence[str]) -> None:
    """Check the first predictions that were written last."""
    m, b = map(float, weights)
    with PREDICTED.open() as file:
        next(file)
        for _ in range(1000):
            fields = next(file).split(",")
            expected = m * float(fields[1]) + b
            if abs(float(fields[6]) - expected) > AGREE * abs(expected):
                raise RuntimeError(f"a prediction is {fields[6]}, not {expected}")


def race(
    programs: Sequence[Program],
    path: Path,
    rounds: int,
    check: Callable[[Program, Run], None],
) -> dict[str, list[Run]]:
    """Run all programs in turn, some rounds after one that is not counted."""
    runs: dict[str, list[Run]] = {program.name: [] for program in programs if program.is_there}
    for counted in range(rounds + 1):
        for program in programs:
            if program.is_there:
                PREDICTED.unlink(missing_ok=True)  # or it would pay for truncating another's output
                done = run(program.command(path))
                check(program, done)
                if counted:
                    runs[program.name].append(done)
    return runs


def report(
    title: str, runs: dict[str, list[Run]], small: dict[str, list[Run]], more: float
) -> None:
    """Print medians, ratios to linreg, peak memory and the cost of a further million rows."""

    def median(rounds: Sequence[Run]) -> float:
        return statistics.median(done.seconds for done in rounds)

    own = median(runs["linreg"])
    print(f"\n{title}\n")
    print("| | seconds | of linreg's | peak MB | seconds per further million rows |")
    print("|---|---:|---:|---:|---:|")
    for name, rounds in runs.items():
        further = (median(rounds) - median(small[name])) / more
        peak = max(done.megabytes for done in rounds)
        line = f"{median(rounds):.2f} | {median(rounds) / own:.2f} | {peak:.0f} | {further:.4f}"
        print(f"| {name} | {line} |")


def race_forms(rows: int, rounds: int) -> None:
    """Time training on the same rows written in other ways."""
    train = [str(LINREG), "train", "--x", "square_feet", "--y", "price", "--quiet"]
    made = [houses, quoted, crlf, beyond_ascii, gaps]
    paths = {make.__name__: keep(make, rows) for make in made}

    def command(name: str) -> Callable[[Path], Sequence[str]]:
        return lambda _: [*train, str(paths[name]), "-o", str(HOME / "form.json")]

    programs = [Program(name=name, command=command(name)) for name in paths]
    runs = race(programs, HOME, rounds, lambda *_: None)
    seconds = {name: statistics.median(done.seconds for done in runs[name]) for name in paths}
    print(f"\ntraining, one feature, {rows:,} rows, linreg\n")
    print("| | seconds | relative to the plain file |")
    print("|---|---:|---:|")
    for name in paths:
        print(f"| {name} | {seconds[name]:.2f} | {seconds[name] / seconds['houses']:.2f} |")


def race_wide(rows: int, rounds: int) -> None:
    """Time the exact solution for many features: the whole process, and its two large parts."""
    path, model = keep(wide, rows), HOME / "wide.json"
    features = [part for name in WIDE_SLOPES for part in ("--x", name)]
    train = [str(LINREG), "train", *features, "--y", "y", "--solver", "exact", "--quiet"]

    def check_slopes(*_: object) -> None:
        found = json.loads(model.read_text())["m"]
        far = max(abs(found[name] - slope) for name, slope in WIDE_SLOPES.items())
        if far > 10 / math.sqrt(rows):  # about ten standard errors
            raise RuntimeError(f"a slope is {far} from what {path.name} was made with")

    programs = [
        Program(name="linreg", command=lambda path: [*train, str(path), "-o", str(model)]),
        Program(
            name="parts", command=lambda path: [*python(READ_AND_SOLVE)(path), *WIDE_SLOPES, "y"]
        ),
    ]
    runs = race(programs, path, rounds, check_slopes)
    whole = statistics.median(done.seconds for done in runs["linreg"])
    peak = max(done.megabytes for done in runs["linreg"])
    parts = zip(*(map(float, done.output.split()) for done in runs["parts"]), strict=True)
    moments, solution = map(statistics.median, parts)
    size = path.stat().st_size / 1e6
    print(f"\ntraining, {len(WIDE_SLOPES)} features, {rows:,} rows, {size:,.0f} MB, exact\n")
    print("| | seconds | peak MB |")
    print("|---|---:|---:|")
    print(f"| whole process | {whole:.2f} | {peak:.0f} |")
    print(f"| reading and sums | {moments:.2f} | |")
    print(f"| exact solution | {solution:.2f} | |")


def main() -> None:
    """Make the data, race, and print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    compileall.compile_dir(PACKAGE, quiet=1)  # as an installation does
    large, small = keep(houses, arguments.rows), keep(houses, arguments.rows // 4)
    more = (arguments.rows - arguments.rows // 4) / 1e6
    size = large.stat().st_size / 1e6
    print(f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores")
    print(f"{arguments.rows:,} rows, {size:,.0f} MB, {arguments.rounds} rounds, medians")

    for program in trainers():
        if not program.is_there:
            print(f"{program.name}: not installed, skipped")
    slopes: list[float] = []

    def check_slope(program: Program, done: Run) -> None:
        slopes.append(slope_of(program, done))
        if len(slopes) > 1 and abs(slopes[-1] - slopes[-2]) > AGREE * abs(slopes[-2]):
            raise RuntimeError(f"{program.name} finds the slope {slopes[-1]}, not {slopes[-2]}")

    few = race(trainers(), small, arguments.rounds, check_slope)
    slopes.clear()
    many = race(trainers(), large, arguments.rounds, check_slope)
    report("training, one feature", many, few, more)

    model = json.loads((HOME / "slope.json").read_text())
    weights = [repr(model["m"]), repr(model["b"])]
    programs = predictors(weights)
    few = race(programs, small, arguments.rounds, lambda *_: check_predictions(weights))
    many = race(programs, large, arguments.rounds, lambda *_: check_predictions(weights))
    report("prediction, CSV in and CSV out", many, few, more)

    race_forms(arguments.rows, arguments.rounds)
    race_wide(min(arguments.rows, WIDE_ROWS), arguments.rounds)


if __name__ == "__main__":
    main()
