"""Which rows of a chunk are used, and where their weights go."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from linreg_cli.errors import DataError
from linreg_cli.exact.block import Block
from linreg_cli.moments.split import Split
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.csv.rows import Rows
from linreg_cli.reading.csv.table_start import open_table
from linreg_cli.reading.selection import Selection
from linreg_cli.reading.sources.source import Source
from linreg_cli.reading.used_rows import UsedRows

TEXT = "w,feet,price\n1.5,500,150\n2,NA,300\n0,1500,450\n0.25,2500,750\n,9,9\n3,10,20\n"
WEIGHTED = Selection(columns=("feet", "price"), weights="w")
PLAIN = Selection(columns=("feet", "price"))


def read(folder: Path, text: str, selection: Selection) -> Rows:
    """Return the rows of a text that is one chunk."""
    path = folder / "rows.csv"
    path.write_text(text)
    with open_table(Source("rows.csv", path), CsvOptions()) as table:
        [(rows, _)] = table.each(selection.all_columns, lambda _: None, threads=1)
    return rows


def numbers(block: Block) -> list[list[Fraction]]:
    """Return the numbers of a block, row by row."""
    units = [Fraction(10) ** -decimals for decimals in block.decimals]
    return [
        [integer * unit for integer, unit in zip(row, units, strict=True)]
        for row in block.values.tolist()
    ]


def test_incomplete_rows_and_rows_of_weight_zero_are_not_used(tmp_path: Path) -> None:
    used = UsedRows.of(read(tmp_path, TEXT, WEIGHTED), WEIGHTED)
    assert numbers(used.block) == [[500, 150], [2500, 750], [10, 20]]
    assert used.lines.tolist() == [2, 5, 7]
    assert used.source == "rows.csv"
    assert len(used) == 3


def test_weights_are_apart_from_the_columns(tmp_path: Path) -> None:
    used = UsedRows.of(read(tmp_path, TEXT, WEIGHTED), WEIGHTED)
    assert used.weights is not None
    assert numbers(used.weights) == [[Fraction(3, 2)], [Fraction(1, 4)], [3]]
    assert used.float_weights.tolist() == [1.5, 0.25, 3.0]


def test_without_weights_each_row_counts_once(tmp_path: Path) -> None:
    used = UsedRows.of(read(tmp_path, TEXT, PLAIN), PLAIN)
    assert used.weights is None
    assert used.float_weights.tolist() == [1.0] * 5
    assert used.lines.tolist() == [2, 4, 5, 6, 7]


def test_parts_and_test_rows_are_those_of_the_split_of_all_columns(tmp_path: Path) -> None:
    random = np.random.default_rng(7)
    table = random.integers(0, 3, size=(400, 3)) + np.array([0, 10, 100])
    text = "w,a,b\n" + "".join(f"{w},{a},{b}\n" for w, a, b in table.tolist())
    split = Split(parts=3, test_fraction=0.3, seed=5)
    selection = Selection(columns=("a", "b"), weights="w", split=split)
    used = UsedRows.of(read(tmp_path, text, selection), selection)

    kept = [(a, b, w) for w, a, b in table.tolist() if w]
    block = Block(values=np.array(kept, np.int64), decimals=(0, 0, 0))
    part_of = split.assign(block).tolist()
    expected = [
        [row for row, part in zip(kept, part_of, strict=True) if part == k] for k in (0, 1, 2)
    ]
    found = []
    for part, weights, _ in used.parts():
        assert weights is not None
        found.append(
            [(*row, *weight) for row, weight in zip(numbers(part), numbers(weights), strict=True)]
        )
    assert found == expected
    assert all(expected), "every part has rows"
    assert used.is_test.tolist() == [part == 0 for part in part_of]


def test_without_a_test_part_no_row_is_for_testing(tmp_path: Path) -> None:
    used = UsedRows.of(read(tmp_path, TEXT, PLAIN), PLAIN)
    assert not used.is_test.any()


def test_a_chunk_without_a_used_row_has_empty_parts(tmp_path: Path) -> None:
    selection = Selection(columns=("a",), weights="w", split=Split(parts=2))
    used = UsedRows.of(read(tmp_path, "a,w\n1,0\n2,0\n", selection), selection)
    assert len(used) == 0
    assert [len(block.values) for block, _, _ in used.parts()] == [0, 0]


def test_the_first_negative_weight_is_named_with_its_line(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        "a,w\n1,1\nNA,-9\n2,-0.50\n3,-2\n",
        selection := Selection(columns=("a",), weights="w"),
    )
    with pytest.raises(DataError) as caught:
        selection.refuse_negative_weights(rows)
    assert str(caught.value) == "rows.csv, line 4, column 'w': the weight -0.5 is negative"


def test_no_weight_is_refused_where_there_are_none(tmp_path: Path) -> None:
    PLAIN.refuse_negative_weights(read(tmp_path, "feet,price\n-1,-2\n", PLAIN))
