"""Rows in groups, and the options that train them, for tests of train --by."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from hypothesis import strategies as st

HEADER = ("city", "year", "x", "z", "kind", "w", "y")
Row = tuple[str, ...]

RUNS = {
    "plain": ["--x", "x"],
    "exact": ["--x", "x", "--solver", "exact"],
    "two features": ["--x", "x", "--x", "z", "--solver", "exact"],
    "without intercept": ["--x", "x", "--no-intercept", "--solver", "exact"],
    "weighted": ["--x", "x", "--weights", "w", "--solver", "exact"],
    "ridge": ["--x", "x", "--x", "z", "--l2", "0.5"],
    "tested": ["--x", "x", "--test-fraction", "0.3", "--solver", "exact"],
    "cross-validated": ["--x", "x", "--folds", "2", "--l2", "0.1,0.5", "--solver", "exact"],
    "categories": ["--x", "x", "--category", "kind", "--l2", "0.5", "--solver", "exact"],
    "weighted categories": [
        *("--x", "x", "--category", "kind", "--weights", "w", "--test-fraction", "0.2"),
        *("--l2", "0.5", "--solver", "exact"),
    ],
    "an interaction": ["--x", "x", "--x", "C(kind):x", "--solver", "exact"],
    "products of four columns": ["--x", "x", "--moments", "4", "--solver", "exact"],
    "a computed term": ["--x", "x:z", "--x", "x^2", "--solver", "exact"],
}
CITIES = ["a", "b", " a", "10", "9", "9.0", "", "NA", 'd,"e']
NUMBERS = st.one_of(
    st.integers(-20, 20).map(str),
    st.sampled_from(["1.5", "1.50", "-0.25", "123456789012345678901", ""]),
)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(CITIES),
        st.sampled_from(["2020", "2021", "-"]),
        NUMBERS,
        NUMBERS,
        st.sampled_from("pqr"),
        st.sampled_from(["0", "1", "2.5"]),
        NUMBERS,
    ),
    min_size=1,
    max_size=60,
)


def write(path: str, rows: Iterable[Sequence[str]], header: Sequence[str] = HEADER) -> None:
    """Write rows below a header."""
    with Path(path).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def key_of(cell: str) -> str | None:
    """Return the value of a key that a cell stands for."""
    return None if cell in {"", "NA"} else cell.strip()
