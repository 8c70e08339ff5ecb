"""Keys of groups as users type them."""

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given, strategies as st

from linreg_cli.design import Key
from linreg_cli.errors import UsageError
from linreg_cli.model.group_keys import MISSING, find_key, key_of, write_key

ONE: list[Key] = [("DAVIS",), ("Davis, CA",), ("city=x",), ("a=b",), (None,), ('say "x"',)]
TWO: list[Key] = [
    ("DAVIS", "2020"), ("Davis, CA", "2020"), ("DAVIS", None), ("a=b", "2,021"), ('"', "1"),
    ("year=1", "2"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("DAVIS", ("DAVIS",)),
        (" DAVIS ", ("DAVIS",)),
        ("city=DAVIS", ("DAVIS",)),
        ("Davis, CA", ("Davis, CA",)),
        ('"Davis, CA"', ("Davis, CA",)),
        ("city=Davis, CA", ("Davis, CA",)),
        ("city=x", ("city=x",)),
        ("city=city=x", ("city=x",)),
        ("a=b", ("a=b",)),
        ("city=a=b", ("a=b",)),
        (MISSING, (None,)),
        (f"city={MISSING}", (None,)),
        ('say "x"', ('say "x"',)),
    ],
)
def test_the_value_of_one_column_may_have_its_name(text: str, key: Key) -> None:
    assert find_key(text, ["city"], ONE) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("DAVIS,2020", ("DAVIS", "2020")),
        ("DAVIS, 2020", ("DAVIS", "2020")),
        ("city=DAVIS,year=2020", ("DAVIS", "2020")),
        ("year=2020, city=DAVIS", ("DAVIS", "2020")),
        ('"Davis, CA",2020', ("Davis, CA", "2020")),
        ("city=Davis, CA,year=2020", ("Davis, CA", "2020")),
        ('year=2020,city="Davis, CA"', ("Davis, CA", "2020")),
        ("city=a=b,year=2,021", ("a=b", "2,021")),
        ('a=b,"2,021"', ("a=b", "2,021")),
        (f"DAVIS,{MISSING}", ("DAVIS", None)),
        (f"year={MISSING},city=DAVIS", ("DAVIS", None)),
        ('city="""",year=1', ('"', "1")),
        ("year=1,2", ("year=1", "2")),
    ],
)
def test_the_values_of_several_columns_are_a_record_or_have_their_names(
    text: str, key: Key
) -> None:
    assert find_key(text, ["city", "year"], TWO) == key


VALUES = st.text(st.sampled_from("ab,=\"'; \n"), min_size=1, max_size=4).filter(
    lambda text: text == text.strip()
)


@given(st.lists(VALUES, min_size=1, max_size=3))
def test_a_written_key_is_found_again(values: Sequence[str]) -> None:
    by = [f"c{number}" for number in range(len(values))]
    key = tuple(values)
    assert find_key(write_key(key), by, [key]) == key
    if len(values) > 1:  # as Python's own module reads it
        assert next(csv.reader(io.StringIO(write_key(key), newline=""))) == list(values)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("DAVIS", "the model has no group 'DAVIS'; did you mean 'DAVIS,2020'?"),
        ("city=DAVIS", "the model has no group 'city=DAVIS'"),
        ("city=DAVIS,year=2021", "the model has no group 'city=DAVIS,year=2021'; did you mean"),
        ("", "the model has no group ''"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_key(text, ["city", "year"], TWO)
    assert caught.value.message.startswith(message)
    assert caught.value.hint.startswith("The groups by city, year are DAVIS,2020; ")


def test_many_keys_are_named_by_the_first_and_their_number() -> None:
    keys: list[Key] = [(str(number),) for number in range(1_500)]
    with pytest.raises(UsageError) as caught:
        find_key("none", ["shop"], keys)
    assert (
        caught.value.hint == "The groups by shop are 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 1,490 more."
    )


def test_values_of_all_columns_are_a_key() -> None:
    assert key_of(["Davis, CA", "2020"], ["city", "year"], TWO) == ("Davis, CA", "2020")
