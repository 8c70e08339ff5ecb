"""`--encoding auto` on the command line: the encoding does not depend on where pieces are cut."""

import codecs
import json
from pathlib import Path

import pytest

from linreg_cli.reading.sources import encodings
from tests.conftest import Linreg, Result

TEXT = "größe,prix\r\n1,5\r\n2,7\r\n4,11\r\n"
"""Three rows of prix = 3 + 2 * größe."""

PIECE_BYTES = 1 << 16


def train(linreg: Linreg, data: bytes, *options: str, x: str = "größe") -> Result:
    Path("a.csv").write_bytes(data)
    return linreg("train", "a.csv", "--x", x, "--y", "prix", "--encoding", "auto", *options)


def line() -> tuple[float, float]:
    model = json.loads(Path("model.json").read_text(encoding="utf-8"))
    return model["m"], model["b"]


@pytest.mark.parametrize("piece_bytes", [1, 2, 3, 5, PIECE_BYTES])
@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("cp1252"),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8-mark", "cp1252", "utf-16-le-mark", "utf-16-be-mark"],
)
def test_pieces_of_any_size_have_the_same_encoding(
    linreg: Linreg, monkeypatch: pytest.MonkeyPatch, data: bytes, piece_bytes: int
) -> None:
    monkeypatch.setattr(encodings, "PIECE_BYTES", piece_bytes)
    result = train(linreg, data)
    assert result.status == 0, result.stderr
    assert line() == pytest.approx((2, 3))


def test_bytes_that_windows_1252_lacks_are_latin_1(linreg: Linreg) -> None:
    data = "x,prix,\x81\n1,5,\n2,7,\n4,11,\n".encode("latin-1")
    assert train(linreg, data, x="x").status == 0
    assert line() == pytest.approx((2, 3))


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("before", [-3, -2, -1, 0, 1])
def test_the_first_letter_may_stand_where_two_pieces_meet(
    linreg: Linreg, encoding: str, before: int
) -> None:
    start = b"x,prix,note\n1,5,"
    fill = b"-" * (PIECE_BYTES + before - len(start))
    end = "é\n".encode(encoding) + b"2,7,\n4,11,\n"
    result = train(linreg, start + fill + end, x="x")
    assert result.status == 0, result.stderr
    assert line() == pytest.approx((2, 3))


@pytest.mark.parametrize("letters", ["é", "é\n", "éé", "€"])
def test_the_file_may_end_with_its_first_letters_that_are_not_ascii(
    linreg: Linreg, letters: str
) -> None:
    data = b"x,prix,note\n1,5,\n2,7,\n4,11,caf" + letters.encode("cp1252")
    result = train(linreg, data, x="x")
    assert result.status == 0, result.stderr
    assert line() == pytest.approx((2, 3))


@pytest.mark.parametrize("piece_bytes", [1, 2, 3, PIECE_BYTES])
def test_an_error_behind_the_first_letter_names_its_line(
    linreg: Linreg, monkeypatch: pytest.MonkeyPatch, piece_bytes: int
) -> None:
    monkeypatch.setattr(encodings, "PIECE_BYTES", piece_bytes)
    data = b"x,prix,note\r\n1,5,\r\n2,7,\xe9\r\n4,eleven,\r\n"
    result = train(linreg, data, x="x")
    assert result.status == 3
    assert "a.csv, line 4, column 'prix': 'eleven' is not a number" in result.stderr
