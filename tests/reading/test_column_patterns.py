"""Patterns and lists in --x, and --without."""

from pathlib import Path

import pytest

from linreg_cli.errors import DataError, UsageError
from linreg_cli.reading.column_patterns import find_features
from tests.conftest import Linreg

NAMES = ("id", "lot_a", "lot_b", "a,b", "w*", "", "rooms", "price", "n")


def features(*x: str, without: tuple[str, ...] = ()) -> list[str]:
    found = find_features(x, NAMES, without=without, others=["price", "n"], source="d.csv")
    return found.features


@pytest.mark.parametrize(
    ("x", "without", "found"),
    [
        (["*"], (), ["id", "lot_a", "lot_b", "a,b", "w*", "rooms"]),
        (["*"], ("id", "lot_*"), ["a,b", "w*", "rooms"]),
        (["lot_*"], (), ["lot_a", "lot_b"]),
        (["lot_?", "rooms"], (), ["lot_a", "lot_b", "rooms"]),
        (["*", "rooms"], (), ["id", "lot_a", "lot_b", "a,b", "w*", "rooms"]),
        (["lot_[b]"], (), ["lot_b"]),
        (["w*"], (), ["w*"]),
        (["a,b"], (), ["a,b"]),
        (["lot_a, rooms"], (), ["lot_a", "rooms"]),
        (["id,lot_*"], ("lot_a",), ["id", "lot_b"]),
        (["lot_a,other"], (), ["lot_a", "other"]),
        (["one,other"], (), ["one,other"]),
    ],
)
def test_features_are_found(x: list[str], without: tuple[str, ...], found: list[str]) -> None:
    assert features(*x, without=without) == found


def test_a_list_is_noted() -> None:
    found = find_features(["lot_a,rooms"], NAMES, without=(), others=["price"], source="d.csv")
    assert found.notes == ("--x lot_a,rooms is a list: lot_a, rooms",)


@pytest.mark.parametrize(
    ("x", "without", "error"),
    [
        (["q*"], (), DataError),
        (["*"], ("q",), DataError),
        (["id"], ("id",), UsageError),
        (["lot_*"], ("l*",), UsageError),
    ],
)
def test_what_means_no_column_is_refused(
    x: list[str], without: tuple[str, ...], error: type[Exception]
) -> None:
    with pytest.raises(error):
        features(*x, without=without)


def test_a_pipe_is_read_from_its_start_after_its_names(linreg: Linreg) -> None:
    rows = "id,a,b,y\n" + "".join(f"{i},{i},{i * i},{i + i * i}\n" for i in range(9000))
    done = linreg("train", "-", "-x", "*", "--without", "id", "-y", "y", "--solver", "exact",
                  stdin=rows)  # fmt: skip
    assert done.status == 0, done.stderr
    assert "stdin: 9,000 rows read, 9,000 used" in done.stderr


def test_patterns_choose_columns_of_a_model(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_text("a,b,y\n1,1,2\n2,5,3\n3,2,4\n4,4,9\n")
    linreg("train", "d.csv", "-x", "*", "-y", "y", "--solver", "exact")
    done = linreg("train", "model.json", "--without", "b", "--solver", "exact", "-o", "m2.json")
    assert "y from a, by exact least squares" in done.stderr


HOMES = "sqft,beds,garage,city,price\n" + "".join(
    f"{700 + 100 * i},{i % 4 + 1},{'yes' if i % 3 else 'no'},{'ABC'[i % 3]},{90 + i * i}\n"
    for i in range(9)
)


@pytest.mark.parametrize(
    ("x", "features"),
    [
        (["log(sqft),beds"], "log(sqft), beds"),
        (["beds, log(sqft) ,sqft:beds"], "beds, log(sqft), sqft:beds"),
        (["*,log(sqft)"], "sqft, beds, log(sqft)"),
        (["s*,bool(garage)"], "sqft, bool(garage)"),
        (["*", "bool(garage)"], "sqft, beds, bool(garage)"),
        (["C(city),`sqft`"], "city[B], city[C], sqft"),
        (["I(sqft / 2),beds^2"], "I(sqft / 2), beds^2"),
    ],
)
def test_lists_have_terms_and_patterns(linreg: Linreg, x: list[str], features: str) -> None:
    without = ["garage", "city"] if "garage" not in str(x) else ["city"]
    without = [] if "city" in str(x) else without
    Path("d.csv").write_text(HOMES)
    words = [word for text in x for word in ("-x", text)]
    words += [word for text in without for word in ("--without", text)]
    done = linreg("train", "d.csv", *words, "-y", "price", "--solver", "exact")
    assert f"price from {features}, by exact least squares" in done.stderr


@pytest.mark.parametrize(
    ("x", "message"),
    [
        ("log(sqft),bed", "d.csv: no column 'bed'; the columns are"),
        ("beds,log(sqtf)", "--x: there is no column 'sqtf'\n  log(sqtf)\n      ^\n"),
        ("log(sqft),q*", "d.csv: no column matches --x 'q*'"),
        ("q*", "d.csv: no column matches --x 'q*'"),
        ("beds,`sqft", "--x: this backquote has no partner\n  `sqft\n  ^\nHint: Write `sqft`."),
    ],
)
def test_the_message_names_the_wrong_part_of_a_list(linreg: Linreg, x: str, message: str) -> None:
    Path("d.csv").write_text(HOMES)
    done = linreg("train", "d.csv", "-x", x, "-y", "price")
    assert done.status in {2, 3}
    assert f"Error: {message}" in done.stderr
