"""--rejects: rows that cannot be used are set aside, and every row read is accounted for."""

import csv
import json
import random
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from linreg_cli.errors import DataError
from linreg_cli.reading.rejects import HEADER, rejects_file
from tests.conftest import Linreg, snapshot

XY = ["--x", "x", "--y", "y"]
GOOD = "x,y\n1,2\n2,3.5\n4,3\n7,9.25\n"
BAD = """\
x,y,note
1,2,ok
n/a?,3,"said ""hm"",
and left"
2,3.5,
3,4
4,3,é
5,1e400,
7,9.25,
8,9,10,11
"""
"""Rows of GOOD, and between them four that cannot be used."""
REJECTED = [
    ["bad.csv", "3", "x", "'n/a?' is not a number", 'n/a?,3,"said ""hm"",\nand left"'],
    ["bad.csv", "6", "", "has 2 fields, the header has 3", "3,4"],
    ["bad.csv", "8", "y", "'1e400' is outside the range of float64", "5,1e400,"],
    ["bad.csv", "10", "", "has 4 fields, the header has 3", "8,9,10,11"],
]


@pytest.fixture(autouse=True)
def files(linreg: Linreg, folder: Path) -> None:
    """Put good.csv, bad.csv and model.json, learned from good.csv, into the folder."""
    (folder / "good.csv").write_text(GOOD)
    (folder / "bad.csv").write_text(BAD, encoding="utf-8", newline="")
    done = linreg("train", "good.csv", *XY, "--solver", "exact", "-q")
    assert done.status == 0, done.stderr


def read(name: str = "r.csv") -> list[list[str]]:
    with Path(name).open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert tuple(header) == HEADER == ("source", "line", "column", "reason", "text")
    return rows


# what each command does


def test_train_sets_rows_aside_and_learns_from_the_others(linreg: Linreg) -> None:
    done = linreg(
        "train", "bad.csv", *XY, "--rejects", "r.csv", "--solver", "exact", "-o", "other.json"
    )
    assert (done.status, read()) == (0, REJECTED)
    assert done.stderr.startswith("bad.csv: 8 rows read, 4 used, 4 rejected\n")
    assert Path("other.json").read_bytes() == Path("model.json").read_bytes()


def test_evaluate_sets_rows_aside_and_scores_the_others(linreg: Linreg) -> None:
    done = linreg("evaluate", "model.json", "bad.csv", "--rejects", "r.csv", "--json")
    assert (done.status, read()) == (0, REJECTED)
    assert done.stderr == "bad.csv: 8 rows read, 4 used, 4 rejected\n"
    expected = json.loads(linreg("evaluate", "model.json", "good.csv", "--json").stdout)
    found = json.loads(done.stdout)
    assert found.pop("largest_error")["line"] == 7  # 4,3 is on the seventh line of bad.csv
    assert expected.pop("largest_error")["line"] == 4
    assert found == expected


def test_predict_sets_rows_aside_and_predicts_for_the_others(linreg: Linreg) -> None:
    done = linreg("predict", "model.json", "bad.csv", "--rejects", "r.csv", "--only")
    # the target is not needed, so a bad one is no fault
    assert read() == [REJECTED[0], REJECTED[1], REJECTED[3]]
    assert done.stderr.startswith("Warning: 3 rows written to r.csv: 8 rows read, 5 used, 3 rej")
    assert done.status == 0
    assert done.stdout == linreg("predict", "model.json", "1", "2", "4", "5", "7").stdout


def test_predict_gives_the_rows_that_are_kept_as_they_were(linreg: Linreg) -> None:
    done = linreg("predict", "model.json", "bad.csv", "--rejects", "r.csv")
    rows = list(csv.reader(done.stdout.splitlines()))
    assert rows[0] == ["x", "y", "note", "predicted_y"]
    assert [row[:3] for row in rows[1:]] == [
        ["1", "2", "ok"], ["2", "3.5", ""], ["4", "3", "é"], ["5", "1e400", ""], ["7", "9.25", ""],
    ]  # fmt: skip


@pytest.mark.parametrize("command", ["train bad.csv --x x --y y", "evaluate model.json bad.csv",
                                     "predict model.json bad.csv"])  # fmt: skip
def test_without_it_the_first_bad_row_is_an_error(linreg: Linreg, command: str) -> None:
    done = linreg(*command.split())
    assert done.status == 3
    assert "bad.csv, line 3, column 'x': 'n/a?' is not a number\n" in done.stderr


@pytest.mark.parametrize("command", ["train good.csv --x x --y y", "evaluate model.json good.csv",
                                     "predict model.json good.csv"])  # fmt: skip
def test_a_file_without_a_bad_row_leaves_a_header(linreg: Linreg, command: str) -> None:
    assert linreg(*command.split(), "--rejects", "r.csv").status == 0
    assert read() == []


def test_an_older_file_of_rejects_is_replaced(linreg: Linreg) -> None:
    Path("r.csv").write_text("old\n" * 1000)
    linreg("train", "bad.csv", *XY, "--rejects", "r.csv", "-q")
    assert read() == REJECTED


# what is written


def test_the_text_is_the_record_as_it_stands_in_the_file(linreg: Linreg) -> None:
    linreg("train", "bad.csv", *XY, "--rejects", "r.csv", "-q")
    texts = [text for *_, text in read()]
    assert len(texts) == len(REJECTED)
    assert all(f"{text}\n" in BAD for text in texts)


def test_the_line_is_the_one_on_which_the_record_starts(linreg: Linreg) -> None:
    linreg("train", "bad.csv", *XY, "--rejects", "r.csv", "-q")
    lines = BAD.split("\n")
    found = [(lines[int(line) - 1], text.split("\n")[0]) for _, line, *_, text in read()]
    assert len(found) == len(REJECTED)
    assert all(line == start for line, start in found)


@pytest.mark.parametrize(
    ("data", "options"),
    [
        (b"x,y\r\n1,2\r\nbad,3\r\n2,3\r\n", ()),
        (b"x;y\n1;2\nbad;3\n2;3\n", ()),
        ("x,y,z\n1,2,\xe9\nbad,3,\xe9\n2,3,\xe9\n".encode("latin-1"), ("--encoding", "latin-1")),
        ("x,y\n1,2\nbad,3\n2,3\n".encode("utf-16"), ("--encoding", "utf-16")),
        (b"\xef\xbb\xbfx,y\n1,2\nbad,3\n2,3\n", ()),
        (b"x,y\n1,2\nbad,3\n2,3", ()),
        (b"x,y\n1,2\n2,3\nbad,3", ()),
    ],
)
def test_files_of_every_kind_give_one_reject(
    linreg: Linreg, folder: Path, data: bytes, options: tuple[str, ...]
) -> None:
    (folder / "d.csv").write_bytes(data)
    done = linreg("train", "d.csv", *XY, "--rejects", "r.csv", "-q", *options)
    assert (done.status, done.stderr) == (0, "")
    [[source, _, column, reason, text]] = read()
    assert (source, column, reason) == ("d.csv", "x", "'bad' is not a number")
    assert re.fullmatch("bad[,;]3(,é)?", text)


def test_a_record_that_is_bad_in_two_columns_is_one_reject(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_text("y,x\n1,2\nno,none!\n3,5\n")
    linreg("train", "d.csv", *XY, "--rejects", "r.csv", "-q")
    # the first in the order in which the columns were asked for
    assert read() == [["d.csv", "3", "x", "'none!' is not a number", "no,none!"]]


def test_missing_cells_are_rejected_where_they_are_an_error(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_text("x,y\n1,2\n,4\n3,5\n")
    done = linreg("train", "d.csv", *XY, "--rejects", "r.csv", "--missing", "fail")
    assert read() == [["d.csv", "3", "x", "the value is missing", ",4"]]
    assert done.stderr.startswith("d.csv: 3 rows read, 2 used, 1 rejected\n")


def test_rejects_of_several_files_are_in_their_order(linreg: Linreg, folder: Path) -> None:
    (folder / "b.csv").write_text("y,x\n1,no\n")
    (folder / "a.csv").write_text("x,y\n1,2\n2,2\nno,4\n")
    linreg("train", "b.csv", "a.csv", *XY, "--rejects", "r.csv", "-q")
    assert [row[:2] for row in read()] == [["b.csv", "2"], ["a.csv", "4"]]


def test_standard_input_is_called_stdin(linreg: Linreg) -> None:
    linreg("train", "-", *XY, "--rejects", "r.csv", "-q", stdin=BAD)
    assert read() == [["stdin", *rest] for _, *rest in REJECTED]


def test_names_and_cells_are_never_formulas_of_the_terminal(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_text("x,y\n1,2\n\x1b[31m,4\n3,5\n")
    done = linreg("train", "d.csv", *XY, "--rejects", "r.csv")
    assert "\x1b" not in done.stderr
    assert [row[-1] for row in read()] == ["\x1b[31m,4"]


# every row is accounted for


@dataclass(frozen=True)
class Tally:
    """What a ledger line says."""

    read: int
    used: int
    missing: int
    rejected: int
    weightless: int


def tally(stderr: str) -> Tally:
    line = next(text for text in stderr.splitlines() if " rows read, " in text)

    def number(pattern: str) -> int:
        found = re.search(rf"([\d,]+) {pattern}", line)
        return int(found[1].replace(",", "")) if found else 0

    return Tally(*map(number, ["rows? read", "used", "left out", "rejected", "of weight 0"]))


def messy(seed: int, rows: int) -> tuple[str, Tally]:
    """Write rows of which some miss cells, some are no rows, and some weigh nothing."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    lines, counts = [], dict.fromkeys(("used", "missing", "rejected", "weightless"), 0)
    kinds = {
        "used": lambda x: f"{x},{3 * x}.5,2",
        "missing": lambda x: chance.choice([f",{x},1", f"{x},NA,1", f"{x},1,", "null,,1"]),
        "rejected": lambda x: chance.choice(
            [f"{x},{x}", f"{x},x,1", f"{x},,1,1", f"{x},1e999,1", f",{x},w", f'"{x}\n",1,1x']
        ),
        "weightless": lambda x: f"{x},{x},0",
    }
    for x in range(rows):
        kind = chance.choice(list(kinds))
        counts[kind] += 1
        lines.append(kinds[kind](x))
        if chance.random() < 0.1:
            lines.append("")  # a blank line is no row
    return "\n".join(["x,y,w", *lines, ""]), Tally(rows, *counts.values())


@pytest.mark.parametrize("seed", range(4))
def test_used_and_missing_and_rejected_and_weightless_add_up_to_read(
    linreg: Linreg, folder: Path, seed: int
) -> None:
    text, expected = messy(seed, 3000)
    (folder / "d.csv").write_text(text, newline="")
    done = linreg(
        "train", "d.csv", *XY, "--weights", "w", "--rejects", "r.csv", "--solver", "exact"
    )
    found = tally(done.stderr)
    assert found == expected
    assert found.used + found.missing + found.rejected + found.weightless == found.read
    assert len(read()) == found.rejected


@pytest.mark.parametrize("command", ["evaluate", "predict"])
def test_the_other_commands_account_for_every_row_too(
    linreg: Linreg, folder: Path, command: str
) -> None:
    text, expected = messy(9, 2000)
    (folder / "d.csv").write_text(text, newline="")
    weighted = ["--weights", "w", "--rejects", "r.csv", "--solver", "exact", "-q", "-o", "w.json"]
    assert linreg("train", "d.csv", *XY, *weighted).status == 0
    found = tally(linreg(command, "w.json", "d.csv", "--rejects", "s.csv").stderr)
    assert found.read == expected.read
    assert found.used + found.missing + found.rejected + found.weightless == found.read
    assert len(read("s.csv")) == found.rejected
    if command == "evaluate":
        assert found == expected


# what goes wrong


@pytest.mark.parametrize("name", ["new*.csv", "new1.csv", "./new1.csv"])
@pytest.mark.parametrize("command", ["train", "evaluate", "predict"])
def test_an_input_is_never_overwritten(
    linreg: Linreg, folder: Path, command: str, name: str
) -> None:
    (folder / "new1.csv").write_text(GOOD)
    before = snapshot(folder)
    arguments = ["train", name, *XY] if command == "train" else [command, "model.json", name]
    done = linreg(*arguments, "--rejects", "new1.csv", "-q")
    assert snapshot(folder) == before
    assert (done.status, done.stdout) == (2, "")
    assert "new1.csv is named twice: it would be overwritten\n" in done.stderr


def test_two_outputs_cannot_be_one_file(linreg: Linreg, folder: Path) -> None:
    before = snapshot(folder)
    for option in ("--output", "--history"):
        done = linreg("train", "good.csv", *XY, option, "r.csv", "--rejects", "./r.csv", "-q")
        assert done.status == 2
        assert done.stderr.startswith("Error: ./r.csv is named twice: it would be overwritten\n")
    assert snapshot(folder) == before


@pytest.mark.parametrize("command", ["train bad.csv --x x --y y", "evaluate model.json bad.csv",
                                     "predict model.json bad.csv"])  # fmt: skip
def test_a_dash_is_no_file_for_rejects(linreg: Linreg, folder: Path, command: str) -> None:
    # standard output is for data, and a file called - is nothing that anybody asks for
    assert linreg(*command.split(), "--rejects", "-", "-q").status == 2
    assert not (folder / "-").exists()


def test_rejects_are_kept_if_no_row_is_left(linreg: Linreg, folder: Path) -> None:
    # all rows are bad: the reasons are what the user needs
    (folder / "d.csv").write_text("x,y\nno,1\n2,none!\n")
    done = linreg("train", "d.csv", *XY, "--rejects", "r.csv")
    assert done.status == 3
    assert "2 rows read, 0 used, 2 rejected" in done.stderr
    assert len(read()) == 2


def test_a_fit_that_fails_leaves_the_rejects(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_text("x,y\n1,1\n1,none!\n1,3\n")
    done = linreg("train", "d.csv", *XY, "--rejects", "r.csv", "--solver", "exact", "-q")
    assert (done.status, [row[1] for row in read()]) == (5, ["3"])


def test_a_file_that_cannot_be_read_leaves_the_old_rejects(linreg: Linreg, folder: Path) -> None:
    (folder / "r.csv").write_text("old\n")
    (folder / "d.csv").write_bytes(b"x,y\n1,1\nno,2\n\xff,3\n")
    before = snapshot(folder)
    assert linreg("train", "d.csv", *XY, "--rejects", "r.csv", "-q").status == 3
    assert snapshot(folder) == before


# the file itself


def test_no_path_keeps_nothing(folder: Path) -> None:
    before = snapshot(folder)
    with rejects_file(None) as keep:
        assert keep(None) is None  # type: ignore[arg-type]  # what it is given is not looked at
    assert snapshot(folder) == before


def test_the_file_is_there_when_all_is_written_and_not_before(folder: Path) -> None:
    with rejects_file("r.csv"):
        assert not (folder / "r.csv").exists()
    assert (folder / "r.csv").read_text() == "source,line,column,reason,text\n"


def test_a_failure_leaves_nothing_behind(folder: Path) -> None:
    before = snapshot(folder)
    with pytest.raises(KeyboardInterrupt), rejects_file("r.csv"):
        raise KeyboardInterrupt
    assert snapshot(folder) == before


@pytest.mark.usefixtures("folder")
def test_a_place_that_cannot_be_written_is_an_error() -> None:
    with pytest.raises(DataError) as caught, rejects_file("nowhere/r.csv"):
        pass
    assert caught.value.message == (
        "nowhere/r.csv: cannot write the rejects: No such file or directory"
    )
    assert caught.value.hint == "Make the folder: mkdir -p nowhere"
