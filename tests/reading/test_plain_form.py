"""Text of any syntax as plain CSV: the same lines, with plain delimiters and without comments."""

import pytest

from linreg_cli.reading.csv.chunk import Chunk
from linreg_cli.reading.csv.plain_form import rewrite
from linreg_cli.reading.csv.structure import mask_quoted
from linreg_cli.reading.csv.syntax import Syntax

ALIGNED = Syntax(" \t", merges_blanks=True)
COMMENTS = Syntax(",", comment="#")
INITIAL_SPACE = Syntax(",", skips_initial_space=True)
ALIGNED_COMMENTS = Syntax(" \t", comment="//", merges_blanks=True)


def plain(text: str, syntax: Syntax) -> str:
    """Return the plain form, after a look at its structure, which masks the same as the text's."""
    data = text.encode()
    written, structure = rewrite(data, mask_quoted(data, syntax), syntax)
    assert structure == mask_quoted(written, syntax.plain)
    assert Chunk(data, syntax, 1).plain.data == written
    return written.decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  12.5  7\n", "12.5\t7\n"),
        ("1 \t 2\t\t3\n", "1\t2\t3\n"),
        ("1 2  \t\n 3 4\n", "1\t2\n3\t4\n"),
        ('  "a  b"  3\n', '"a  b"\t3\n'),
        ('"a\n b" 3\n', '"a\n b"\t3\n'),
        ("1 2\n \t \n3 4\n", "1\t2\n\n3\t4\n"),
        ("größe  5\n", "größe\t5\n"),
        ('1 a"b 2\n', '1\ta"b\t2\n'),
    ],
)
def test_a_run_of_blanks_becomes_a_tab_and_blanks_at_both_ends_of_a_line_go(
    text: str, expected: str
) -> None:
    assert plain(text, ALIGNED) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# at 5 m\nx,y\n", "\nx,y\n"),
        ('x,y\n \t# a, "b\n1,2\n', "x,y\n\n1,2\n"),
        ("x,y\n1,2 # no comment\n", "x,y\n1,2 # no comment\n"),
        ('x,y\n"\n# text",2\n', 'x,y\n"\n# text",2\n'),
        ("#\n#\n1,2\n", "\n\n1,2\n"),
    ],
)
def test_a_comment_becomes_an_empty_line(text: str, expected: str) -> None:
    assert plain(text, COMMENTS) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('1, "a"\n', '1,"a"\n'),
        ('  "a, b", \t2\n', '"a, b",2\n'),
        ("1 , 2 \n", "1 ,2 \n"),
        ('1, "a ""b""", 2\n', '1,"a ""b""",2\n'),
        ("1, a b\n", "1,a b\n"),
    ],
)
def test_blanks_after_a_delimiter_go(text: str, expected: str) -> None:
    assert plain(text, INITIAL_SPACE) == expected


def test_tabs_that_delimit_stay_where_initial_blanks_go() -> None:
    assert plain("1\t \t 2\n", Syntax("\t", skips_initial_space=True)) == "1\t\t2\n"


@pytest.mark.parametrize(
    ("text", "syntax", "expected"),
    [
        ("1 2\n3  4", ALIGNED, "1\t2\n3\t4"),
        ("1 2\n3 4  ", ALIGNED, "1\t2\n3\t4"),
        ("1 2\n  ", ALIGNED, "1\t2\n\n"),
        ("1,2\n# end", COMMENTS, "1,2\n\n"),
        ("# end", COMMENTS, "\n"),
        ("1,2\n3, 4", INITIAL_SPACE, "1,2\n3,4"),
        ("", ALIGNED, ""),
        ("", COMMENTS, ""),
    ],
)
def test_a_last_line_without_line_end_stays_a_line(
    text: str, syntax: Syntax, expected: str
) -> None:
    assert plain(text, syntax) == expected


@pytest.mark.parametrize(
    ("text", "syntax", "expected"),
    [
        (" 1  2 \r\n3 4\r\n", ALIGNED, "1\t2\r\n3\t4\r\n"),
        (" 1  2 \r3 4\r", ALIGNED, "1\t2\n3\t4\n"),
        ("# a\r\n1,2\r\n", COMMENTS, "\r\n1,2\r\n"),
        ("# a\r1,2\r", COMMENTS, "\n1,2\n"),
        ("1,2\r# a\n3,4\n", COMMENTS, "1,2\n\n3,4\n"),
        ("1,2\r# a\r\n3,4\r\n", COMMENTS, "1,2\n\r\n3,4\r\n"),
        ('"a\rb" 2\r', ALIGNED, '"a\rb"\t2\n'),
        ("1, 2\r\n3, 4\r\n", INITIAL_SPACE, "1,2\r\n3,4\r\n"),
        ("1 2\r\n// a b\r\n 3 4\r\n", ALIGNED_COMMENTS, "1\t2\r\n\r\n3\t4\r\n"),
    ],
)
def test_lines_that_end_in_crlf_or_cr_stay_as_many(
    text: str, syntax: Syntax, expected: str
) -> None:
    assert plain(text, syntax) == expected
