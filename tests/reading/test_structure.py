"""Which delimiters and line ends are real."""

import csv
import io

import pytest
from hypothesis import given, strategies as st

from linreg_cli.reading.csv.structure import mask_quoted, open_quote, split_fields, text_after_quote
from linreg_cli.reading.csv.syntax import Syntax


@pytest.mark.parametrize(
    ("data", "structure"),
    [
        (b"1,2\n", b"1,2\n"),
        (b'1,"a,b",2\n', b"1,?????,2\n"),
        (b'"a\r\nb"\r\n1', b"??????\r\n1"),
        (b'"a""b",1', b"??????,1"),
        (b'"",""\r""', b"??,??\r??"),
        (b'5" pipe,1"\n', b'5" pipe,1"\n'),
        (b' "a,b"', b' "a,b"'),
        (b'1,"open,\n', b"1,???????"),
        (b'1,"a""', b"1,????"),
        (b'a;"b,c"', b'a;"b,c"'),
    ],
)
def test_every_byte_of_a_quoted_field_is_masked(data: bytes, structure: bytes) -> None:
    assert mask_quoted(data, Syntax(",")) == structure.replace(b"?", b"\0")


def test_a_field_may_start_after_each_of_several_delimiters() -> None:
    assert mask_quoted(b'"a";"b",1|"c"', Syntax(",;")) == b'\0\0\0;\0\0\0,1|"c"'


@pytest.mark.parametrize("delimiter", ["]", "^", "-", "\\", ".", "|", "\t"])
def test_any_delimiter_starts_a_field(delimiter: str) -> None:
    data = f'"a"{delimiter}"b"{delimiter}r"d"\r"e"'.encode()
    structure = f'???{delimiter}???{delimiter}r"d"\r???'.encode()
    assert mask_quoted(data, Syntax(delimiter)) == structure.replace(b"?", b"\0")


def test_a_long_quoted_field_costs_no_stack() -> None:
    data = b'"' + b'""' * 1_000_000 + b'"'
    assert mask_quoted(data, Syntax(",")) == b"\0" * len(data)


@pytest.mark.parametrize(
    ("data", "offset"),
    [
        (b'"a"b,1', 3),
        (b'1,"a" ,2', 5),
        (b'1,"a""b"c', 8),
        (b'"a"', None),
        (b'"a",1\r"b"\n', None),
        (b'a"b"c', None),
    ],
)
def test_text_after_a_closing_quote_is_found(data: bytes, offset: int | None) -> None:
    assert text_after_quote(mask_quoted(data, Syntax(",")), Syntax(",")) == offset


@pytest.mark.parametrize(
    ("data", "offset"),
    [
        (b'1,"a', 2),
        (b'"a","b""', 4),
        (b'1,"', 2),
        (b'"a""b"', None),
        (b'1,""', None),
        (b'"a",b"', None),
        (b'"a"\n', None),
    ],
)
def test_a_quote_left_open_is_found_where_it_opens(data: bytes, offset: int | None) -> None:
    assert open_quote(data, mask_quoted(data, Syntax(","))) == offset


@given(st.lists(st.text(alphabet='a",; \r\né'), min_size=1), st.sampled_from(",;"))
def test_a_record_splits_into_the_fields_that_were_written(
    fields: list[str], delimiter: str
) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="", quoting=csv.QUOTE_ALL).writerow(
        fields
    )
    record = written.getvalue().encode()
    assert split_fields(record, mask_quoted(record, Syntax(delimiter)), delimiter) == fields
