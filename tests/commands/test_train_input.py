"""linreg train: which files, columns and rows it reads."""

import bz2
import gzip
import lzma
import sys
from pathlib import Path

import pytest

from tests.commands.train_runs import COLUMNS, HOUSE, model, train
from tests.conftest import HOUSES, Linreg

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

pytestmark = pytest.mark.usefixtures("houses")


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
        "Warning: d.csv: the first line has only numbers and was read as the header; "
        "if it is a row, add --no-header.\n"
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


def test_a_longer_way_of_typing_is_the_same(linreg: Linreg) -> None:
    short = "houses.csv --x square_feet --y price -o a.json -q"
    long = "--quiet --output=b.json --y=price --x=square_feet ./houses.csv --epochs=5000 --scale"
    train(linreg, short)
    train(linreg, long)
    assert Path("a.json").read_bytes() == Path("b.json").read_bytes()
