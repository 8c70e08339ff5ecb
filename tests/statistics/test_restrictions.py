"""The grammar of linear restrictions: what each text states, and what is refused."""

import pytest
from flint import fmpq

from linreg_cli.errors import UsageError
from linreg_cli.statistics.restrictions import parse_restrictions

PLACES = {"(intercept)": 0, "b": 0, "sqft": 1, "beds": 2, "lot-size (m2)": 3, "2": 4, "sq": 5}
COUNT = 6


def stated(text: str) -> list[tuple[str, dict[int, fmpq], fmpq]]:
    """Return the text of each restriction, its factors that are not 0, and its value."""
    return [
        (found.text, {i: f for i, f in enumerate(found.factors) if f}, found.value)
        for found in parse_restrictions([text], PLACES, COUNT)
    ]


@pytest.mark.parametrize(
    ("text", "factors", "value"),
    [
        ("sqft = 0", {1: 1}, 0),
        ("sqft=beds", {1: 1, 2: -1}, 0),
        ("sqft = 2 * beds + 3", {1: 1, 2: -2}, 3),
        ("beds*2 - sqft/4 = -1.5e1", {2: 2, 1: fmpq(-1, 4)}, -15),
        ("0.1 = sqft", {1: -1}, fmpq(-1, 10)),
        ("-(sqft - beds) = +1", {1: -1, 2: 1}, 1),
        ("2*(sqft + 3*(beds - 1)) = 4", {1: 2, 2: 6}, 10),
        ("sqft - 1 = sqft + beds", {2: -1}, 1),
        ("b = 5", {0: 1}, 5),
        ("(intercept) = 5", {0: 1}, 5),
        ("lot-size (m2) = 1", {3: 1}, 1),
        ("2 * lot-size (m2) - sq = 1", {3: 2, 5: -1}, 1),
        ("`2` = 2", {4: 1}, 2),
        ("`sqft` = `beds`", {1: 1, 2: -1}, 0),
        ("1 / 4 * sqft = 1", {1: fmpq(1, 4)}, 1),
    ],
)
def test_a_restriction_states(text: str, factors: dict[int, int], value: int) -> None:
    [(_, found, right)] = stated(text)
    assert found == {i: fmpq(1) * f for i, f in factors.items()}
    assert right == value


def test_a_sum_alone_is_0() -> None:
    assert stated("sqft - beds") == [("sqft - beds = 0", {1: fmpq(1), 2: fmpq(-1)}, fmpq(0))]


def test_each_sign_of_equality_states_a_restriction() -> None:
    first, second = stated(" sqft = beds = 3")
    assert first == ("sqft = beds", {1: fmpq(1), 2: fmpq(-1)}, fmpq(0))
    assert second == ("beds = 3", {2: fmpq(1)}, fmpq(3))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "missing at its end"),
        ("sqft =", "missing at its end"),
        ("sqft = beds +", "missing at its end"),
        ("sqf = 0", "there is no weight 'sqf'; did you mean 'sqft'?"),
        ("sqft2 = 0", "there is no weight 'sqft2'; did you mean 'sqft'?"),
        ("sqft * beds = 0", "it is not linear"),
        ("1 / sqft = 0", "it is not linear"),
        ("sqft / 0 = 1", "it divides by 0"),
        ("(sqft = 0", "a parenthesis is not closed"),
        ("sqft = 0)", "')' is not expected there"),
        ("sqft 3 = 0", "'3' is not expected there"),
        ("sqft < 0", "'<' is not expected there"),
        ("1 = 1", "no weight is left in it"),
        ("sqft = sqft", "no weight is left in it"),
        ("2 = 0", "no weight is left in it"),
        ("sqft = 1e999", "is outside the range of float64"),
        ("`` = 1", "there is no weight ''"),
    ],
)
def test_a_text_is_refused(text: str, problem: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_restrictions([text], PLACES, COUNT)
    assert str(refused.value).startswith(f"'{text}': ")
    assert problem in str(refused.value)
    assert refused.value.hint is not None
    assert (
        "the weights are (intercept), b, sqft, beds, lot-size (m2), `2`, sq." in refused.value.hint
    )
