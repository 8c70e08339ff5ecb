"""Files that are not CSV, and zip archives."""

import io
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import Linreg, Shell

TRAIN = ("--x", "x", "--y", "y", "--solver", "exact")
ROWS = b"x,y\n1,2\n2,3\n4,7\n"


def zipped(**files: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an Excel workbook (.xls)"),
        (zipped(xl__workbook_dot_xml=b"<x/>"), "an Excel workbook"),
        (
            zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"),
            "an OpenDocument spreadsheet",
        ),
        (b"PAR1\x15\x04" + bytes(50), "a Parquet file"),
        (b"ARROW1\0\0" + bytes(50), "an Arrow (Feather) file"),
        (b"SQLite format 3\0" + bytes(50), "an SQLite database"),
        (b'{"x": [1, 2],\n "y": [2, 3]}\n', "a JSON document"),
        (b'\xef\xbb\xbf[\n  {"x": 1}\n]\n', "a JSON document"),
        (b"[[1, 2], [3, 4]]\n", "a JSON document"),
        (b'{"x": 1, "y": 2}\n{"x": 2, "y": 3}\n', "JSON lines"),
        (b"\n<!doctype HTML>\n<html></html>\n", "an HTML page"),
        (b"<HTML>\n<body></body>\n", "an HTML page"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"version https://git-lfs.github.com/spec/v1\noid 1\n", "a pointer of Git LFS"),
    ],
)
def test_a_file_that_is_not_csv_is_named(
    linreg: Linreg, folder: Path, content: bytes, name: str
) -> None:
    (folder / "d.csv").write_bytes(content)
    done = linreg("train", "d.csv", *TRAIN)
    assert done.status == 3
    assert done.stderr.startswith(f"Error: d.csv: is {name}")
    assert "\nHint: " in done.stderr
    assert linreg("columns", "d.csv").stderr == done.stderr


@pytest.mark.parametrize(
    ("name", "content", "written"),
    [
        ("d.csv", b'{"x": [1, 2],\n "y": [2, 3]}\n', "d-converted.csv"),
        ("d.json", b'{"x": [1, 2],\n "y": [2, 3]}\n', "d.csv"),
        ("d.CSV", b'{"x": 1, "y": 2}\n{"x": 2, "y": 3}\n', "d-converted.csv"),
    ],
)
def test_the_conversion_of_a_hint_keeps_the_file(
    linreg: Linreg, shell: Shell, name: str, content: bytes, written: str
) -> None:
    Path(name).write_bytes(content)
    command = linreg("columns", name).stderr.partition("Convert it: ")[2]
    done = shell(command.replace("python", sys.executable, 1))
    assert (done.status, done.stderr) == (0, "")
    assert Path(name).read_bytes() == content
    assert Path(written).read_text() == "x,y\n1,2\n2,3\n"


def test_the_conversion_of_a_workbook_named_csv_writes_to_a_folder(
    linreg: Linreg, folder: Path
) -> None:
    (folder / "d.csv").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert "--convert-to csv --outdir converted d.csv" in linreg("columns", "d.csv").stderr


@pytest.mark.parametrize(
    "header", ["par1,y", "orchard,y", "{x},y", "[x],y", "<date>,y", "x\nA,y", "PAR1,y", "%PD,y"]
)
def test_a_name_that_looks_like_a_format_is_a_name(
    linreg: Linreg, folder: Path, header: str
) -> None:
    (folder / "d.csv").write_text(f"{header}\n1,2\n")
    assert "not a CSV file" not in linreg("columns", "d.csv").stderr


def test_a_zip_with_one_csv_is_read_from_disk_and_from_a_pipe(linreg: Linreg, folder: Path) -> None:
    content = zipped(readme_dot_md=b"#", data__d_dot_csv=ROWS, __MACOSX__data=b"x")
    (folder / "d.zip").write_bytes(content)
    done = linreg("train", "d.zip", *TRAIN)
    assert (done.status, "d.zip: 3 rows read, 3 used" in done.stderr) == (0, True)
    done = linreg("train", "-", *TRAIN, stdin=content)
    assert (done.status, "stdin: 3 rows read, 3 used" in done.stderr) == (0, True)


def test_a_zip_with_two_csv_files_names_them(linreg: Linreg, folder: Path) -> None:
    (folder / "d.zip").write_bytes(zipped(a_dot_csv=ROWS, b_dot_csv=ROWS))
    done = linreg("train", "d.zip", *TRAIN)
    assert done.status == 3
    assert done.stderr == (
        "Error: d.zip: is a zip archive with 2 files: a.csv, b.csv\n"
        "Hint: Read one of them: unzip -p d.zip a.csv | linreg ... -\n"
    )


def test_a_damaged_zip_is_refused(linreg: Linreg, folder: Path) -> None:
    content = zipped(a_dot_csv=ROWS * 1000)
    (folder / "cut.zip").write_bytes(content[:-30])
    (folder / "bad.zip").write_bytes(content[:60] + b"\xff\xff" + content[62:])
    for name in ("cut.zip", "bad.zip"):
        done = linreg("train", name, *TRAIN)
        assert (done.status, done.stderr.splitlines()[0]) == (
            3,
            f"Error: {name}: its zip data is corrupt",
        )
