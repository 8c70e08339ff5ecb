"""Tests of columns of categories: both readers find the same levels in the same rows."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, strategies as st

from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.csv.missing import MissingMarkers
from linreg_cli.reading.csv.table import Table
from tests.reading.both_readers import found_in

CELLS = st.sampled_from(
    ["Oslo", " Oslo ", "oslo", "3", "3.0", "1e400", "NA", " n/a", "", "\u00a0NA", "Zürich",
     "Zu\u0308rich", '"Oslo"', '"a,b"', '"say ""x"""', '"line\nend"', 'a"b', '""', '" NA"', "None",
     "12345678901234567890123", "-", "\u200bOslo", "-999"]
)  # fmt: skip
NUMBERS = st.sampled_from(["1", "2.5", "", "NA", "17", '"4"'])
OPTIONS = st.sampled_from(
    [CsvOptions(), CsvOptions(strip="$"), CsvOptions(markers=MissingMarkers(added=("-999", "-")))]
)
Found = list[object]


def read(text: str, options: CsvOptions, *, has_scanner: bool, chunk_bytes: int = 1 << 20) -> Found:
    """Return the level, the number and the line of each complete row, and what is missing."""

    def each_of(table: Table) -> Iterator[object]:
        for rows, _ in table.each(["c", "x"], lambda _: None, threads=1, texts=1):
            [codes] = rows.categories
            levels = [codes.levels[code] for code in codes.codes.tolist()]
            numbers = zip(
                rows.block.values[:, 0].tolist(), rows.complete_lines.tolist(), strict=True
            )
            yield from zip(levels, numbers, strict=True)
            yield rows.missing, rows.complete.tolist(), rows.count

    return found_in(
        text.encode(), options, each_of, has_scanner=has_scanner, chunk_bytes=chunk_bytes
    )


@given(st.lists(st.tuples(NUMBERS, CELLS, NUMBERS), min_size=1, max_size=30), OPTIONS)
def test_both_readers_find_the_same_levels(
    rows: Sequence[tuple[str, str, str]], options: CsvOptions
) -> None:
    text = "x,c,y\n" + "".join(f"{','.join(row)}\n" for row in rows)
    assert read(text, options, has_scanner=True) == read(text, options, has_scanner=False)


@pytest.mark.parametrize("has_scanner", [True, False])
def test_a_missing_level_is_counted_in_a_row_without_a_number_too(*, has_scanner: bool) -> None:
    found = read("x,c\n,\u00a0NA\n", CsvOptions(), has_scanner=has_scanner)
    assert found == [((1, 1), [False], 1)]


@pytest.mark.parametrize("has_scanner", [True, False])
def test_levels_are_cells_without_blanks_and_quotes(*, has_scanner: bool) -> None:
    text = 'x,c\n1, Oslo\n2,"Oslo"\n3,3.0\n4,NA\n5,"say ""x"""\n,Lima\n7,Zu\u0308rich\n'
    found = read(text, CsvOptions(), has_scanner=has_scanner)
    assert found == [
        ("Oslo", (1, 2)), ("Oslo", (2, 3)), ("3.0", (3, 4)), ('say "x"', (5, 6)),
        ("Zürich", (7, 8)),
        ((1, 1), [True, True, True, False, True, False, True], 7),
    ]  # fmt: skip


@pytest.mark.parametrize("has_scanner", [True, False])
def test_doubled_quotes_are_halved_beside_a_quote_in_the_middle(*, has_scanner: bool) -> None:
    found = read('x,c\n1,"say ""x"""\n2,a"b\n', CsvOptions(), has_scanner=has_scanner)
    assert found[:2] == [('say "x"', (1, 2)), ('a"b', (2, 3))]


def test_many_levels_are_told_apart() -> None:
    text = "x,c\n" + "".join(f"{i},level {i * 7919 % 5003}\n" for i in range(12_000))
    found = read(text, CsvOptions(), has_scanner=True, chunk_bytes=1 << 16)
    levels = [each[0] for each in found if isinstance(each, tuple) and len(each) == 2]
    assert levels == [f"level {i * 7919 % 5003}" for i in range(12_000)]
