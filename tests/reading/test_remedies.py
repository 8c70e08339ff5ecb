"""The options that a hint proposes for a cell that is not a number."""

import pytest

from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.csv.missing import MissingMarkers, looks_missing
from linreg_cli.reading.csv.remedies import (
    MAX_SHOWN,
    find_remedies,
    name_odd_characters,
    shorten,
)


def found(text: str, *others: str, options: CsvOptions | None = None) -> list[str]:
    return [str(remedy) for remedy in find_remedies(text, others, options or CsvOptions())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,5", ["--decimal , reads it as 1.5"]),
        ("1,234,567", ["--thousands , reads it as 1234567"]),
        ("1 234 567", ["--thousands ' ' reads it as 1234567"]),
        ("1'234", ["--thousands ''\"'\"'' reads it as 1234"]),
        ("1.234,5", ["--decimal , --thousands . reads it as 1234.5"]),
        ("1,234", ["--thousands , reads it as 1234", "--decimal , reads it as 1.234"]),
        ("$5", ["--strip '$' reads it as 5"]),
        ("5 kg", ["--strip kg reads it as 5"]),
        ("12%", ["--strip % reads it as 12"]),
        ("(120)", ["--accounting reads it as -120"]),
        ("120-", ["--accounting reads it as -120"]),
        ("$1,234.50", ["--thousands , --strip '$' reads it as 1234.50"]),
    ],
)
def test_the_fewest_options_that_read_a_cell_are_proposed(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "red",
        "five 5",
        "2020-01-02",
        "5 apples",
        "1..5",
        "1,23,4",
        "1O",
        "1\u041e",
        "\u20135",
        "\u2013$5",
        "\uff0d5",
    ],
)
def test_no_option_reads_a_text(text: str) -> None:
    assert found(text) == []


def test_the_other_cells_of_the_column_decide_between_remedies() -> None:
    assert found("1,234", "2,5", "NA") == ["--decimal , reads it as 1.234"]
    assert found("1,234", "1,234,567") == ["--thousands , reads it as 1234"]


def test_a_comma_between_semicolons_is_first_the_decimal_point() -> None:
    remedies = find_remedies("1,200", ["2,500"], CsvOptions(), delimiter=";")
    assert [remedy.words for remedy in remedies] == [("--decimal", ","), ("--thousands", ",")]


def test_what_the_user_chose_is_kept() -> None:
    options = CsvOptions(strip="$", markers=MissingMarkers(added=("?",)))
    assert found("$5%", "?", options=options) == ["--strip '$%' reads it as 5"]


@pytest.mark.parametrize("text", ["?", "-", "n.a.", "Missing", "(unknown)", "#REF!", "TBD", " . "])
def test_texts_that_say_no_value_look_missing(text: str) -> None:
    assert looks_missing(text)


@pytest.mark.parametrize("text", ["0", "red", "n", "unknown street", "-1", "none of these"])
def test_other_texts_do_not_look_missing(text: str) -> None:
    assert not looks_missing(text)


def test_characters_that_cannot_be_seen_are_named_by_code_point() -> None:
    assert name_odd_characters("1\u200b5") == "U+200B (ZERO WIDTH SPACE)"
    named = "U+0661 (ARABIC-INDIC DIGIT ONE) and U+0662 (ARABIC-INDIC DIGIT TWO)"
    assert name_odd_characters("\u0661\u0662\u0663\u0661") == named


@pytest.mark.parametrize("text", ["1.5", "€5", "\u22125", "größe"])
def test_characters_of_numbers_and_texts_are_not_named(text: str) -> None:
    assert name_odd_characters(text) == ""


def test_a_long_cell_is_cut() -> None:
    assert shorten("x" * MAX_SHOWN) == "x" * MAX_SHOWN
    assert shorten("x" * (MAX_SHOWN + 1)) == "x" * (MAX_SHOWN - 1) + "…"
