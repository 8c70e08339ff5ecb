"""The order of levels and of the keys of groups."""

from pathlib import Path

import pytest

from linreg_cli.design.level_codes import in_order, keys_in_order
from tests.conftest import Linreg

ORDERS = [
    (["10", "-3", "9.5", "2"], ["-3", "2", "9.5", "10"]),
    (["b", "10", "a", "9"], ["9", "10", "a", "b"]),
    (["10,0", "2,5", "-3,1"], ["-3,1", "2,5", "10,0"]),
    (["none", "10,25", "9", "\N{MINUS SIGN}3,5"], ["\N{MINUS SIGN}3,5", "9", "10,25", "none"]),
    (["1,000", "2,5", "10"], ["1,000", "2,5", "10"]),
    (["10,5", "2,5e-1", ",75", "1,5E2"], ["2,5e-1", ",75", "10,5", "1,5E2"]),
    (["10,5", "9,5", "1,2,3"], ["1,2,3", "10,5", "9,5"]),
    (["10,5", "9,5", "1.000,5"], ["1.000,5", "10,5", "9,5"]),
    # these may be thousands
    (["10,000", "2,000", "900"], ["900", "10,000", "2,000"]),
    # in a file with decimal points, a comma is part of a text
    (["10,5", "9,5", "8.5"], ["8.5", "10,5", "9,5"]),
    (["10,5", "9,5", "Portland, OR"], ["10,5", "9,5", "Portland, OR"]),
]


@pytest.mark.parametrize(("levels", "expected"), ORDERS, ids=["; ".join(o) for _, o in ORDERS])
def test_numbers_are_in_the_order_of_their_values(levels: list[str], expected: list[str]) -> None:
    assert in_order(levels) == in_order(levels[::-1]) == expected
    keys = keys_in_order([*((level, "a") for level in levels), (None, "a")])
    assert keys == [*((level, "a") for level in expected), (None, "a")]


def test_the_reference_level_is_the_smallest_number_with_a_decimal_comma(linreg: Linreg) -> None:
    rows = [f"{size};{x};{x * x + len(size)}\n" for size in ("10,0", "2,5", "9") for x in range(4)]
    options = [
        "-x",
        "x",
        "--category",
        "size",
        "-y",
        "y",
        "--decimal",
        ",",
        "-q",
        "--solver",
        "exact",
    ]
    for name, part in (("all", rows), ("a", rows[:6]), ("b", rows[6:])):
        Path(f"{name}.csv").write_text(f"size;x;y\n{''.join(part)}")
        linreg("train", f"{name}.csv", *options, "-o", f"{name}.json")
    assert '"levels": {"size": ["2,5", "9", "10,0"]}' in Path("all.json").read_text()
    assert linreg("merge", "a.json", "b.json", "-o", "ab.json", "-q").status == 0
    assert Path("ab.json").read_bytes() == Path("all.json").read_bytes()
