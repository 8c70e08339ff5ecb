"""linreg plot, and train --plot: what the command reads, draws, writes and refuses."""

import gzip
import json
import os
import re
import sys
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from linreg_cli.output.cloud import MAX_POINTS
from tests.conftest import HOUSES, Linreg, Shell, snapshot
from tests.markers import slow_but_every

XY = ("--x", "square_feet", "--y", "price")
TWO = b"a,b,y\n1,0,2\n2,5,1\n3,1,7\n5,2,8\n4,4,3\n"
KINDS = ["fit", "residuals", "loss", "surface"]


@pytest.fixture
def model(linreg: Linreg, houses: Path) -> Path:
    assert linreg("train", houses.name, *XY, "-q").status == 0
    return houses.with_name("model.json")


def data_for(kind: str) -> list[str]:
    return ["houses.csv"] if kind in {"fit", "residuals"} else []


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_in_the_terminal(linreg: Linreg, kind: str) -> None:
    done = linreg("plot", "model.json", *data_for(kind), "--kind", kind, "-q")
    assert (done.status, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert done.stdout.count("└") == (2 if kind in {"residuals", "surface"} else 1)
    assert "\x1b" not in done.stdout


@pytest.mark.usefixtures("model")
def test_what_a_picture_cannot_show_is_a_note(linreg: Linreg) -> None:
    done = linreg("plot", "model.json", "--kind", "loss")
    note = "Note: the smallest possible loss is 0, which a log scale cannot show\n"
    assert (done.status, done.stderr) == (0, note)


def test_the_smallest_numbers_have_a_log_scale(linreg: Linreg, houses: Path) -> None:
    assert linreg("train", houses.name, *XY, "-q", "--l2", "5e-324").status == 0
    done = linreg("plot", "model.json", "--kind", "loss")
    assert (done.status, done.stderr) == (0, "")  # pytest makes an error of a warning of NumPy
    assert "1e-301" in done.stdout


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", slow_but_every(3, ["svg", "png", "pdf"]))
def test_every_kind_is_written_in_every_format(linreg: Linreg, kind: str, ending: str) -> None:
    done = linreg("plot", "model.json", *data_for(kind), "--kind", kind, "-o", f"p.{ending}")
    assert (done.status, done.stdout) == (0, "")
    assert done.stderr.endswith(f"wrote p.{ending}\n")
    magic = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[ending]
    assert Path(f"p.{ending}").read_bytes().startswith(magic)


@pytest.mark.usefixtures("model")
def test_the_rows_are_accounted_for(linreg: Linreg) -> None:
    done = linreg("plot", "model.json", "houses.csv")
    assert done.stderr == "houses.csv: 5 rows read, 5 used\n"
    assert done.stdout.splitlines()[1] == "R² = 1, 5 training rows"


@pytest.mark.usefixtures("model")
def test_without_data_the_line_is_drawn_and_the_points_are_missed(linreg: Linreg) -> None:
    done = linreg("plot", "model.json")
    assert done.status == 0
    assert done.stderr == "Note: no rows are drawn without DATA: linreg plot MODEL DATA\n"
    assert "rows" not in done.stdout.splitlines()[-1]


@pytest.mark.usefixtures("model")
def test_data_and_model_come_from_standard_input_too(linreg: Linreg) -> None:
    named = linreg("plot", "model.json", "houses.csv")
    assert linreg("plot", "model.json", "-", stdin=HOUSES).stdout == named.stdout
    model = Path("model.json").read_bytes()
    assert linreg("plot", "-", "houses.csv", stdin=model).stdout == named.stdout


@pytest.mark.usefixtures("model")
def test_the_options_of_reading_are_those_of_the_other_commands(linreg: Linreg) -> None:
    Path("d.csv").write_bytes(b"price;square_feet\n1,5;500\nx;3\n2,5;1000\n")
    options = ("--delimiter", ";", "--decimal", ",", "--rejects", "bad.csv", "--confidence", "0.5")
    done = linreg("plot", "model.json", "d.csv", *options)
    assert done.stderr == "d.csv: 3 rows read, 2 used, 1 rejected\n"
    assert "50% confidence interval" in done.stdout
    assert len(Path("bad.csv").read_text().splitlines()) == 2


def test_weights_are_read_and_rows_of_weight_0_left_out(linreg: Linreg, folder: Path) -> None:
    (folder / "w.csv").write_bytes(b"x,y,w\n1,2,1\n2,3,2\n3,9,0.5\n4,100,0\n")
    assert linreg("train", "w.csv", "--x", "x", "--y", "y", "--weights", "w", "-q").status == 0
    done = linreg("plot", "model.json", "w.csv")
    assert done.stderr == "w.csv: 4 rows read, 3 used, 1 of weight 0\n"
    assert "3 rows" in done.stdout
    (folder / "n.csv").write_bytes(b"x,y\n1,2\n")
    done = linreg("plot", "model.json", "n.csv")
    assert done.status == 3
    assert "The model needs the columns x, y, w." in done.stderr


def test_one_panel_for_each_feature_and_those_that_are_asked_for(
    linreg: Linreg, folder: Path
) -> None:
    (folder / "two.csv").write_bytes(TWO)
    assert linreg("train", "two.csv", "--x", "a", "--x", "b", "--y", "y", "-q").status == 0
    both = linreg("plot", "model.json", "two.csv").stdout
    assert both.count("y given the others") == 2
    one = linreg("plot", "model.json", "two.csv", "--x", "b").stdout
    assert "b given the others" in one
    assert "a given the others" not in one


@pytest.fixture
def large(folder: Path) -> Path:
    random = np.random.default_rng(8)
    x = random.integers(0, 5000, 3 * MAX_POINTS)
    y = 7 * x + random.integers(-900, 900, len(x))
    lines = "".join(f"{a},{b}.5\n" for a, b in zip(x.tolist(), y.tolist(), strict=True))
    path = folder / "large.csv"
    path.write_text("x,y\n" + lines)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["fit", "residuals"])
def test_chunks_threads_and_the_order_of_rows_change_no_byte(
    linreg: Linreg, large: Path, kind: str
) -> None:
    assert linreg("train", large.name, "--x", "x", "--y", "y", "-q").status == 0
    header, *lines = large.read_text().splitlines(keepends=True)
    Path("turned.csv").write_text(header + "".join(lines[::-1]))
    Path("part1.csv").write_text(header + "".join(lines[:99]))
    Path("part2.csv.gz").write_bytes(gzip.compress((header + "".join(lines[99:])).encode()))
    drawn = []
    for i, data in enumerate(
        (["large.csv"], ["large.csv", "--threads", "1"], ["turned.csv"], ["part*.csv*"])
    ):
        name = f"{i}.svg"
        with mock.patch("linreg_cli.reading.csv.table_start.CHUNK_BYTES", 1 << 14):
            done = linreg("plot", "model.json", *data, "--kind", kind, "-o", name)
        assert done.status == 0
        drawn.append(Path(name).read_bytes())
    assert len(set(drawn)) == 1


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        ("model.json --kind residuals", "--kind residuals needs the rows",
         "Name the files with the rows: linreg plot MODEL DATA --kind residuals"),
        (
            "- -",
            "- is given for both the model and the data",
            "Write one of the two to a file, and name the file.",
        ),
        ("model.json houses.csv -o -", "-: the ending of a picture file is .png, .svg or .pdf",
         "Name it -.png; linreg plot without --output draws in the terminal."),
        ("model.json houses.csv -o houses.csv",
         "houses.csv: the ending of a picture file is .png, .svg or .pdf",
         "Name it houses.png; linreg plot without --output draws in the terminal."),
        ("model.json houses.csv --x square_foot",
         "the model has no feature 'square_foot'; did you mean 'square_feet'?",
         "Its features are: square_feet"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused(
    linreg: Linreg, folder: Path, arguments: str, message: str, hint: str
) -> None:
    before = snapshot(folder)
    done = linreg("plot", *arguments.split())
    assert (done.status, done.stdout) == (2, "")
    assert done.stderr == f"Error: {message}\nHint: {hint}\n"
    assert snapshot(folder) == before


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("kind", ["fit", "residuals"])
def test_test_rows_are_told_from_training_rows(linreg: Linreg, folder: Path, kind: str) -> None:
    rows = "".join(f"{i},{i % 7},{3 * i + i % 5}\n" for i in range(40))
    (folder / "rows.csv").write_text(f"x,w,y\n{rows}")
    (folder / "others.csv").write_text(f"x,w,y\n{rows}99,1,300\n")
    columns = ["--x", "x", "--y", "y", "--weights", "w", "--test-fraction", "0.4"]
    assert linreg("train", "rows.csv", *columns, "-q").status == 0
    trained = json.loads((folder / "model.json").read_text())
    text = linreg("plot", "model.json", "rows.csv", "--kind", kind).stdout
    found = re.search(r"(\d+) training rows +\+\+ (\d+) test rows", text)
    assert found is not None
    used = 40 - 6  # i % 7 is 0 for six of them
    assert int(found[1]) == int((trained.get("moments") or trained["moments"])["rows"])
    assert int(found[1]) + int(found[2]) == used
    # of other rows none was kept for testing
    assert "test row" not in linreg("plot", "model.json", "others.csv", "--kind", kind).stdout


def test_an_input_is_never_overwritten(linreg: Linreg, folder: Path) -> None:
    (folder / "houses.png").write_bytes(HOUSES)
    done = linreg("plot", "model.json", "houses.png", "-o", "houses.png")
    assert done.status == 2
    assert "houses.png is named twice: it would be overwritten" in done.stderr
    assert (folder / "houses.png").read_bytes() == HOUSES


def test_an_exact_model_has_no_loss_to_draw(linreg: Linreg, houses: Path) -> None:
    assert linreg("train", houses.name, *XY, "--solver", "exact", "-q").status == 0
    done = linreg("plot", "model.json", "--kind", "loss")
    assert done.status == 2
    assert done.stderr.startswith("Error: the model was solved exactly: ")


@pytest.mark.usefixtures("model")
def test_a_failed_picture_leaves_the_old_one(linreg: Linreg, folder: Path) -> None:
    (folder / "p.png").write_bytes(b"old")
    (folder / "bad.csv").write_bytes(b"square_feet,price\n1,2\nx,3\n")
    before = snapshot(folder)
    assert linreg("plot", "model.json", "bad.csv", "-o", "p.png").status == 3
    assert snapshot(folder) == before


def test_a_reader_that_goes_away_ends_it_quietly(shell: Shell, model: Path) -> None:
    assert model.exists()
    done = shell("linreg plot model.json houses.csv | head -1")
    assert (done.status, done.stdout) == (0, "price = 300 × square_feet + 0\n")
    assert "Error" not in done.stderr
    assert "Traceback" not in done.stderr


def test_the_width_is_that_of_the_terminal(shell: Shell, model: Path) -> None:
    assert model.exists()
    done = shell("COLUMNS=50 linreg plot model.json houses.csv -q")
    assert max(map(len, done.stdout.splitlines())) <= 50


def test_an_encoding_without_braille_gets_ascii(shell: Shell, model: Path) -> None:
    assert model.exists()
    done = shell("PYTHONIOENCODING=ascii linreg plot model.json houses.csv -q")
    assert done.status == 0
    assert done.stdout.isascii()


# train --plot


def test_training_draws_the_fit_at_its_end(linreg: Linreg, houses: Path) -> None:
    done = linreg("train", houses.name, *XY, "--plot", "fit.svg")
    assert done.status == 0
    assert done.stderr.endswith("wrote model.json\nwrote fit.svg\n")
    drawn = Path("fit.svg").read_bytes()
    assert linreg("plot", "model.json", houses.name, "-o", "again.svg").status == 0
    assert Path("again.svg").read_bytes() == drawn


def test_training_says_nothing_of_it_if_it_is_to_be_quiet(linreg: Linreg, houses: Path) -> None:
    done = linreg("train", houses.name, *XY, "--plot", "fit.png", "-q")
    assert (done.status, done.stdout, done.stderr) == (0, "", "")
    assert Path("fit.png").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--plot", "fit.jpg"], "fit.jpg: the ending of a picture file is .png, .svg or .pdf"),
        (["--plot", ""], "--plot is empty"),
        (["--plot", "-"], "--plot cannot be -"),
        (["--plot", "m.png", "-o", "m.png"], "m.png is named twice: it would be overwritten"),
    ],
)
def test_a_picture_that_cannot_be_is_refused_before_the_training(
    linreg: Linreg, houses: Path, arguments: list[str], message: str
) -> None:
    before = snapshot(houses.parent)
    done = linreg("train", houses.name, *XY, *arguments)
    assert done.status == 2
    assert done.stderr.startswith(f"Error: {message}\n")
    assert snapshot(houses.parent) == before


def test_training_without_matplotlib_is_refused_before_it_reads(
    linreg: Linreg, houses: Path
) -> None:
    with mock.patch.dict(sys.modules, {"matplotlib": None}):
        done = linreg("train", houses.name, *XY, "--plot", "fit.png")
    assert done.status == 2
    assert done.stderr.endswith("Hint: pip install 'linreg-cli[plot]'\n")
    assert not Path("model.json").exists()


def test_rows_that_can_be_read_once_only_are_refused(linreg: Linreg, folder: Path) -> None:
    done = linreg("train", "-", *XY, "--plot", "fit.png", stdin=HOUSES)
    assert done.status == 2
    assert done.stderr.startswith("Error: --plot reads the data twice, but stdin can be read only")
    os.mkfifo(folder / "pipe")
    assert linreg("train", "pipe", *XY, "--plot", "fit.png").status == 2
    assert not Path("model.json").exists()


@pytest.mark.parametrize("kind", ["fit", "residuals"])
def test_test_rows_that_cannot_be_marked_are_noted(linreg: Linreg, folder: Path, kind: str) -> None:
    rows = "".join(f"{i},{i * i % 7},{3 * i + i % 5}\n" for i in range(40))
    (folder / "d.csv").write_text(f"a,b,y\n{rows}")
    both = ("--x", "a", "--x", "b", "--y", "y", "--test-fraction", "0.3")
    assert linreg("train", "d.csv", *both, "-q").status == 0
    marked = linreg("plot", "model.json", "d.csv", "--kind", kind)
    assert "Note" not in marked.stderr
    assert " test rows" in marked.stdout
    assert linreg("train", "model.json", "--x", "a", "-q", "-o", "fewer.json").status == 0
    unmarked = linreg("plot", "fewer.json", "d.csv", "--kind", kind)
    note = "Note: test rows are not marked: their choice depends on all of the columns a, b, y\n"
    assert unmarked.stderr.endswith(note)
    assert " test rows" not in unmarked.stdout
