"""Conditions that make a check fail: how they are read, and when they hold."""

import pytest

from linreg_cli.errors import UsageError
from linreg_cli.statistics.conditions import Condition

NAMES = ("r2", "rmse", "bias", "drift_p")
HINT = "A condition looks like 'r2 < 0.9'; the names are r2, rmse, bias, drift_p."


def parse(text: str) -> Condition:
    return Condition.parse(text, NAMES)


@pytest.mark.parametrize("text", ["r2 < 0.9", "r2<0.9", "  r2\t<  .90 ", "r2 < 9e-1", "r2 < +0.9"])
def test_a_condition_is_a_name_a_comparison_and_a_number(text: str) -> None:
    condition = parse(text)
    assert (condition.text, condition.name, condition.comparison, condition.bound) == (
        text,
        "r2",
        "<",
        0.9,
    )


@pytest.mark.parametrize(
    ("comparison", "fails_below", "fails_at", "fails_above"),
    [("<", True, False, False), ("<=", True, True, False), (">", False, False, True),
     (">=", False, True, True), ("==", False, True, False), ("!=", True, False, True)],
)  # fmt: skip
@pytest.mark.parametrize("space", ["", " "])
def test_a_check_fails_where_its_condition_holds(
    comparison: str, *, fails_below: bool, fails_at: bool, fails_above: bool, space: str
) -> None:
    condition = parse(f"bias{space}{comparison}{space}-2.5")
    found = [condition.fails(value) for value in (-2.75, -2.5, -2.25)]
    assert found == [fails_below, fails_at, fails_above]


@pytest.mark.parametrize("comparison", ["<", "<=", ">", ">=", "==", "!="])
def test_an_undefined_figure_never_passes(comparison: str) -> None:
    assert parse(f"r2 {comparison} 0.5").fails(None)


@pytest.mark.parametrize(
    "text",
    ["", " ", "r2", "r2 <", "< 0.9", "0.9", "r2 0.9", "r2 = 0.9", "r2 =< 0.9", "r2 <> 0.9",
     "r2 ~ 0.9", "r2 < 0.9 or rmse > 1", "r2 < 0.9, rmse > 1", "0.8 < r2 < 0.9", "not r2 < 0.9",
     "r-2 < 0.9", "r2 < 0.9 %"],
)  # fmt: skip
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert caught.value.message == f"'{text}' is not a condition"
    assert caught.value.hint == HINT


@pytest.mark.parametrize("bound", ["x", "nan", "inf", "0,9", "1_000", "0x1", "--1", "rmse"])
def test_a_bound_that_is_no_number_is_refused(bound: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(f"r2 < {bound}")
    assert caught.value.message == f"'r2 < {bound}': '{bound}' is not a number"
    assert caught.value.hint == HINT


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mse > 1", "'mse > 1': there is no figure 'mse'; did you mean 'rmse'?"),
        ("R2 < 0.9", "'R2 < 0.9': there is no figure 'R2'; did you mean 'r2'?"),
        ("drift < 1", "'drift < 1': there is no figure 'drift'; did you mean 'drift_p'?"),
        ("speed < 1", "'speed < 1': there is no figure 'speed'"),
    ],
)
def test_an_unknown_figure_is_refused_with_the_nearest(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert caught.value.message == message
    assert caught.value.hint == HINT
