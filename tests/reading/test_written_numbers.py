"""Where the last record ends, and how the extension writes numbers."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given, strategies as st

from linreg_cli import native
from linreg_cli.reading.csv import record_pieces
from linreg_cli.reading.csv.structure import mask_quoted
from linreg_cli.reading.csv.syntax import Syntax
from tests.reading.both_readers import ALPHABET
from tests.strategies import FLOATS, examples

pytestmark = pytest.mark.skipif(not native.IS_AVAILABLE, reason="no compiler built the scanner")


# where the last record ends


@pytest.mark.slow
@examples(1500)
@given(
    st.one_of(
        st.lists(st.sampled_from(ALPHABET), max_size=40).map(b"".join),
        st.text('1,"\r\n', max_size=150).map(str.encode),
    ),
    st.sampled_from(",;\t| "),
)
def test_the_last_record_ends_where_the_structure_says(data: bytes, delimiter: str) -> None:
    structure = mask_quoted(data.replace(b"\0", b"0"), Syntax(delimiter))
    end = record_pieces.end_of_last_record(structure, len(data))  # the slow way
    assert native.extension.last_record_end(data, delimiter) == end


@pytest.mark.parametrize(
    ("data", "end"),
    [
        (b"", 0),
        (b"1", 0),
        (b"1\n", 2),
        (b"1\r", 0),
        (b"1\r\n", 3),
        (b"1\r2", 2),
        (b'1\n"2\n', 2),
        (b'1\n"2\n"', 2),
        (b'1\n"2\n"\n', 7),
        (b'1\n"2\n""\n', 2),
        (b'1\n2"\n', 5),
        (b'1\n"2"x\n', 7),
    ],
)
def test_the_last_record_ends_with_its_line_end(data: bytes, end: int) -> None:
    assert native.extension.last_record_end(data, ",") == end


# writing numbers


def written(numbers: Sequence[float], point: str = ".") -> list[str]:
    """Write numbers alone, a line each."""
    complete = np.ones(len(numbers), np.bool_)
    text = native.extension.write_numbers(
        b"", b"", b"", complete, np.array(numbers, np.float64), "\t", point, b"\n"
    )
    return text.decode().splitlines()


@examples(500)
@given(st.lists(FLOATS, max_size=50))
@example([0.0, -0.0, 5e-324, -5e-324, 1.7976931348623157e308, 2.2250738585072014e-308])
@example([9999999999999998.0, 1e16, 1.2345678901234568e16, 123456789012345.6, 1e15, 1e22, 1e23])
@example([1e-4, 1.5e-4, 9.999e-5, 1e-5, 1.25e-5, 0.1, 1.0, 10.0, 100.5, 2.0**53, 2.0**63])
def test_a_number_is_written_as_python_writes_it(numbers: list[float]) -> None:
    assert written(numbers) == [repr(number) for number in numbers]


@given(st.lists(FLOATS, max_size=20))
def test_a_decimal_comma_takes_the_place_of_the_point(numbers: list[float]) -> None:
    assert written(numbers, ",") == [repr(number).replace(".", ",") for number in numbers]


def test_every_power_of_ten_and_two_is_written_as_python_writes_it() -> None:
    powers = [
        float(f"{start}e{k}") for k in range(-323, 308) for start in ("1", "-1", "9.5", "-9.5")
    ]
    powers += [2.0**k for k in range(-1074, 1024)]
    assert written(powers) == [repr(number) for number in powers]


def test_each_record_is_written_with_its_number_or_none() -> None:
    data = b'1,"a\nb"\r\n\n,x\r3,y'
    starts, ends = np.array([0, 10, 13]), np.array([7, 12, 16])
    complete = np.array([True, False, True])
    text = native.extension.write_numbers(
        data, starts, ends, complete, np.array([0.5, -3.0]), ";", ",", b"\r\n"
    )
    assert text == b'1,"a\nb";0,5\r\n,x;\r\n3,y;-3,0\r\n'


@pytest.mark.parametrize(
    ("starts", "ends", "numbers"),
    [
        ([0], [1], []),
        ([0], [1], [1.0, 2.0]),
        ([0, 1], [1], [1.0]),
        ([0, 1], [1, 2], [1.0]),
        ([2], [1], [1.0]),
        ([-1], [1], [1.0]),
        ([0], [4], [1.0]),
    ],
)
def test_arrays_that_do_not_fit_together_are_refused(
    starts: list[int], ends: list[int], numbers: list[float]
) -> None:
    complete = np.array([True])
    with pytest.raises(ValueError, match=r"^the arrays do not fit together$"):
        native.extension.write_numbers(
            b"abc",
            np.array(starts, np.int64),
            np.array(ends, np.int64),
            complete,
            np.array(numbers, np.float64),
            ",",
            ".",
            b"\n",
        )
