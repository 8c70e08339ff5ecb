"""linreg columns: what is in the data."""

import gzip
import io
import math
import re
import sys
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from linreg_cli import native
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.csv.table_start import open_table
from linreg_cli.reading.description import Description, describe
from linreg_cli.reading.sources.source import Source
from tests.commands.columns_runs import MIXED, as_json, columns_of
from tests.conftest import Linreg, Shell
from tests.references import SACRAMENTO, root
from tests.strategies import NUMBER_TEXTS


def described(data: str, *, y: str) -> Description:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data.encode())))
        return describe([Source("stdin")], CsvOptions(), y=y, advance=lambda *_: None, threads=1)


# the figures


def pearson(x: Sequence[Fraction], y: Sequence[Fraction]) -> float | None:
    """Work the correlation out in fractions and round it at the end; None if it is undefined."""
    n = len(x)
    if not n:
        return None
    a, b = ([value - sum(values, Fraction()) / n for value in values] for values in (x, y))
    xy = sum((p * q for p, q in zip(a, b, strict=True)), Fraction())
    squares = sum((p * p for p in a), Fraction()) * sum((q * q for q in b), Fraction())
    if not squares:
        return None
    size = root(Fraction(xy * xy, squares))
    return float(-size if xy < 0 else size)


CELL = st.one_of(NUMBER_TEXTS, st.sampled_from(["", "NA", "1", "1", "2", "two", "1e999"]))


@pytest.mark.slow
@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8))
def test_the_figures_are_those_of_fractions(rows: list[tuple[str, str]]) -> None:
    found = described("x,y\n" + "".join(f"{x},{y}\n" for x, y in rows), y="y")
    texts = {"", "NA", "two", "1e999"}
    x, y = found.columns
    numbers = [Fraction(Decimal(cell)) for cell, _ in rows if cell not in texts]
    pairs = [(Fraction(Decimal(a)), Fraction(Decimal(b))) for a, b in rows if not {a, b} & texts]
    assert (found.rows, x.numbers, x.pairs) == (len(rows), len(numbers), len(pairs))
    assert x.missing == sum(cell in {"", "NA"} for cell, _ in rows)
    assert x.numbers + x.missing + x.not_numbers == y.numbers + y.missing + y.not_numbers
    assert x.mean == (float(sum(numbers) / len(numbers)) if numbers else None)
    assert sum(x.histogram.counts.values()) == len(numbers)
    bounds = [
        None if bound is None else Fraction(bound.integer, 10**bound.decimals)
        for bound in (x.smallest, x.largest)
    ]
    assert bounds == ([min(numbers), max(numbers)] if numbers else [None, None])
    assert x.correlation == pearson([a for a, _ in pairs], [b for _, b in pairs])


def test_real_data_has_the_figures_of_pandas(linreg: Linreg) -> None:
    frame = pd.read_csv(SACRAMENTO)
    found = columns_of(linreg, str(SACRAMENTO), "--y", "price")
    assert list(found) == list(frame.columns)
    for name in map(str, frame.select_dtypes("number")):
        column = frame[name]
        figures = [found[name][key] for key in ("numbers", "missing", "smallest", "largest")]
        assert figures == [len(frame), 0, column.min(), column.max()]
        assert math.isclose(found[name]["mean"], column.mean(), rel_tol=1e-12)
        # pandas adds up in float64
        assert math.isclose(found[name]["correlation"], column.corr(frame["price"]), rel_tol=1e-9)
        edges = found[name]["histogram"]["edges"]
        counts, _ = np.histogram(column, [*edges[:-1], edges[-1] * (1 + 1e-12)])
        assert found[name]["histogram"]["counts"] == counts.tolist()
    assert [found[name]["kind"] for name in frame.columns] == [
        "category", "category", "number", "number", "number", "category", "number", "number",
        "number",
    ]  # fmt: skip


def test_a_mean_keeps_the_digits_that_float64_would_lose(linreg: Linreg) -> None:
    rows = ["1e16", "1", "-1e16", "1"]
    assert columns_of(linreg, "-", stdin="x\n" + "\n".join(rows))["x"]["mean"] == 0.5


def test_a_correlation_keeps_its_digits_far_from_zero(linreg: Linreg) -> None:
    data = "t,v\n" + "".join(f"{1_700_000_000_000 + i},{i * i}\n" for i in range(4))
    found = columns_of(linreg, "-", "--y", "v", stdin=data)["t"]["correlation"]
    x, y = [Fraction(i) for i in range(4)], [Fraction(i * i) for i in range(4)]
    assert found == pearson(x, y)


def test_a_correlation_is_of_the_rows_that_have_both(linreg: Linreg) -> None:
    data = "a,b\n1,2\n2,4\n3,\n,100\n9,x\n4,8\n"
    found = columns_of(linreg, "-", "--y", "b", stdin=data)["a"]
    assert (found["numbers"], found["pairs"], found["correlation"]) == (5, 3, 1.0)


def test_a_falling_line_has_a_correlation_of_minus_one(linreg: Linreg) -> None:
    assert (
        columns_of(linreg, "-", "--y", "b", stdin="a,b\n1,3\n2,2\n3,1\n")["a"]["correlation"]
        == -1.0
    )


@pytest.mark.parametrize("data", ["a,b\n1,3\n1,2\n", "a,b\n1,3\n", "a,b\nx,3\ny,2\n", "a,b\n"])
def test_without_two_different_pairs_there_is_no_correlation(linreg: Linreg, data: str) -> None:
    assert columns_of(linreg, "-", "--y", "b", stdin=data)["a"]["correlation"] is None


# cells that are no numbers


def test_each_column_is_described_by_itself(linreg: Linreg) -> None:
    found = columns_of(linreg, "-", stdin=MIXED)
    counts = {
        name: (column["kind"], column["numbers"], column["missing"], column["not_numbers"])
        for name, column in found.items()
    }
    assert counts == {
        "id": ("number", 5, 0, 0),
        "age": ("mixed", 3, 1, 1),
        "price": ("mixed", 3, 1, 1),
        "city": ("text", 0, 1, 4),
        "none": ("empty", 0, 5, 0),
    }
    assert found["age"]["mean"] == (30 + 50 + 60) / 3
    assert found["none"]["histogram"] == {"edges": [], "counts": []}


def test_an_example_tells_where_the_first_such_cell_is(linreg: Linreg) -> None:
    found = columns_of(linreg, "-", stdin=MIXED)
    place = {"reason": "is not a number", "source": "stdin", "remedy": ""}
    assert found["age"]["example"] == {"text": "x", "line": 4} | place
    assert found["price"]["example"] == {"text": "n/a?", "line": 5} | place
    assert found["city"]["example"] == {"text": "Rome", "line": 2} | place
    assert found["id"]["example"] is None


def test_a_note_counts_the_cells_and_shows_the_first(linreg: Linreg) -> None:
    output = linreg("columns", "-", stdin=MIXED + b"6,y,1e999,Bern,\n").stdout
    remedy = "linreg train --rejects rejects.csv sets such rows aside"
    ages, prices = output.splitlines()[-4:-2]
    cells = "2 cells are not numbers, the first"
    assert ages == f"Note: column 'age': {cells}: 'x' (stdin, line 4); {remedy}"
    assert prices == f"Note: column 'price': {cells}: 'n/a?' (stdin, line 5); {remedy}"


def test_a_number_out_of_range_is_said_to_be_so(linreg: Linreg) -> None:
    output = linreg("columns", "-", stdin="a\n1\n1e999\n").stdout
    assert output.splitlines()[-3] == (
        "Note: column 'a': 1 cell is not a number: '1e999' is outside the range of float64 "
        "(stdin, line 3); linreg train --rejects rejects.csv sets such rows aside"
    )


def test_a_column_of_decimal_commas_names_the_option_that_reads_it(linreg: Linreg) -> None:
    output = linreg("columns", "-", stdin="a;b\n1;2,5\n2;3,5\n").stdout
    assert output.splitlines()[-3] == (
        "Note: column 'b': 2 cells are not numbers, the first: '2,5' (stdin, line 2); "
        "--decimal , reads it as 2.5"
    )
    assert (
        columns_of(linreg, "-", "--decimal", ",", stdin="a;b\n1;2,5\n2;3,5\n")["b"]["mean"] == 3.0
    )


def test_a_long_text_is_cut(linreg: Linreg) -> None:
    text = columns_of(linreg, "-", stdin="a\n" + "x" * 100_000 + "\n")["a"]["example"]["text"]
    assert text == "x" * 39 + "…"


def test_an_edge_beyond_float64_is_null(linreg: Linreg) -> None:
    found = columns_of(linreg, "-", stdin="x\n1.7e308\n-1.7e308\n")["x"]["histogram"]
    assert found == {
        "edges": [None, -1.5e308, -1e308, -5e307, 0.0, 5e307, 1e308, 1.5e308, None],
        "counts": [1, 0, 0, 0, 0, 0, 0, 1],
    }


# files


def test_rows_and_sources_add_up(linreg: Linreg, folder: Path) -> None:
    (folder / "a.csv").write_text("x,y\n1,10\n2,20\n")
    (folder / "b.csv.gz").write_bytes(gzip.compress(b"y,x\n30,3\nbad,4\n"))
    both = as_json(linreg, "a.csv", "b.csv.gz", "--y", "y")
    whole = as_json(linreg, "-", "--y", "y", stdin="x,y\n1,10\n2,20\n3,30\n4,bad\n")
    assert both.pop("train") == "linreg train a.csv b.csv.gz --x x --y y --rejects rejects.csv"
    assert whole.pop("train") == "linreg train - --x x --y y --rejects rejects.csv"
    assert both["columns"][1]["example"].pop("source") == "b.csv.gz"
    assert both["columns"][1]["example"].pop("line") == 3
    assert whole["columns"][1]["example"].pop("source") == "stdin"
    assert whole["columns"][1]["example"].pop("line") == 5
    assert both == whole


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ("x\n1\n", "b.csv: no column 'y'; the columns are x"),
        ("x,y,z\n1,2,3\n", "b.csv, column 'z': is a column that the first file does not have"),
    ],
)
def test_files_with_other_columns_are_an_error(
    linreg: Linreg, folder: Path, second: str, message: str
) -> None:
    (folder / "a.csv").write_text("x,y\n1,10\n")
    (folder / "b.csv").write_text(second)
    result = linreg("columns", "a.csv", "b.csv")
    assert (result.status, result.stdout) == (3, "")
    assert result.stderr.startswith(f"Error: {message}\n")


def test_a_target_that_is_no_column_names_the_nearest(linreg: Linreg, houses: Path) -> None:
    assert houses.exists()
    result = linreg("columns", "houses.csv", "--y", "prize")
    assert result.status == 3
    assert result.stderr.splitlines()[-1] == "Hint: did you mean 'price'?"


def test_columns_of_one_name_are_both_shown(linreg: Linreg) -> None:
    found = as_json(linreg, "-", stdin="a,a\n1,2\n")["columns"]
    assert [(column["name"], column["mean"]) for column in found] == [("a", 1.0), ("a", 2.0)]


def test_a_header_without_rows_is_columns_without_cells(linreg: Linreg) -> None:
    found = as_json(linreg, "-", stdin="a,b\n")
    assert found["rows"] == 0
    assert [column["kind"] for column in found["columns"]] == ["empty", "empty"]


def test_without_header_columns_are_numbers(linreg: Linreg) -> None:
    found = columns_of(linreg, "-", "--no-header", "--y", "2", stdin="1,2\n2,4\n")
    assert (list(found), found["1"]["correlation"]) == (["1", "2"], 1.0)


def test_a_header_of_numbers_is_told(linreg: Linreg) -> None:
    assert "if it is a row, add --no-header." in linreg("columns", "-", stdin="1,2\n2,4\n").stderr


def test_a_ragged_row_is_an_error_with_its_line(linreg: Linreg) -> None:
    result = linreg("columns", "-", stdin="a,b\n1,x\n1\n")
    assert (result.status, result.stdout) == (3, "")
    assert result.stderr.startswith("Error: stdin, line 3: has 1 field, the header has 2\n")


@pytest.mark.parametrize("has_scanner", [False, True])
@pytest.mark.parametrize("chunk_bytes", [1, 7, 100])
def test_no_cut_of_the_file_and_no_reader_makes_a_difference(
    monkeypatch: pytest.MonkeyPatch, linreg: Linreg, *, has_scanner: bool, chunk_bytes: int
) -> None:
    data = MIXED + b'6,"1e30",0.001,"a\n""b""",7\n'
    whole = as_json(linreg, "-", "--y", "id", stdin=data)
    cut = partial(open_table, chunk_bytes=chunk_bytes)
    monkeypatch.setattr("linreg_cli.reading.description.open_table", cut)
    monkeypatch.setattr(native, "IS_AVAILABLE", has_scanner and native.IS_AVAILABLE)
    for threads in ("1", "3"):
        assert as_json(linreg, "-", "--y", "id", "--threads", threads, stdin=data) == whole


def test_a_reader_that_goes_away_ends_columns_quietly(shell: Shell, folder: Path) -> None:
    (folder / "wide.csv").write_text(",".join(map(str, range(3000))) + "\n")
    done = shell("linreg columns wide.csv --no-header -q | head -1")
    assert re.match(r"column +kind", done.stdout)
    assert done.stderr == ""


def test_many_columns_are_no_trouble(linreg: Linreg) -> None:
    data = "\n".join(",".join(map(str, range(row, row + 25))) for row in range(3))
    found = columns_of(linreg, "-", "--no-header", "--y", "25", stdin=data)
    assert [column["mean"] for column in found.values()] == [j + 1.0 for j in range(25)]
    assert {column["correlation"] for column in found.values()} == {1.0}
