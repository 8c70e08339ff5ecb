"""linreg train: from files to a model, and what is said on the way."""

import bz2
import csv
import gzip
import json
import lzma
import math
import random
import shlex
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tests.conftest import HOUSES, Linreg, Result, table_lines
from tests.oracles import least_squares, textbook_descent

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Floats = npt.NDArray[np.float64]

pytestmark = pytest.mark.usefixtures("houses")

COLUMNS = "--x square_feet --y price"
HOUSE = f"houses.csv {COLUMNS}"
ROOMS = b"""\
beds,baths,age,lot,price
2,1,40,3.5,210.75
3,2,12,4.25,329
3,1,33,8,287.5
4,3,2,6.125,455.25
2,2,25,1,240
5,3,18,9.5,512.5
4,2,51,7,301
"""
"""Rows that no plane fits exactly, with decimals."""


def train(linreg: Linreg, command: str, *more: str, stdin: bytes | str = b"") -> Result:
    """Train as typed at the shell; `more` are arguments that need no quoting."""
    result = linreg("train", *shlex.split(command), *more, stdin=stdin)
    assert (result.status, "Error" in result.stderr) == (0, False), result.stderr
    return result


def model(path: str = "model.json") -> Any:
    return json.loads(Path(path).read_bytes())


def matrix(data: bytes, *columns: str) -> list[list[Fraction]]:
    return [
        [Fraction(row[name]) for name in columns]
        for row in csv.DictReader(data.decode().splitlines())
    ]


def with_ones(rows: list[list[Fraction]]) -> list[list[Fraction]]:
    return [[Fraction(1), *row] for row in rows]


def exact_fit(data: bytes, *columns: str) -> list[float]:
    """Give b and each m, solved in fractions and rounded once; the target is the last column."""
    rows = matrix(data, *columns)
    solution = least_squares(with_ones([row[:-1] for row in rows]), [row[-1] for row in rows])
    return [float(weight) for weight in solution]


def standardised(features: Floats) -> tuple[Floats, Floats, Floats]:
    """Give the design matrix of standardised features, and their means and deviations."""
    mean, deviation = features.mean(axis=0), features.std(axis=0)
    ones = np.ones((len(features), 1))
    return np.hstack([ones, (features - mean) / deviation]), mean, deviation


def hessian(X: Floats) -> Floats:
    return 2 / len(X) * X.T @ X


# What comes in


def test_houses_are_learned(linreg: Linreg) -> None:
    train(linreg, HOUSE)
    assert (model()["m"], model()["b"]) == (300, 0)


def test_columns_are_found_by_name_in_each_file(linreg: Linreg, folder: Path) -> None:
    (folder / "a.csv").write_bytes(b"square_feet,price\n500,150000\n1000,300000\n")
    (folder / "b.csv").write_bytes(b"id;price;square_feet\nx;450000;1500\n\ny;600000;2000\n")
    (folder / "c.csv").write_bytes(b"price\tsquare_feet\n750000\t2500\n")
    train(linreg, f"a.csv b.csv c.csv {COLUMNS} -o three.json")
    (folder / "houses.csv").write_bytes(HOUSES)
    train(linreg, HOUSE)
    assert Path("three.json").read_bytes() == Path("model.json").read_bytes()


def test_a_quoted_glob_names_all_files_that_match(linreg: Linreg, folder: Path) -> None:
    header, *rows = HOUSES.splitlines(keepends=True)
    (folder / "part").mkdir()
    for number, row in enumerate(rows):
        (folder / "part" / f"{number}.csv").write_bytes(header + row)
    result = train(linreg, f"'part/?.csv' {COLUMNS}")
    assert result.stderr.startswith("5 files: 5 rows read, 5 used\n")


def test_a_dash_is_standard_input(linreg: Linreg) -> None:
    train(linreg, f"- {COLUMNS} -o stdin.json", stdin=HOUSES)
    train(linreg, HOUSE)
    assert Path("stdin.json").read_bytes() == Path("model.json").read_bytes()


@pytest.mark.parametrize(
    ("ending", "compressed"),
    [
        ("gz", gzip.compress(HOUSES)),
        ("gz", gzip.compress(HOUSES[:30]) + gzip.compress(HOUSES[30:])),
        ("bz2", bz2.compress(HOUSES)),
        ("xz", lzma.compress(HOUSES)),
        ("zst", zstd.compress(HOUSES)),
    ],
    ids=["gzip", "gzip in two parts", "bzip2", "xz", "Zstandard"],
)
@pytest.mark.parametrize("place", ["file", "stdin"])
def test_compressed_data_gives_the_same_bytes(
    linreg: Linreg, ending: str, compressed: bytes, place: str
) -> None:
    name = f"houses.csv.{ending}"
    Path(name).write_bytes(compressed)
    data = name if place == "file" else "-"
    train(linreg, f"{data} {COLUMNS} -o compressed.json", stdin=compressed)
    train(linreg, HOUSE)
    assert Path("compressed.json").read_bytes() == Path("model.json").read_bytes()


THOUSANDS = b"""\
square_feet,price
500,"150,000"
"1,000","300,000"
"1,500",450000
"2,000","600,000.0"
2500,"750,000"
"""
OTHER_COLUMNS = b"""\
note,square_feet,x,price
"a, ""b""
c",500,,150000
,1000,?,300000
NA,1500,"",450000
d,2000,1,600000
\xc3\xa9,2500,2,750000
"""
WRITTEN = {
    "comma": (HOUSES, ""),
    "semicolon": (HOUSES.replace(b",", b";"), ""),
    "tab": (HOUSES.replace(b",", b"\t"), ""),
    "bar": (HOUSES.replace(b",", b"|"), ""),
    "another delimiter": (HOUSES.replace(b",", b":"), "--delimiter :"),
    "a tab by its name": (HOUSES.replace(b",", b"\t"), "--delimiter tab"),
    "byte-order mark": (b"\xef\xbb\xbf" + HOUSES, ""),
    "UTF-16": (HOUSES.decode().encode("utf-16"), ""),
    "UTF-16 by its name": (HOUSES.decode().encode("utf-16-le"), "--encoding utf-16-le"),
    "CRLF": (HOUSES.replace(b"\n", b"\r\n"), ""),
    "CR": (HOUSES.replace(b"\n", b"\r"), ""),
    "no last line end": (HOUSES.rstrip(), ""),
    "blank lines": (b"\n\n" + HOUSES.replace(b"\n", b"\n\n"), ""),
    "quotes": (b'"' + HOUSES.replace(b",", b'","').replace(b"\n", b'"\n"')[:-1], ""),
    "blanks": (HOUSES.replace(b",", b" , ").replace(b"\n", b" \n"), ""),
    "decimals": (HOUSES.replace(b"0\n", b"0.00\n"), ""),
    "exponents": (HOUSES.replace(b"50000\n", b"5e4\n"), ""),
    "signs": (HOUSES.replace(b"\n", b"\n+").removesuffix(b"+"), ""),
    "decimal comma": (HOUSES.replace(b",", b";").replace(b"0\n", b"0,0\n"), "--decimal ,"),
    "thousands": (HOUSES.replace(b",", b";").replace(b"0000\n", b"0.000,00\n"),
                  "--decimal , --thousands ."),
    "thousands in quotes": (THOUSANDS, "--thousands ,"),
    "other columns": (OTHER_COLUMNS, ""),
}  # fmt: skip


@pytest.mark.parametrize(("data", "options"), WRITTEN.values(), ids=WRITTEN.keys())
def test_the_same_numbers_written_otherwise_give_the_same_bytes(
    linreg: Linreg, data: bytes, options: str
) -> None:
    Path("other.csv").write_bytes(data)
    train(linreg, f"other.csv {COLUMNS} {options} -o other.json")
    train(linreg, HOUSE)
    assert Path("other.json").read_bytes() == Path("model.json").read_bytes()


def test_the_names_of_columns_are_read_in_the_encoding(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes("größe,prix €\n1,2\n2,4\n".encode("cp1252"))
    train(linreg, "d.csv --x 'größe' --y 'prix €' --encoding cp1252")
    assert (model()["x"], model()["y"]) == (["größe"], "prix €")


def test_a_quoted_name_may_hold_anything(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_text('"square feet, ""net""\nm²",price\n1,2\n2,4\n')
    train(linreg, "d.csv", "--x", 'square feet, "net"\nm²', "--y", "price")
    assert model()["x"] == ['square feet, "net"\nm²']


def test_without_a_header_columns_are_numbers(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(b"7,1,10\n7,2,20\n7,3,30\n")
    result = train(linreg, "d.csv --no-header --x 2 --y 3 --solver exact")
    assert result.stderr.startswith("d.csv: 3 rows read, 3 used\n")
    assert (model()["x"], model()["y"], model()["m"], model()["b"]) == (["2"], "3", 10, 0)


def test_a_first_row_of_numbers_alone_is_warned_of(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(b"1,10\n2,20\n3,30\n")
    result = train(linreg, "d.csv --x 1 --y 10")
    assert result.stderr.startswith(
        "d.csv: 2 rows read, 2 used\n"
        "Warning: d.csv: the first row is nothing but numbers and was taken for the header; "
        "--no-header makes it a row.\n"
    )


@pytest.mark.parametrize("header", ["1,a", "x1,y", "1,"])
def test_a_header_with_a_word_is_not_warned_of(linreg: Linreg, folder: Path, header: str) -> None:
    (folder / "d.csv").write_text(f"{header}\n1,10\n2,20\n")
    x, y = header.split(",")
    assert "Warning" not in train(linreg, "d.csv", "--x", x, "--y", y).stderr


def test_rows_with_a_missing_cell_are_left_out_and_counted(linreg: Linreg, folder: Path) -> None:
    cells = ["", "NA", "n/a", "NaN", "NULL", "null", "None", "none", " na ", '""']
    rows = [f"{i},{cell},1,?" for i, cell in enumerate(cells)]
    rows += [",9,1,x", ",,1,x", "1,10,10,", "2,20,20,", "3,30,30,NA"]
    (folder / "d.csv").write_text("x,y,z,note\n" + "\n".join(rows) + "\n")
    result = train(linreg, "d.csv --x x --y y")
    assert result.stderr.splitlines()[0] == (
        "d.csv: 15 rows read, 3 used, 12 left out (missing cells: x 2, y 11)"
    )
    assert (model()["moments"]["rows"], model()["moments"]["sums"]) == ("3", ["6", "60"])


def test_one_row_is_counted_in_the_singular(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(b"x,y\n1,2\n")
    result = train(linreg, "d.csv --x x --y y")
    assert result.stderr.startswith("d.csv: 1 row read, 1 used\n")


def test_rows_that_are_complete_do_not_fail_on_missing(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(b"x,y,z\n1,2,\n2,4,NA\n")
    train(linreg, "d.csv --x x --y y --missing fail")


def test_control_characters_in_names_are_shown_escaped(linreg: Linreg, folder: Path) -> None:
    name = "[red]a\x1b[31m\nWarning: b"
    (folder / "d.csv").write_text(f'"{name}",y\n1,2\n1,4\n')
    result = train(linreg, "d.csv", "--x", name, "--y", "y")
    shown = "[red]a\\x1b[31m\\nWarning: b"
    assert (
        f"\nWarning: the least-squares solution is not unique: column '{shown}' is constant"
        in result.stderr
    )
    assert "\x1b" not in result.stderr
    assert result.stderr.count("\nWarning:") == 1


# What comes out


def shuffled(data: bytes, seed: int) -> bytes:
    header, *rows = data.splitlines(keepends=True)
    random.Random(seed).shuffle(rows)  # noqa: S311  # not for secrets
    return header + b"".join(rows)


@pytest.mark.parametrize("solver", ["exact", "gradient-descent"])
def test_rows_in_any_order_give_the_same_bytes(linreg: Linreg, folder: Path, solver: str) -> None:
    models = set()
    for seed in range(5):
        (folder / "d.csv").write_bytes(shuffled(ROOMS, seed))
        train(linreg, f"d.csv --x beds --x lot --x age --y price --solver {solver}")
        models.add((folder / "model.json").read_bytes())
    assert len(models) == 1


@pytest.mark.parametrize("solver", ["exact", "gradient-descent"])
def test_one_file_or_ten_give_the_same_bytes(linreg: Linreg, folder: Path, solver: str) -> None:
    columns = f"--x a --x b --y y --solver {solver}"
    rows = [f"{i},{i * i % 17}.{i:02},{i * 7 % 11}\n" for i in range(40)]
    (folder / "all.csv").write_text("a,b,y\n" + "".join(rows))
    for i in range(10):
        (folder / f"part{i}.csv").write_text("a,b,y\n" + "".join(rows[i::10]))
    train(linreg, f"all.csv {columns}")
    train(linreg, f"'part*.csv' {columns} -o parts.json")
    assert Path("parts.json").read_bytes() == Path("model.json").read_bytes()


def test_the_same_command_gives_the_same_bytes(linreg: Linreg, houses: Path) -> None:
    train(linreg, HOUSE)
    first = Path("model.json").read_bytes()
    Path("elsewhere").mkdir()
    train(linreg, f"{houses} {COLUMNS} -o elsewhere/m.json")
    assert Path("elsewhere/m.json").read_bytes() == first


def test_the_model_file_carries_the_exact_sums(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(b"x,y\n0.1,-3\n0.25,1e3\n")
    train(linreg, "d.csv --x x --y y")
    assert model()["moments"] == {
        "columns": ["x", "y"],
        "decimals": [2, 0],
        "rows": "2",
        "sums": ["35", "997"],
        "products": [["725"], ["24970", "1000009"]],
        "minimum": ["10", "-3"],
        "maximum": ["25", "1000"],
    }


def test_the_model_file_holds_no_row_and_no_path(linreg: Linreg, folder: Path) -> None:
    (folder / "secret-name.csv").write_bytes(ROOMS)
    train(linreg, "secret-name.csv --x beds --y price")
    text = Path("model.json").read_text()
    assert "secret-name" not in text
    assert "329" not in text


def test_a_model_goes_where_output_says(linreg: Linreg) -> None:
    result = train(linreg, f"{HOUSE} --output 'my model.json'")
    assert result.stderr.endswith("\nwrote my model.json\n")
    assert not Path("model.json").exists()
    assert model("my model.json")["y"] == "price"


def test_output_to_a_dash_is_the_file_on_standard_output(linreg: Linreg) -> None:
    result = train(linreg, f"{HOUSE} -o -")
    assert not Path("model.json").exists()
    train(linreg, HOUSE)
    assert result.stdout == Path("model.json").read_text()


def test_without_output_nothing_is_on_standard_output(linreg: Linreg) -> None:
    assert train(linreg, HOUSE).stdout == ""


def test_an_old_model_is_replaced_and_a_link_to_it_stays(linreg: Linreg) -> None:
    Path("store").mkdir()
    Path("store/old.json").write_text("old")
    Path("model.json").symlink_to("store/old.json")
    train(linreg, HOUSE)
    assert Path("model.json").is_symlink()
    assert model("store/old.json")["y"] == "price"


def test_quiet_leaves_only_warnings_with_their_remedies(linreg: Linreg, folder: Path) -> None:
    # a header of numbers, a constant column, a rate at the limit, too few epochs
    (folder / "d.csv").write_bytes(b"1,2\n3,4\n3,5\n")
    command = "d.csv --x 1 --y 2 --learning-rate 1 --epochs 3"
    loud = train(linreg, command).stderr.splitlines()
    said = [line for line in loud if line.startswith(("Warning: ", "Hint: "))]
    assert [line.split(": ")[0] for line in said] == ["Warning"] * 4 + ["Hint"]
    for quiet in ("-q", "--quiet"):
        result = train(linreg, command, quiet)
        assert (result.stdout, result.stderr.splitlines()) == ("", said)


def test_quiet_says_nothing_where_nothing_is_doubtful(linreg: Linreg) -> None:
    result = train(linreg, HOUSE, "-q")
    assert (result.stdout, result.stderr) == ("", "")


# How it learns


def test_descent_is_the_textbook_loop(linreg: Linreg) -> None:
    options = "--no-scale --learning-rate 1e-7 --epochs 5000 --history h.csv --log-every 1"
    result = train(linreg, f"{HOUSE} {options}")
    rows = np.array(matrix(HOUSES, "square_feet", "price"), dtype=np.float64)
    X, y = np.column_stack([np.ones(5), rows[:, 0]]), rows[:, 1]
    walked = np.array(textbook_descent(X, y, learning_rate=1e-7, epochs=5000))
    history = np.loadtxt("h.csv", delimiter=",", skiprows=1)
    np.testing.assert_array_equal(history[:, 0], np.arange(5001))
    # rounding of 5000 steps in either loop
    np.testing.assert_allclose(history[:, 2:], walked, rtol=1e-9)
    losses = np.mean((walked @ X.T - y) ** 2, axis=1)
    # the residual of a weight near its optimum has lost the digits that they share
    np.testing.assert_allclose(history[:, 1], losses, rtol=1e-5)
    # the figures of DESIGN.md
    np.testing.assert_allclose(model()["m"], 299.9999107600433, rtol=1e-9)
    np.testing.assert_allclose(model()["b"], 0.16360657642376494, rtol=1e-9)
    assert "\nWarning: out of epochs after 5,000 epochs: " in result.stderr


def test_scaled_descent_is_the_textbook_loop_on_standardised_features(
    linreg: Linreg, folder: Path
) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    options = "--learning-rate 0.2 --epochs 25 --tolerance 0 --history h.csv --log-every 1"
    train(linreg, f"d.csv --x beds --x age --y price {options}")
    rows = np.array(matrix(ROOMS, "beds", "age", "price"), dtype=np.float64)
    X, mean, deviation = standardised(rows[:, :2])
    walked = np.array(textbook_descent(X, rows[:, 2], learning_rate=0.2, epochs=25))
    slopes = walked[:, 1:] / deviation
    intercepts = walked[:, 0] - slopes @ mean
    history = np.loadtxt("h.csv", delimiter=",", skiprows=1)
    # intercepts near zero are differences of larger numbers
    np.testing.assert_allclose(history[:, 2], intercepts, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(history[:, 3:], slopes, rtol=1e-11, atol=1e-11)


def test_descent_without_intercept_is_the_textbook_loop(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    options = "--no-intercept --no-scale --learning-rate 0.001 --epochs 30 --tolerance 0"
    train(linreg, f"d.csv --x beds --x baths --y price {options}")
    rows = np.array(matrix(ROOMS, "beds", "baths", "price"), dtype=np.float64)
    walked = textbook_descent(rows[:, :2], rows[:, 2], learning_rate=0.001, epochs=30)
    np.testing.assert_allclose(list(model()["m"].values()), walked[-1], rtol=1e-12)
    assert model()["b"] == 0


@pytest.mark.parametrize("scale", ["--scale", "--no-scale"])
def test_auto_takes_half_of_one_over_the_steepest_curvature(
    linreg: Linreg, folder: Path, scale: str
) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    result = train(linreg, f"d.csv --x beds --x age --x lot --y price {scale} --epochs 1")
    features = np.array(matrix(ROOMS, "beds", "age", "lot"), dtype=np.float64)
    plain = np.column_stack([np.ones(len(features)), features])
    X = standardised(features)[0] if scale == "--scale" else plain
    steepest = np.linalg.eigvalsh(hessian(X))[-1]
    # it is rounded to four digits
    np.testing.assert_allclose(model()["training"]["learning_rate"], 0.5 / steepest, rtol=5e-4)
    assert f"learning rate {0.5 / steepest:.4g} (auto), " in result.stderr
    assert f", converges below {2 / steepest:.6g}\n" in result.stderr


def test_the_header_names_rows_columns_and_learning_rates(linreg: Linreg) -> None:
    result = train(linreg, HOUSE)
    header = result.stderr.partition("  epoch")[0]
    for fact in ("5 rows", "square_feet", "price", "0.25 (auto)", "converges below 1"):
        assert fact in header


@pytest.mark.parametrize(("tolerance", "epochs"), [("0.5", 1), ("1e-3", 10), ("1e-12", 40)])
def test_descent_stops_when_the_distance_has_shrunk_to_the_tolerance(
    linreg: Linreg, tolerance: str, epochs: int
) -> None:
    # with one standardised feature every direction halves its error every epoch
    result = train(linreg, f"{HOUSE} --tolerance {tolerance}")
    plural = "" if epochs == 1 else "s"
    assert f"\nconverged after {epochs} epoch{plural}" in result.stderr
    assert (model()["training"]["epochs"], model()["training"]["stopped"]) == (epochs, "converged")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("", ": within 1e-12 of the least-squares solution, which the model keeps"),
        (
            "--tolerance 1e-10",
            ": within 1e-10 of the least-squares solution, which the model keeps",
        ),
        ("--tolerance 1e-3", ""),
        ("--l2 0.5", ": within 1e-12 of the ridge solution, which the model keeps"),
    ],
)
def test_the_end_says_whether_the_model_keeps_the_solution(
    linreg: Linreg, options: str, said: str
) -> None:
    result = train(linreg, f"{HOUSE} {options}")
    (line,) = (line for line in result.stderr.splitlines() if line.startswith("converged"))
    assert line == f"converged after {model()['training']['epochs']} epochs{said}"
    assert ("last_epoch" in model()["training"]) == bool(said)


EQUATIONS = {
    "houses.csv --x square_feet": "price = 300 × square_feet + 0",
    "houses.csv --x square_feet --no-intercept": "price = 300 × square_feet",
    "d.csv --x b": "y = -2 × b + 0.5",
    "d.csv --x a --x b": "y = 0 × a - 2 × b + 0.5",
    "f.csv --x c": "y = 0.333333 × c - 1.23457e+06",
}


@pytest.mark.parametrize(("columns", "equation"), EQUATIONS.items())
@pytest.mark.parametrize("solver", ["exact", "gradient-descent"])
def test_a_training_ends_with_the_equation(
    linreg: Linreg, folder: Path, columns: str, equation: str, solver: str
) -> None:
    (folder / "d.csv").write_bytes(b"a,b,y\n1,1,-1.5\n2,3,-5.5\n5,2,-3.5\n")
    (folder / "f.csv").write_bytes(b"c,y\n0,-1234567\n3,-1234566\n")
    result = train(linreg, f"{columns} --y {equation.split(maxsplit=1)[0]} --solver {solver}")
    assert result.stderr.count(f"\n\n{equation}\n\n") == 1


def test_the_equation_of_many_features_has_the_first_ones(linreg: Linreg, folder: Path) -> None:
    rows = np.eye(9, 8, dtype=int).tolist()
    lines = [",".join(map(str, [*row, 2 * sum(row) + 7])) for row in rows]
    (folder / "d.csv").write_text("\n".join(["a,b,c,d,e,f,g,h,y", *lines]))
    columns = [word for name in "abcdefgh" for word in ("--x", name)]
    result = train(linreg, "d.csv --y y --solver exact", *columns)
    equation = "y = 2 × a + 2 × b + 2 × c + 2 × d + 2 × e + 2 × f + ... + 7"
    assert f"\n{equation}\n" in result.stderr


def test_the_exact_solver_prints_its_weights_once_with_seven_digits(
    linreg: Linreg, folder: Path
) -> None:
    (folder / "d.csv").write_bytes(b"x,y\n0,1.23456789\n3,2.23456789\n")
    result = train(linreg, "d.csv --x x --y y --solver exact")
    assert "\n      weight\nb   1.234568\nm  0.3333333\n\nR² 1\n" in result.stderr


@pytest.mark.parametrize(
    ("options", "how"),
    [
        ("--solver exact", "by exact least squares"),
        ("--solver exact --l2 0.5", "by exact ridge, l2 0.5"),
        ("", "by gradient descent"),
    ],
)
def test_the_header_names_the_column_of_weights(
    linreg: Linreg, folder: Path, options: str, how: str
) -> None:
    (folder / "d.csv").write_bytes(b"x,y,count\n1,2,1\n2,5,3\n4,4,2\n")
    result = train(linreg, f"d.csv --x x --y y --weights count {options}")
    assert f"\ny from x, weighted by count, {how}\n" in result.stderr


def test_no_epoch_gives_the_starting_weights(linreg: Linreg) -> None:
    result = train(linreg, f"{HOUSE} --epochs 0")
    assert (model()["m"], model()["b"]) == (0, 0)
    loss = np.mean(np.array([150000, 300000, 450000, 600000, 750000.0]) ** 2)
    np.testing.assert_allclose(model()["training"]["loss"], loss, rtol=1e-15)
    assert [row[0] for row in table_lines(result.stderr)] == ["epoch", "0"]
    assert result.stderr.count(
        "\nWarning: out of epochs after 0 epochs: the distance to the optimum is still 1 of the "
        "initial distance\nHint: --epochs 40 converges in at most 40 epochs.\n"
    )


def test_out_of_epochs_says_how_many_more_the_slowest_direction_needs(
    linreg: Linreg, folder: Path
) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    options = "--learning-rate 0.1 --epochs 50 --tolerance 1e-6"
    result = train(linreg, f"d.csv --x beds --x age --y price {options}")
    rows = np.array(matrix(ROOMS, "beds", "age", "price"), dtype=np.float64)
    X, _, _ = standardised(rows[:, :2])
    optimum = np.linalg.lstsq(X, rows[:, 2], rcond=None)[0]
    last = textbook_descent(X, rows[:, 2], learning_rate=0.1, epochs=50)[-1]
    distance = np.linalg.norm(X @ (last - optimum)) / np.linalg.norm(X @ optimum)
    slowest = np.abs(1 - 0.1 * np.linalg.eigvalsh(hessian(X))).max()
    more = math.ceil(math.log(1e-6 / distance) / math.log(slowest))
    assert f"is still {distance:.3g} of the initial distance\n" in result.stderr
    automatic = 0.5 / np.linalg.eigvalsh(hessian(X)).max()
    assert automatic > 0.1  # so the hint is this rate, and not more epochs
    needed = math.ceil(
        math.log(1e-6) / math.log(np.abs(1 - automatic * np.linalg.eigvalsh(hessian(X))).max())
    )
    assert f"--learning-rate {automatic:.4g} " in result.stderr
    assert f" converges in at most {needed} epochs.\n" in result.stderr
    # and it is so: the bound is met, and one epoch in ten less would not do
    longer = "d.csv --x beds --x age --y price --learning-rate 0.1 --tolerance 1e-6 --epochs"
    assert "\nconverged " in train(linreg, f"{longer} {50 + more}").stderr
    assert "Warning: out of epochs " in train(linreg, f"{longer} {45 + more * 9 // 10}").stderr


def test_exact_is_the_correctly_rounded_solution(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    features = ("beds", "baths", "age", "lot")
    columns = [word for name in features for word in ("--x", name)]
    result = train(linreg, "d.csv", *columns, "--y", "price", "--solver", "exact")
    assert [model()["b"], *model()["m"].values()] == exact_fit(ROOMS, *features, "price")
    assert list(model()["m"]) == list(features)
    header = "price from beds, baths, age, lot, by exact least squares\n"
    assert result.stderr.count(header) == 1
    assert table_lines(result.stderr) == []


def test_exact_holds_where_floats_have_no_digit_left(linreg: Linreg, folder: Path) -> None:
    # x in epoch seconds, slope 3: numpy.linalg.lstsq gives 8.8e-7
    rows = "".join(f"{1_700_000_000 + i},{3 * i + 0.5}\n" for i in range(1000))
    (folder / "d.csv").write_text("seconds,y\n" + rows)
    train(linreg, "d.csv --x seconds --y y --solver exact")
    assert (model()["m"], model()["b"]) == (3, 0.5 - 3 * 1_700_000_000)


def test_exact_without_intercept_is_a_ratio_of_sums(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    train(linreg, "d.csv --x beds --y price --solver exact --no-intercept")
    rows = matrix(ROOMS, "beds", "price")
    m = sum((x * y for x, y in rows), Fraction()) / sum((x * x for x, _ in rows), Fraction())
    assert (model()["m"], model()["b"]) == (float(m), 0)


@pytest.mark.parametrize("scale", ["--scale", "--no-scale"])
def test_descent_ends_at_the_exact_solution(linreg: Linreg, folder: Path, scale: str) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    result = train(linreg, f"d.csv --x beds --x baths --y price --epochs 100000 {scale}")
    assert "\nconverged after " in result.stderr
    learned = [model()["b"], *model()["m"].values()]
    # converged is 1e-12 of the first distance, times a condition number below 100
    np.testing.assert_allclose(learned, exact_fit(ROOMS, "beds", "baths", "price"), rtol=1e-9)


def test_a_random_start_depends_on_the_seed_alone(linreg: Linreg) -> None:
    def started(options: str) -> bytes:
        train(linreg, f"{HOUSE} --start random --epochs 3 {options}")
        return Path("model.json").read_bytes()

    assert started("--seed 7") == started("--seed 7")
    assert started("") == started("--seed 0")
    seeds = [started(f"--seed {seed} --epochs 0") for seed in range(4)]
    assert len(set(seeds)) == 4
    weights = [json.loads(seed)[name] for seed in seeds for name in ("m", "b")]
    assert len({*weights, 0}) == 9


def test_a_random_start_ends_at_the_same_solution(linreg: Linreg) -> None:
    train(linreg, f"{HOUSE} --start random --seed 3")
    np.testing.assert_allclose(model()["m"], 300, rtol=1e-11)


# What is shown


def test_epochs_are_shown_at_powers_of_two_and_at_the_last(linreg: Linreg) -> None:
    result = train(linreg, HOUSE)
    numbers = [row[0] for row in table_lines(result.stderr)]
    assert numbers == ["epoch", "0", "1", "2", "4", "8", "16", "32", "40"]


@pytest.mark.parametrize(
    ("every", "numbers"), [("15", ["0", "15", "30", "40"]), ("20", ["0", "20", "40"])]
)
def test_log_every_shows_multiples_and_the_last(
    linreg: Linreg, every: str, numbers: list[str]
) -> None:
    result = train(linreg, f"{HOUSE} --log-every {every}")
    assert [row[0] for row in table_lines(result.stderr)[1:]] == numbers


def test_a_line_shows_loss_gap_and_weights(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(b"x,y\n1,2\n3,4\n5,9\n")
    options = "--no-scale --learning-rate 0.02 --epochs 2 --tolerance 0"
    result = train(linreg, f"d.csv --x x --y y {options}")
    X, y = np.array([[1.0, 1], [1, 3], [1, 5]]), np.array([2.0, 4, 9])
    best = np.mean((X @ np.linalg.lstsq(X, y, rcond=None)[0] - y) ** 2)
    header, *rows = table_lines(result.stderr)
    assert header == ["epoch", "loss", "gap", "b", "m"]
    walked = textbook_descent(X, y, learning_rate=0.02, epochs=2)
    expected = [
        [number, np.mean((X @ w - y) ** 2), np.mean((X @ w - y) ** 2) - best, *w]
        for number, w in enumerate(walked)
    ]
    # seven digits are shown
    np.testing.assert_allclose(np.array(rows, dtype=np.float64), expected, rtol=1e-6)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_up_to_three_features_are_shown_with_their_weights(
    linreg: Linreg, folder: Path, count: int
) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    features = ["beds", "baths", "age", "lot"][:count]
    columns = [word for name in features for word in ("--x", name)]
    result = train(linreg, "d.csv --y price --epochs 1", *columns)
    names = ["m"] if count == 1 else [word for name in features for word in ("m", name)]
    shown = ["b", *names] if count <= 3 else []
    header, *rows = table_lines(result.stderr)
    assert header == ["epoch", "loss", "gap", *shown]
    assert [len(row) for row in rows] == [3 + (count + 1) * (count <= 3)] * 2


@pytest.mark.parametrize("features", [("beds", "age"), ("beds", "baths", "age", "lot")])
def test_history_holds_every_weight_at_the_shown_epochs(
    linreg: Linreg, folder: Path, features: tuple[str, ...]
) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    columns = [word for name in features for word in ("--x", name)]
    options = "--y price --history h.csv --epochs 5 --tolerance 0"
    result = train(linreg, f"d.csv {options}", *columns)
    header, *rows = csv.reader(Path("h.csv").read_text().splitlines())
    assert header == ["epoch", "loss", "b", *(f"m {name}" for name in features)]
    assert [row[0] for row in rows] == ["0", "1", "2", "4", "5"]
    assert [row[0] for row in table_lines(result.stderr)[1:]] == ["0", "1", "2", "4", "5"]
    # to the bit, what the model says of the last epoch
    assert [float(cell) for cell in rows[-1][2:]] == [model()["b"], *model()["m"].values()]
    np.testing.assert_allclose(float(rows[-1][1]), model()["training"]["loss"], rtol=1e-12)


def test_history_does_not_depend_on_quiet(linreg: Linreg) -> None:
    train(linreg, f"{HOUSE} --history loud.csv")
    train(linreg, f"{HOUSE} --history quiet.csv -q")
    assert Path("quiet.csv").read_bytes() == Path("loud.csv").read_bytes()


def test_the_model_file_keeps_the_history_of_the_loss(linreg: Linreg) -> None:
    train(linreg, f"{HOUSE} --log-every 7 --history h.csv")
    history = model()["training"]["history"]
    assert [epoch for epoch, _ in history] == [0, 1, 2, 4, 8, 16, 32, 40]
    # with one standardised feature the loss falls to a quarter every epoch
    losses = [loss for _, loss in history]
    first = np.mean((300 * np.array([500, 1000, 1500, 2000, 2500.0])) ** 2)
    np.testing.assert_allclose(losses[:5], [first / 4**n for n in (0, 1, 2, 4, 8)], rtol=1e-9)


def test_the_end_tells_the_fit_beside_least_squares(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    result = train(linreg, "d.csv --x beds --x age --y price --epochs 20 --tolerance 0")
    end = result.stderr.partition("\nHint: ")[2].splitlines()
    exact = exact_fit(ROOMS, "beds", "age", "price")
    learned = [model()["b"], *model()["m"].values()]
    assert end[4].split() == ["learned", "least", "squares"]
    names = ["b", "m beds", "m age"]
    for line, name, m, best in zip(end[5:8], names, learned, exact, strict=True):
        assert line.startswith(f"{name} ")
        assert line.removeprefix(name).split() == [f"{m:.7g}", f"{best:.7g}"]
    rows = np.array(matrix(ROOMS, "beds", "age", "price"), dtype=np.float64)
    residuals = rows[:, 2] - learned[0] - rows[:, :2] @ learned[1:]
    r2 = 1 - residuals @ residuals / np.sum((rows[:, 2] - rows[:, 2].mean()) ** 2)
    assert end[9:] == [
        f"R² {r2:.7g}",
        f"RMSE {math.sqrt(residuals @ residuals / len(rows)):.7g}",
        "wrote model.json",
    ]


def test_r_squared_without_intercept_is_about_zero(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    result = train(linreg, "d.csv --x beds --y price --no-intercept --solver exact")
    x, y = np.array(matrix(ROOMS, "beds", "price"), dtype=np.float64).T
    r2 = 1 - np.sum((y - x * (x @ y) / (x @ x)) ** 2) / (y @ y)
    assert f"\nR² (uncentered) {r2:.7g}\n" in result.stderr


def test_a_constant_target_has_no_r_squared(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(b"x,y\n1,5\n2,5\n3,5\n")
    result = train(linreg, "d.csv --x x --y y --solver exact")
    assert "\nR² undefined: the target is constant\nRMSE 0\n" in result.stderr
    assert (model()["m"], model()["b"]) == (0, 5)


# Doubtful fits


def test_a_rate_above_the_limit_is_announced_before_the_first_epoch(linreg: Linreg) -> None:
    Path("model.json").write_text("old")
    result = linreg("train", *HOUSE.split(), "--learning-rate", "1.5")
    warning, rest = result.stderr.split("Warning: ")[1].split("\n", 1)
    assert (
        warning == "learning rate 1.5 is not below 1: the loss will not fall to its minimum; "
        "--learning-rate 0.25 converges"
    )
    # the error doubles every epoch, the loss is four times as large: a million after ten epochs
    header, *rows = table_lines(rest)
    assert header[0] == "epoch"
    assert [row[0] for row in rows] == ["0", "1", "2", "4", "8", "10"]
    assert (result.status, Path("model.json").read_text()) == (5, "old")


def test_a_rate_at_the_limit_is_announced_and_runs_out_of_epochs(linreg: Linreg) -> None:
    result = train(linreg, f"{HOUSE} --learning-rate 1 --epochs 9")
    assert "Warning: learning rate 1 is not below " in result.stderr
    assert "\nWarning: out of epochs after 9 epochs: " in result.stderr
    # 40 epochs halve the error of this rate to 1e-12
    assert (
        "\nHint: --learning-rate 0.25 --epochs 40 converges in at most 40 epochs.\n"
        in result.stderr
    )


@pytest.mark.parametrize("rate", ["0.999", "0.25", "auto"])
def test_a_rate_below_the_limit_is_not_warned_of(linreg: Linreg, rate: str) -> None:
    result = train(linreg, f"{HOUSE} --learning-rate {rate}")
    assert "is not below" not in result.stderr


def test_the_rate_of_the_hint_converges(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    command = "d.csv --x beds --x age --y price"
    failed = linreg("train", *command.split(), "--learning-rate", "9")
    assert failed.status == 5
    words = failed.stderr.rpartition("Hint: ")[2].split()
    result = train(linreg, command, *words[:2])
    assert (words[0], "\nconverged after " in result.stderr) == ("--learning-rate", True)


def options_of_hint(stderr: str) -> str:
    """Give the options of a hint as they would be pasted."""
    return stderr.rpartition("Hint: ")[2].partition(" converges")[0]


UNCONVERGED = {
    "a rate far too small": "--learning-rate 1e-7",
    "too few epochs": "--epochs 3",
    "a random start": "--start random --seed 3 --epochs 2",
    "a textbook's loop": "--no-scale --learning-rate 1e-8",
    "no scaling": "--no-scale --epochs 100",
    "tolerance 0": "--tolerance 0 --epochs 9",
    "ridge": "--l2 0.1 --no-scale --learning-rate 1e-5 --epochs 9",
}


@pytest.mark.parametrize("options", UNCONVERGED.values(), ids=UNCONVERGED)
def test_the_remedy_of_an_unconverged_run_converges(
    linreg: Linreg, folder: Path, options: str
) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    command = f"d.csv --x beds --x age --y price {options}"
    result = train(linreg, command)
    assert result.stderr.count("\nWarning: out of epochs after ") == 1
    train(linreg, f"{command} {options_of_hint(result.stderr)} --require-convergence")
    assert model()["training"]["stopped"] == "converged"


def test_a_textbooks_rate_on_scaled_features_is_told_to_go_without(linreg: Linreg) -> None:
    result = train(linreg, f"{HOUSE} --learning-rate 1e-7 -q")
    assert result.stderr == (
        "Warning: out of epochs after 5,000 epochs: the distance to the optimum is still 0.999 of "
        "the initial distance\n"
        "Hint: --learning-rate 0.25 converges in at most 40 epochs. --no-scale suits the learning "
        "rate 1e-07, which is too small for scaled features.\n"
    )
    train(linreg, f"{HOUSE} --learning-rate 1e-7 --no-scale")
    assert model()["m"] == pytest.approx(300, rel=1e-6)


@pytest.mark.parametrize("rate", ["1e-3", "1e-12"])
def test_a_rate_that_suits_no_features_is_not_told_to_go_without_scaling(
    linreg: Linreg, rate: str
) -> None:
    # without scaling the first diverges, and the second is too small too
    assert "--no-scale" not in train(linreg, f"{HOUSE} --learning-rate {rate} --epochs 9").stderr


@pytest.mark.parametrize("output", ["model.json", "-"])
def test_a_descent_that_has_to_converge_writes_no_model_if_it_does_not(
    linreg: Linreg, output: str
) -> None:
    Path("model.json").write_text("old")
    words = f"{HOUSE} --epochs 9 --require-convergence --history h.csv -q -o {output}".split()
    result = linreg("train", *words)
    assert (result.status, result.stdout, Path("model.json").read_text()) == (5, "", "old")
    assert result.stderr == (
        "Error: out of epochs after 9 epochs: the distance to the optimum is still 0.00195 of the "
        "initial distance; no model was written\n"
        "Hint: --epochs 40 converges in at most 40 epochs.\n"
    )
    assert len(Path("h.csv").read_text().splitlines()) == 7  # how it went is worth keeping


@pytest.mark.parametrize("options", ["", "--tolerance 0.1", "--solver exact"])
def test_a_training_that_converges_passes(linreg: Linreg, options: str) -> None:
    train(linreg, f"{HOUSE} --require-convergence {options}")
    assert model()["y"] == "price"


def test_an_update_that_does_not_converge_names_the_command_that_helps(linreg: Linreg) -> None:
    train(linreg, f"{HOUSE} --epochs 5 -o a.json")
    Path("b.csv").write_text("square_feet,price\n500,9\n")
    old = Path("a.json").read_bytes()
    refused = linreg("update", "a.json", "b.csv", "--require-convergence", "-q")
    assert (refused.status, Path("a.json").read_bytes()) == (5, old)
    assert "Hint: Without --require-convergence the model is written; then " in refused.stderr
    updated = linreg("update", "a.json", "b.csv", "-q")
    assert updated.status == 0
    hint = updated.stderr.partition("\nHint: linreg ")[2].partition(" converges in")[0]
    assert hint == "train a.json --epochs 40 -o converged.json"
    assert linreg(*hint.split()).status == 0
    assert model("converged.json")["training"]["stopped"] == "converged"
    merged = linreg("merge", "a.json", "a.json", "--require-convergence", "-o", "c.json")
    assert (merged.status, Path("c.json").exists()) == (5, False)


def test_nearly_collinear_columns_are_told_with_their_vif(linreg: Linreg, folder: Path) -> None:
    # t = 1.1 a + 0.3 b in floating point
    rows = [(a, b, 1.1 * a + 0.3 * b) for a in range(1, 9) for b in range(3, 12)]
    lines = [f"{a},{b},{t!r},{a + b + a % 2}" for a, b, t in rows]
    (folder / "d.csv").write_text("\n".join(["a,b,t,y", *lines]))
    command = "d.csv --x a --x b --x t --y y -q"
    for more in ("--solver exact", "--epochs 9"):
        said = train(linreg, f"{command} {more}").stderr.splitlines()
        notes = [line.removeprefix("Warning: ") for line in said if "VIF" in line]
        shown = linreg("show", "model.json").stdout.splitlines()
        noted = [line.removeprefix("Note: ") for line in shown if line.startswith("Note: ")]
        assert sorted(notes) == sorted(line for line in noted if "VIF" in line)
        assert [note.split()[0] for note in notes] == ["t", "a", "b"]
    assert "VIF" not in train(linreg, f"{command} --solver exact --l2 0.1").stderr


def test_of_many_nearly_collinear_columns_the_worst_are_named(linreg: Linreg, folder: Path) -> None:
    # powers of x: the VIFs from the eigenvectors of the correlations, in float64
    powers = [[x**k for k in range(1, 9)] for x in range(-6, 15)]
    lines = [",".join(map(str, [*row, row[0] % 5])) for row in powers]
    (folder / "d.csv").write_text("\n".join(["a,b,c,d,e,f,g,h,y", *lines]))
    columns = [word for name in "abcdefgh" for word in ("--x", name)]
    said = train(linreg, "d.csv --y y --solver exact -q", *columns).stderr.splitlines()
    vifs = [float(line.partition("(VIF ")[2].partition(")")[0]) for line in said[:-1]]
    assert (len(vifs), vifs) == (6, sorted(vifs, reverse=True))
    assert said[-1] == "Warning: 2 other columns too: linreg show names them"


DOUBTFUL = {
    "collinear": (b"a,b,c,y\n1,1,2,5\n2,1,3,7\n3,4,7,9\n5,2,7,1\n", "abc", "c = a + b"),
    "constant": (b"a,b,y\n1,3,5\n1,5,7\n1,6,9\n", "ab", "column 'a' is constant (a = 1)"),
    "one row": (b"a,y\n3,5\n", "a", "1 row does not determine 2 weights"),
    "few rows": (b"a,b,y\n1,2,5\n2,1,7\n", "ab", "2 rows do not determine 3 weights"),
}


@pytest.mark.parametrize(("data", "x", "why"), DOUBTFUL.values(), ids=DOUBTFUL.keys())
def test_descent_trains_on_what_determines_no_fit_and_warns(
    linreg: Linreg, folder: Path, data: bytes, x: str, why: str
) -> None:
    (folder / "d.csv").write_bytes(data)
    columns = [word for name in x for word in ("--x", name)]
    result = train(linreg, "d.csv --y y", *columns)
    assert f"\nWarning: the least-squares solution is not unique: {why}\n" in result.stderr
    # it is one of the best fits: no other has a smaller error
    rows = np.array(matrix(data, *x, "y"), dtype=np.float64)
    X = np.column_stack([np.ones(len(rows)), rows[:, :-1]])
    best = X @ np.linalg.lstsq(X, rows[:, -1], rcond=None)[0]
    slopes = [model()["m"]] if len(x) == 1 else [*model()["m"].values()]
    # converged is 1e-12 of the first distance
    np.testing.assert_allclose(X @ [model()["b"], *slopes], best, rtol=1e-9)


RESULT_FIELDS = [
    "target", "features", "weights_column", "equation", "b", "m", "is_best", "best", "solver",
    "l2", "stopped", "epochs", "learning_rate", "distance", "rows", "loss", "best_loss", "r2",
    "rmse", "test", "cross_validation", "warnings",
]  # fmt: skip


def test_json_is_the_result_with_all_digits(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    result = train(linreg, "d.csv --x beds --x age --y price --epochs 20 --json")
    found, saved = json.loads(result.stdout), model()
    assert list(found) == RESULT_FIELDS
    assert (found["b"], found["m"]) == (saved["b"], saved["m"])
    b, *slopes = exact_fit(ROOMS, "beds", "age", "price")
    assert found["best"] == {"b": b, "m": dict(zip(["beds", "age"], slopes, strict=True))}
    rows = np.array(matrix(ROOMS, "beds", "age", "price"), dtype=np.float64)
    residuals = rows[:, 2] - found["b"] - rows[:, :2] @ [*found["m"].values()]
    assert found["rmse"] == pytest.approx(math.sqrt(np.mean(residuals**2)), rel=1e-12)
    assert found["r2"] == pytest.approx(1 - np.mean(residuals**2) / np.var(rows[:, 2]), rel=1e-12)
    kept = {name: saved["training"][name] for name in ("loss", "best_loss", "stopped", "epochs")}
    assert {name: found[name] for name in kept} == kept
    assert (found["is_best"], found["rows"]) == (False, len(rows))
    (warning,) = found["warnings"]
    assert f"Warning: {warning}\nHint: " in result.stderr


def test_json_of_one_feature_has_an_object_of_weights_too(linreg: Linreg) -> None:
    found = json.loads(train(linreg, f"{HOUSE} --json -q").stdout)
    assert (found["m"], found["b"], found["is_best"]) == ({"square_feet": 300}, 0, True)
    assert found["equation"] == "price = 300 × square_feet + 0"
    assert (found["stopped"], found["warnings"], 0 < found["distance"] < 1e-12) == (
        "converged", [], True,
    )  # fmt: skip


def test_json_has_the_scores_of_the_parts(linreg: Linreg) -> None:
    found = json.loads(train(linreg, f"{HOUSE} --json --test-fraction 0.5 --seed 1").stdout)
    assert found["test"] == {"rows": 5 - found["rows"], "loss": 0, "r2": 1, "rmse": 0}
    found = json.loads(train(linreg, f"{HOUSE} --json --folds 2 --l2 0,1 --seed 2").stdout)
    assert found["cross_validation"] == model()["training"]["cross_validation"]
    assert found["l2"] == 0


def test_json_and_the_model_do_not_share_standard_output(linreg: Linreg) -> None:
    result = linreg("train", *HOUSE.split(), "--json", "-o", "-")
    assert (result.status, result.stdout) == (2, "")
    assert result.stderr == (
        "Error: --json and --output - both write to standard output\n"
        "Hint: Write the model to a file: --output model.json.\n"
    )


def test_the_table_of_a_pipe_says_that_it_leaves_out_many_weights(
    linreg: Linreg, folder: Path
) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    columns = "--x beds --x baths --x age --x lot --y price"
    said = "\nnot in the table: the weights of 4 features; linreg train --history FILE.csv writes "
    assert said in train(linreg, f"d.csv {columns}").stderr
    assert said not in train(linreg, "d.csv --x beds --x age --y price").stderr


def test_a_longer_way_of_typing_is_the_same(linreg: Linreg) -> None:
    short = "houses.csv --x square_feet --y price -o a.json -q"
    long = "--quiet --output=b.json --y=price --x=square_feet ./houses.csv --epochs=5000 --scale"
    train(linreg, short)
    train(linreg, long)
    assert Path("a.json").read_bytes() == Path("b.json").read_bytes()


def test_forty_features_train(linreg: Linreg, folder: Path) -> None:
    names = [f"x{i}" for i in range(40)]
    rows = np.random.default_rng(1).integers(100, size=(60, 40)).tolist()
    lines = [",".join(map(str, [*row, 7 + sum(row)])) for row in rows]
    text = "\n".join([",".join([*names, "y"]), *lines])
    (folder / "d.csv").write_text(text)
    columns = [word for name in names for word in ("--x", name)]
    train(linreg, "d.csv --y y --solver exact", *columns)
    assert (model()["b"], set(model()["m"].values())) == (7, {1})


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("1,2\n2,4.1\n3,5.9\n4,8.3\n", "converged"),
        ("1000001,2\n1000002,4.1\n1000003,5.9\n1000005,8.3\n", "converged"),
    ],
)
@pytest.mark.parametrize("epochs", [10**6, 10**18])
@pytest.mark.parametrize("more", ["", "--start random", "--no-scale --learning-rate 1e-13"])
def test_any_number_of_epochs_ends_soon(
    linreg: Linreg, rows: str, said: str, epochs: int, more: str
) -> None:
    Path("d.csv").write_text(f"x,y\n{rows}")
    words = f"train d.csv --x x --y y --tolerance 0 --epochs {epochs} {more}".split()
    done = linreg(*words)
    assert done.status == 0
    assert "more would not converge" not in done.stderr or "--no-scale" in words
    if "--no-scale" not in words:
        assert f"\n{said}" in done.stderr
    assert linreg("plot", "model.json", "--kind", "loss").status == 0
    assert linreg("replay", "model.json").status == 0


def test_epochs_beyond_any_descent_are_a_usage_error(linreg: Linreg) -> None:
    done = linreg("train", "d.csv", "--x", "x", "--y", "y", "--epochs", "1" + "0" * 19)
    assert done.status == 2
    assert "1000000000000000000" in done.stderr
