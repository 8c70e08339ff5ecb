"""linreg columns: the table that a person reads."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from linreg_cli.output.terminal.description_table import ASCII_BLOCKS, sparkline
from tests.commands.columns_runs import columns_of, lines
from tests.conftest import Linreg, Shell
from tests.output.test_terminal import CONTROL, watch
from tests.references import SACRAMENTO


def test_the_table_has_a_line_for_each_column(linreg: Linreg, houses: Path) -> None:
    assert houses.exists()
    header, square_feet, price, *_ = lines(linreg, "houses.csv")
    assert header[:6] == ["column", "kind", "missing", "smallest", "largest", "mean"]
    assert header[6:] == ["std.", "dev.", "median", "texts", "histogram"]
    assert square_feet[:6] == ["square_feet", "number", "0", "500", "2500", "1500"]
    assert square_feet[6:] == ["790.5694", "1500", "-", *["█", "█", "█", "█", "█"]]
    assert price[:6] == ["price", "number", "0", "150000", "750000", "450000"]
    assert price[6:] == ["237170.8", "450000", "-", *["█", "█", "█", "█", "█"]]


@pytest.mark.parametrize(
    ("cells", "mean"),
    [
        (["1700000000", "1700000007"], "1700000004"),  # of a tie, the even one
        (["-123456789012", "-123456789010"], "-123456789011"),
        (["1234567890122", "1234567890124"], "1.234568e+12"),
        (["1", "2", "2"], "1.666667"),
    ],
)
def test_a_mean_is_rounded_behind_its_point_if_that_is_near(
    linreg: Linreg, cells: Sequence[str], mean: str
) -> None:
    row = lines(linreg, "-", stdin="x\n" + "\n".join(cells) + "\n")[1]
    assert row[5] == mean


def test_with_a_target_the_table_has_correlations_and_says_of_which_rows(
    linreg: Linreg, houses: Path
) -> None:
    assert houses.exists()
    header, *_, empty, note, _, _ = lines(linreg, "houses.csv", "--y", "price")
    assert header[-2:] == ["r", "histogram"]
    assert empty == []
    assert " ".join(note) == "r is the correlation with 'price' over the rows that have both."


def test_the_summary_is_on_standard_error_alone(linreg: Linreg, houses: Path) -> None:
    assert houses.exists()
    assert linreg("columns", "houses.csv").stderr == "houses.csv: 5 rows read\n"
    assert linreg("columns", "houses.csv", "--quiet").stderr == ""


def test_names_and_texts_are_shown_escaped(linreg: Linreg) -> None:
    output = linreg("columns", "-", stdin='"a\x1b[31m","[b]b[/b]"\n"x\x07y",1\n2,z\x1b\n').stdout
    assert "\x1b" not in output
    assert "\x07" not in output
    assert "a\\x1b[31m" in output
    assert "[b]b[/b]" in output


def test_json_has_names_as_they_are(linreg: Linreg) -> None:
    assert list(columns_of(linreg, "-", stdin='"größe\x1b"\n1\n')) == ["größe\x1b"]


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_on_a_terminal_nothing_is_cut(script: str, folder: Path, columns: int) -> None:
    (folder / "s.csv").write_bytes(SACRAMENTO.read_bytes())
    status, shown = watch(script, "columns", "s.csv", "--y", "price", "-q", columns=columns)
    words = CONTROL.sub("", shown).split()
    assert status == 0
    assert "…" not in shown
    assert {"longitude", "number", "0.7674" if columns > 80 else "0.767", "884790"} <= set(words)


def test_at_80_columns_the_real_data_fits(script: str, folder: Path) -> None:
    (folder / "s.csv").write_bytes(SACRAMENTO.read_bytes())
    _, shown = watch(script, "columns", "s.csv", "--y", "price", "-q", columns=80)
    tables, _, _ = CONTROL.sub("", shown).partition("\ncity: ")
    assert max(map(len, tables.splitlines())) <= 80


def test_an_encoding_without_blocks_draws_in_ascii(shell: Shell, houses: Path) -> None:
    assert houses.exists()
    done = shell("PYTHONIOENCODING=latin-1 linreg columns houses.csv -q")
    assert done.stdout.splitlines()[1].endswith("  #  # #  # #")
    assert done.stdout.isascii()


def test_bars_have_eight_heights_and_only_an_empty_one_has_none() -> None:
    assert sparkline([0, 1, 1000, 500, 501, 125, 126]) == " ▁█▄▅▁▂"
    assert sparkline([1, 8], ASCII_BLOCKS) == ".#"
    assert sparkline([]) == ""
