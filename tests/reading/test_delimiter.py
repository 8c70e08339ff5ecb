"""Which delimiter is found."""

import pytest

from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.csv.delimiter import HEAD_BYTES, find_delimiter


@pytest.mark.parametrize(
    ("head", "delimiter"),
    [
        (b"a,b\n1,2\n", ","),
        (b"a;b\n1,5;2,5\n", ";"),
        (b"a\tb\n1\t2\n", "\t"),
        (b"a|b\n1|2\n", "|"),
        (b"a,b;c,d\n1,2;3,4\n", ","),
        (b"a;b;c,d\n1;2;3,4\n", ";"),
        (b"a,b;c\n1;2", ";"),
        (b"price\n1\n2\n", ","),
        (b"", ","),
        (b"\n\na;b\n1;2\n\n3;4\n", ";"),
        (b'"a,b";c\n"1,2,3";4\n', ";"),
        (b'a;"x,y\n,"\n1;2\n', ";"),
        (b"a;b,c\r1;2\r3;4\r", ";"),
        (b"a,b,c;d\n1,2\n", ","),
        (b"a;b;c,d\n1;2\n", ";"),
    ],
)
def test_the_steadiest_then_the_most_frequent_then_the_comma_is_the_delimiter(
    head: bytes, delimiter: str
) -> None:
    assert find_delimiter(head, CsvOptions()) == delimiter


def test_a_given_delimiter_is_believed() -> None:
    assert find_delimiter(b"a,b\n", CsvOptions(delimiter="~")) == "~"


def test_the_decimal_sign_is_not_the_delimiter() -> None:
    assert find_delimiter(b"price\n1,5\n", CsvOptions(decimal=",")) == ";"


def test_the_thousands_sign_is_the_delimiter_only_if_no_other_occurs() -> None:
    options = CsvOptions(thousands=",")
    assert find_delimiter(b"1,234,567;1,234\n", options) == ";"
    assert find_delimiter(b"1,234,567;1,234\n1;2;3\n", options) == ";"
    assert find_delimiter(b'a,b\n"1,234",5\n', options) == ","


def test_a_record_that_the_head_cuts_off_does_not_count() -> None:
    whole = b"a;b\n1;2\n"
    head = whole + b"x" * (HEAD_BYTES - len(whole))
    assert find_delimiter(head + b";2\n", CsvOptions()) == ";"
    assert find_delimiter(b"a;b,c\n1;2\n" + b"3" * HEAD_BYTES, CsvOptions()) == ";"


def test_records_beyond_the_hundredth_do_not_count() -> None:
    head = b"a;b,c\n" + b"1;2\n" * 99 + b"1,2\n"
    assert find_delimiter(head, CsvOptions()) == ";"
    assert find_delimiter(head.replace(b"1;2\n", b"", 1), CsvOptions()) == ","
