"""Texts that are typed for `linreg predict`: levels that look like numbers, dates and words."""

from pathlib import Path

import pytest

from tests.conftest import Linreg

ROWS = """size,sold,open,x,price,shop
"1,000",2024-01-01,yes,1,10,"1,000"
"1,000",2024-02-01,no,2,11,"1,000"
2,2024-02-03,no,3,15,"1,000"
2,2024-03-01,yes,4,18,b
"1,000",2024-03-05,no,5,14,b
2,2024-03-09,yes,7,20,b
"""


def predictions(linreg: Linreg, *typed: str) -> tuple[str, str]:
    """Return what is predicted for typed values, and for the same in a file."""
    names = [pair.partition("=")[0] for pair in typed]
    cells = [f'"{pair.partition("=")[2]}"' for pair in typed]
    Path("new.csv").write_text(",".join(names) + "\n" + ",".join(cells) + "\n")
    read = linreg("predict", "model.json", "new.csv")
    assert read.status == 0, read.stderr
    found = linreg("predict", "model.json", *typed)
    assert found.status == 0, found.stderr
    return found.stdout.strip(), read.stdout.strip().rpartition(",")[2]


def train(linreg: Linreg, *arguments: str) -> None:
    Path("rows.csv").write_text(ROWS)
    done = linreg("train", "rows.csv", "-y", "price", "--solver", "exact", *arguments)
    assert done.status == 0, done.stderr


def test_a_level_that_looks_like_a_number_with_a_separator_is_taken_as_typed(
    linreg: Linreg,
) -> None:
    train(linreg, "-x", "x", "--category", "size")
    typed, read = predictions(linreg, "size=1,000", "x=3")
    assert typed == read
    assert linreg("predict", "model.json", "3", "1,000").stdout.strip() == typed


def test_a_number_next_to_such_a_level_is_still_corrected(linreg: Linreg) -> None:
    train(linreg, "-x", "x", "--category", "size")
    done = linreg("predict", "model.json", "size=1,000", "x=1,5")
    assert done.status == 2
    assert "linreg predict model.json size=1,000 x=1.5" in done.stderr


def test_a_key_that_looks_like_a_number_with_a_separator_chooses_its_group(
    linreg: Linreg,
) -> None:
    train(linreg, "-x", "x", "--by", "shop")
    typed, read = predictions(linreg, "shop=1,000", "x=3")
    assert typed == read


@pytest.mark.parametrize("values", [("2024-02-05", "no"), ("2024-02-05T12:00Z", "T")])
def test_dates_and_words_are_typed_in_the_order_of_the_features(
    linreg: Linreg, values: tuple[str, str]
) -> None:
    train(linreg, "-x", "days(sold)", "-x", "bool(open)")
    sold, is_open = values
    typed, read = predictions(linreg, f"sold={sold}", f"open={is_open}")
    assert typed == read
    assert linreg("predict", "model.json", *values).stdout.strip() == typed


def test_a_file_with_the_name_of_a_date_is_read(linreg: Linreg) -> None:
    train(linreg, "-x", "days(sold)")
    Path("2024-02-05").write_text("sold\n2024-02-05\n")
    assert linreg("predict", "model.json", "2024-02-05").stdout.startswith("sold,predicted_price\n")


def test_a_level_with_an_equals_sign_is_no_name(linreg: Linreg) -> None:
    Path("rows.csv").write_text("k,y\na=b,1\na=b,2\nc,4\n")
    done = linreg("train", "rows.csv", "--category", "k", "-y", "y", "--solver", "exact")
    assert done.status == 0, done.stderr
    found = linreg("predict", "model.json", "a=b", "c")
    assert found.stdout == "1.5\n4.0\n", found.stderr


def test_hints_say_what_kind_of_value_each_column_takes(linreg: Linreg) -> None:
    train(linreg, "--category", "size", "-x", "days(sold)", "-x", "bool(open)", "-x", "x")
    kinds = "size=LEVEL sold=DATE open=YES_OR_NO x=NUMBER"
    for typed in (["unknown"], ["x=3"], ["2", "2024-02-05"], ["2", "x=3"]):
        done = linreg("predict", "model.json", *typed)
        assert done.status in {2, 3}
        hint = done.stderr.partition("Hint: ")[2].strip()
        assert sorted(hint.split()[-4:]) == sorted(kinds.split()), done.stderr


def test_a_reference_without_a_level_is_told_to_name_one(linreg: Linreg) -> None:
    Path("rows.csv").write_text(ROWS)
    command = ["train", "rows.csv", "-y", "price", "--category", "size", "--solver", "exact"]
    refused = linreg(*command, "--reference", "size")
    assert refused.status == 2
    assert refused.stderr.endswith("Hint: Name a level too: --reference size=LEVEL\n")
    assert linreg(*command, "--reference", "size=2").status == 0
