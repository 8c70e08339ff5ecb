"""linreg predict: rows of CSV files and of standard input."""

import gzip
import random
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from tests.commands.predict_runs import OUTSIDE, learn_models, predict, rooms, train
from tests.conftest import Linreg, Result


@pytest.fixture(autouse=True)
def models(linreg: Linreg, folder: Path) -> None:
    """Put the models of houses and rooms into the folder."""
    learn_models(linreg, folder)


def test_csv_gets_a_column_after_its_own(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_text("id,square_feet,city\na,600,Davis\nb,1200.5,\n")
    assert predict(linreg, "model.json d.csv") == Result(
        0,
        "id,square_feet,city,predicted_price\na,600,Davis,180000.0\nb,1200.5,,360150.0\n",
        "",
    )


def test_columns_are_found_by_name_in_any_order(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_text("baths,zip,beds\n2,z1,3\n1,z2,4\n")
    assert predict(linreg, "rooms.json d.csv").stdout == (
        f"baths,zip,beds,predicted_price\n2,z1,3,{rooms('3', '2')!r}\n1,z2,4,{rooms('4', '1')!r}\n"
    )


# Each @ is where a field is added; then the values of square_feet.
UNTOUCHED = {
    "quotes": ('"id","square_feet"@\n"a, ""b""","600"@\n"","0600.50"@\n', "600 600.5"),
    "line ends in quotes": ('note,square_feet@\n"two\nlines",600@\n"\r\n",700@\n', "600 700"),
    "CRLF": ("id,square_feet@\r\na,600@\r\nb,700@\r\n", "600 700"),
    "CR": ("id,square_feet@\ra,600@\rb,700@\r", "600 700"),
    "blanks": (" id , square_feet @\n a ,  600@\n b,700  @\n", "600 700"),
    "semicolons": ("id;square_feet@\na,b;600@\n", "600"),
    "tabs": ("id\tsquare_feet@\na,b\t600@\n", "600"),
    "bars": ("id|square_feet@\na,b|600@\n", "600"),
    "number formats": ("square_feet,x@\n+0600.00,1e5@\n6.5e2,007@\n.7e3,-0@\n", "600 650 700"),
    "other alphabets": ("größe,square_feet@\n日本,600@\n", "600"),
    "a name that occurs twice": ("id,id,square_feet@\n1,2,600@\n", "600"),
    "an empty name": (",square_feet@\n,600@\n", "600"),
    "cells like markup": ("[b],square_feet@\n[/b]\x1b[31m,600@\n", "600"),
    "a quote in a cell": ('size,square_feet@\n5" pipe,600@\n', "600"),
}


@pytest.mark.parametrize(("template", "values"), UNTOUCHED.values(), ids=UNTOUCHED.keys())
def test_the_text_of_the_input_is_untouched(
    linreg: Linreg, folder: Path, template: str, values: str
) -> None:
    first, *parts = template.split("@")
    (folder / "d.csv").write_bytes((first + "".join(parts)).encode())
    delimiter = next(sign for sign in ";\t|," if sign in first)
    added = ["predicted_price", *(str(float(300 * Fraction(value))) for value in values.split())]
    assert predict(linreg, "model.json d.csv").stdout == first + "".join(
        f"{delimiter}{text}{part}" for text, part in zip(added, parts, strict=True)
    )


def test_a_last_line_without_an_end_gets_one(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(b"square_feet\r\n600")
    assert predict(linreg, "model.json d.csv").stdout == (
        "square_feet,predicted_price\r\n600,180000.0\r\n"
    )


def test_a_byte_order_mark_is_dropped(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(b"\xef\xbb\xbfsquare_feet\n600\n")
    assert predict(linreg, "model.json d.csv").stdout == (
        "square_feet,predicted_price\n600,180000.0\n"
    )


def test_blank_lines_are_no_rows(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(b"id,square_feet\na,600\n\n\nb,700\n\n")
    assert predict(linreg, "model.json d.csv").stdout == (
        "id,square_feet,predicted_price\na,600,180000.0\nb,700,210000.0\n"
    )


def test_a_header_alone_gives_a_header_alone(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(b"id,square_feet\n")
    assert predict(linreg, "model.json d.csv").stdout == "id,square_feet,predicted_price\n"


def test_another_encoding_comes_out_as_utf_8(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes("größe,square_feet\né,600\n".encode("latin-1"))
    assert predict(linreg, "model.json d.csv --encoding latin-1").stdout == (
        "größe,square_feet,predicted_price\né,600,180000.0\n"
    )


def test_the_decimal_sign_of_the_input_is_that_of_the_predictions(
    linreg: Linreg, folder: Path
) -> None:
    (folder / "d.csv").write_text("id;square_feet\n1,5;1.200,50\n")
    result = predict(linreg, "model.json d.csv --decimal , --thousands .")
    assert result.stdout == "id;square_feet;predicted_price\n1,5;1.200,50;360150,0\n"


def test_a_delimiter_can_be_given(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_text("id:square_feet\na:600\n")
    assert predict(linreg, "model.json d.csv --delimiter :").stdout == (
        "id:square_feet:predicted_price\na:600:180000.0\n"
    )


def test_without_a_header_the_columns_of_the_model_are_numbers(
    linreg: Linreg, folder: Path
) -> None:
    (folder / "d.csv").write_bytes(b"7,1,10\n7,2,20\n7,3,30\n")
    train(linreg, "d.csv --no-header --x 2 --y 3 --solver exact -o numbers.json")
    assert predict(linreg, "numbers.json d.csv --no-header").stdout == (
        "7,1,10,10.0\n7,2,20,20.0\n7,3,30,30.0\n"
    )


def test_compressed_input_comes_out_plain(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv.gz").write_bytes(gzip.compress(b"square_feet\n600\n"))
    expected = "square_feet,predicted_price\n600,180000.0\n"
    assert predict(linreg, "model.json d.csv.gz").stdout == expected
    assert predict(linreg, "model.json", gzip.compress(b"square_feet\n600\n")).stdout == expected


def test_the_new_column_can_be_called_otherwise(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_text("square_feet,predicted_price\n600,x\n")
    assert predict(linreg, "model.json d.csv --column 'a \"guess\", rounded'").stdout == (
        'square_feet,predicted_price,"a ""guess"", rounded"\n600,x,180000.0\n'
    )


def test_only_prints_the_predictions_alone(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_text("square_feet,predicted_price\n600,x\n,y\n700,z\n")
    assert predict(linreg, "model.json d.csv --only").stdout == "180000.0\n\n210000.0\n"


def test_a_row_without_a_feature_keeps_its_place_and_is_counted(
    linreg: Linreg, folder: Path
) -> None:
    (folder / "d.csv").write_text("id,beds,baths\na,3,2\nb,,2\nc,NA,null\nd,4,1\n")
    result = predict(linreg, "rooms.json d.csv")
    assert result.stdout == (
        "id,beds,baths,predicted_price\n"
        f"a,3,2,{rooms('3', '2')!r}\nb,,2,\nc,NA,null,\nd,4,1,{rooms('4', '1')!r}\n"
    )
    assert result.stderr == "Warning: 2 rows without a prediction: beds 2, baths 1\n"


def test_one_row_without_a_feature_is_counted_in_the_singular(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_text("square_feet,id\n600,a\nNA,b\n")
    result = predict(linreg, "model.json d.csv")
    assert result.stderr == "Warning: 1 row without a prediction: square_feet 1\n"


def test_values_outside_the_range_are_counted_over_all_rows(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_text("square_feet\n499.9\n2501\n" + "600\n" * 10)
    (folder / "e.csv").write_text("square_feet\n1e9\n")
    result = predict(linreg, "model.json d.csv e.csv")
    assert result.stderr == OUTSIDE.format("3 values")
    assert result.stdout.splitlines()[1] == "499.9,149970.0"


def test_the_rows_of_several_files_follow_one_header(linreg: Linreg, folder: Path) -> None:
    (folder / "a.csv").write_text("id,square_feet\n1,600\n")
    (folder / "b.csv").write_text("id,square_feet\n2,700\n")
    expected = "id,square_feet,predicted_price\n1,600,180000.0\n2,700,210000.0\n"
    assert predict(linreg, "model.json a.csv b.csv").stdout == expected
    assert predict(linreg, "model.json '[ab].csv'").stdout == expected
    stdin = (folder / "b.csv").read_bytes()
    assert predict(linreg, "model.json a.csv -", stdin).stdout == expected


def test_the_files_of_a_glob_are_read_in_the_order_of_their_names(
    linreg: Linreg, folder: Path
) -> None:
    numbers = list(range(501, 521))
    random.Random(1).shuffle(numbers)  # noqa: S311  # not for secrets
    for number in numbers:
        (folder / f"part{number}.csv").write_text(f"square_feet\n{number}\n")
    result = predict(linreg, "model.json 'part*.csv' --only")
    assert result.stdout == "".join(f"{300.0 * n}\n" for n in range(501, 521))


def test_only_takes_files_of_other_columns(linreg: Linreg, folder: Path) -> None:
    (folder / "a.csv").write_text("id,square_feet\n1,600\n")
    (folder / "b.csv").write_text("square_feet;x;y\n700;2;3\n")
    assert predict(linreg, "model.json a.csv b.csv --only").stdout == "180000.0\n210000.0\n"


@pytest.mark.slow
def test_many_rows_are_the_same_to_the_bit_as_typed_values(linreg: Linreg, folder: Path) -> None:
    shuffle = random.Random(5)  # noqa: S311  # not for secrets
    cells = [f"{shuffle.uniform(-9, 9):.{i % 18}f}e{i % 9 - 4}" for i in range(3000)]
    rows = list(pairwise(cells))
    text = "beds,baths\n" + "".join(f"{a},{b}\n" for a, b in rows)
    (folder / "d.csv").write_text(text)
    result = predict(linreg, "rooms.json d.csv --only")
    assert result.stdout.splitlines() == [repr(rooms(a, b)) for a, b in rows]


# Standard input


def test_without_input_csv_is_read_from_standard_input(linreg: Linreg) -> None:
    data = "id,square_feet\na,600\n"
    expected = "id,square_feet,predicted_price\na,600,180000.0\n"
    assert predict(linreg, "model.json", data).stdout == expected
    assert predict(linreg, "model.json -", data).stdout == expected


def test_a_stream_of_bare_numbers_gives_predictions_alone(linreg: Linreg) -> None:
    numbers = "".join(f"{n}\n" for n in range(500, 3001, 500))  # seq 500 500 3000
    result = predict(linreg, "model.json", numbers)
    assert result.stdout == "150000.0\n300000.0\n450000.0\n600000.0\n750000.0\n900000.0\n"
    assert result.stderr == OUTSIDE.format("1 value")


@pytest.mark.parametrize("numbers", ["600", "600\n", "\n600\n", "600\r\n", " 6e2 \n", '"600"\n'])
def test_one_bare_number_is_a_row(linreg: Linreg, numbers: str) -> None:
    assert predict(linreg, "model.json -", numbers).stdout.split() == ["180000.0"]


def test_bare_numbers_may_be_missing(linreg: Linreg) -> None:
    result = predict(linreg, "model.json", "600\nNA\n700\n")
    assert result.stdout == "180000.0\n\n210000.0\n"
    assert result.stderr.startswith("Warning: 1 row")


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_bare_rows_of_several_features_are_in_the_order_of_the_model(
    linreg: Linreg, sign: str
) -> None:
    data = f"3{sign}2\n4{sign}1\n"
    assert predict(linreg, "rooms.json", data).stdout == (
        f"{rooms('3', '2')!r}\n{rooms('4', '1')!r}\n"
    )


def test_the_model_can_come_from_standard_input(linreg: Linreg) -> None:
    model = Path("model.json").read_bytes()
    assert predict(linreg, "- 1800", model).stdout == "540000.0\n"
    assert predict(linreg, "- houses.csv --only", model).stdout.split()[0] == "150000.0"
