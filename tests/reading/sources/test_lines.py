"""Physical lines."""

import re

from hypothesis import given, strategies as st

from linreg_cli.reading.sources.lines import count_line_ends, find_line_ends

TEXTS = st.text(alphabet="a\r\n").map(str.encode)


def line_ends(data: bytes) -> list[int]:
    return [match.end() - 1 for match in re.finditer(rb"\r\n|\r|\n", data)]


@given(TEXTS)
def test_lf_crlf_and_cr_each_end_one_line(data: bytes) -> None:
    assert count_line_ends(data) == len(line_ends(data))


@given(TEXTS)
def test_a_line_end_is_found_at_its_last_byte(data: bytes) -> None:
    assert find_line_ends(data).tolist() == line_ends(data)
