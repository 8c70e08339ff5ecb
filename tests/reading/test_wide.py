"""Records of millions of fields: refused at the first field too many."""

import gzip
import io
import resource
import subprocess
from pathlib import Path

import pytest

from linreg_cli.reading.csv import chunk, record_pieces, structure
from linreg_cli.reading.csv.record_pieces import CHUNK_BYTES, LONG_BYTES, cut_pieces
from linreg_cli.reading.csv.syntax import Syntax
from linreg_cli.reading.csv.width import MAX_COLUMNS, has_more_fields
from tests.conftest import TIMEOUT, Linreg

GIB = 1 << 30
BOMBS = {"commas": b"," * 60_000_000, "quotes": b'"",' * 20_000_000}


@pytest.mark.parametrize("bomb", ["commas", "quotes"])
@pytest.mark.parametrize("command", [["train", "--x", "x", "--y", "y"], ["columns"]])
def test_a_record_of_millions_of_fields_costs_little(
    script: str, folder: Path, bomb: str, command: list[str]
) -> None:
    (folder / "bomb.gz").write_bytes(gzip.compress(b"x,y\n1,2\n" + BOMBS[bomb] + b"\n3,4\n"))
    done = subprocess.run(
        [script, command[0], "bomb.gz", *command[1:], "--threads", "2"],
        capture_output=True,
        check=False,
        timeout=TIMEOUT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (2 * GIB, 2 * GIB)),
    )
    assert done.returncode == 3
    assert done.stderr.startswith(
        b"Error: bomb.gz, line 3: has more than 2 fields, the header has 2\n"
    )


def test_a_record_of_millions_of_fields_is_set_aside(linreg: Linreg, folder: Path) -> None:
    long = b"," * (3 * CHUNK_BYTES)
    (folder / "d.csv").write_bytes(b"x,y\n1,2\n2,4\r\n" + long + b"\r\n3,6\n" + long + b"\n4,8")
    done = linreg("train", "d.csv", "--x", "x", "--y", "y", "--rejects", "bad.csv")
    assert done.status == 0, done.stderr
    assert "6 rows read, 4 used" in done.stderr
    assert (folder / "bad.csv").read_bytes().count(long) == 2


def test_a_header_of_millions_of_columns_is_refused(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(b"," * (MAX_COLUMNS + 1) + b"\n1,2\n")
    done = linreg("columns", "d.csv")
    message = "Error: d.csv, line 1: has more than 1,048,576 columns\nHint: Is it a CSV file?\n"
    assert (done.status, done.stderr) == (3, message)


def test_no_more_is_looked_at_than_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def mask(data: bytes, syntax: Syntax) -> bytes:
        seen.append(len(data))
        return structure.mask_quoted(data, syntax)

    for module in (chunk, record_pieces):
        monkeypatch.setattr(module, "mask_quoted", mask)
    assert has_more_fields(b'"",' * (10 << 20), Syntax(","), 2)
    assert sum(seen) < 1 << 20


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        (b"a,b\n" + b"," * 200_000, 2),
        (b'"a,\n,b",c\r\n', 2),
        (b"a,b\rc,d,e", 2),
        (b'"' + b"," * 300_000 + b'",b,c', 3),
        (b"", 1),
    ],
)
def test_fields_are_counted_in_the_first_record_alone(data: bytes, fields: int) -> None:
    assert has_more_fields(data, Syntax(","), fields - 1)
    assert not has_more_fields(data, Syntax(","), fields)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("at_end", [b"", b"1,2"])
def test_a_long_record_is_cut_out_alone(end: bytes, at_end: bytes) -> None:
    rows = (b"1,2" + end) * 400_000
    long = b'"' + b"x,\n" * CHUNK_BYTES + b'",2' + end
    text = rows + long + rows + long + long + rows + at_end
    pieces = list(cut_pieces(io.BytesIO(text), syntax=Syntax(",")))
    assert b"".join(piece.data for piece in pieces) == text
    assert [piece.is_last for piece in pieces] == [False] * (len(pieces) - 1) + [True]
    assert [piece.data for piece in pieces if len(piece.data) > LONG_BYTES] == [long] * 3
