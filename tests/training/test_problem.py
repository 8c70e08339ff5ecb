"""Setting up: the exact solution is unique or explained, and float64 holds what is computed."""

import pytest

from linreg_cli.errors import FitError
from linreg_cli.model.settings import Settings
from linreg_cli.moments.split import SplitMoments
from linreg_cli.training.dependencies import explain_dependencies
from linreg_cli.training.problem import set_up
from tests.strategies import moments_of
from tests.training.noisy_rows import COLLINEAR, train


def test_the_exact_solver_refuses_collinear_columns() -> None:
    with pytest.raises(FitError, match=r"^no unique fit: b = 2 \* a$") as caught:
        train(moments_of(COLLINEAR, ("a", "b", "y")), solver="exact")
    assert caught.value.hint == (
        "Train without 'b', or give --solver gradient-descent, which finds one of the fits."
    )


def test_gradient_descent_finds_one_of_the_best_fits_of_collinear_columns() -> None:
    moments = moments_of(COLLINEAR, ("a", "b", "y"))
    model = train(moments)
    # without column b the fit is unique
    alone = train(moments_of([(a, y) for a, _, y in COLLINEAR], ("a", "y")), solver="exact")
    a, b = model.slopes
    assert model.training.stopped == "converged"
    assert (model.b, a + 2 * b) == pytest.approx((alone.b, alone.m), rel=1e-10)


def test_every_dependency_is_explained() -> None:
    rows = [("1", "7", "1", "5"), ("2", "7", "2", "6"), ("3", "7", "3", "9"), ("5", "7", "5", "1")]
    moments = moments_of(rows, ("a", "b", "c", "y"))
    explained = explain_dependencies(
        moments, set_up(SplitMoments(moments=moments), Settings()).solution
    )
    assert explained == "column 'b' is constant (b = 7); c = a"


@pytest.mark.parametrize(
    ("rows", "explained"),
    [
        ([("1", "2", "3")], "1 row does not determine 3 weights"),
        ([("1", "2", "3"), ("4", "5", "7")], "2 rows do not determine 3 weights"),
    ],
)
def test_too_few_rows_are_explained_as_that(
    rows: list[tuple[str, str, str]], explained: str
) -> None:
    moments = moments_of(rows, ("a", "b", "y"))
    assert (
        explain_dependencies(moments, set_up(SplitMoments(moments=moments), Settings()).solution)
        == explained
    )


def test_too_few_rows_are_refused_before_anything_is_solved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("linreg_cli.training.problem.least_squares", pytest.fail)
    data = SplitMoments(moments=moments_of([("1", "2", "3"), ("4", "5", "7")], ("a", "b", "y")))
    with pytest.raises(
        FitError, match=r"^no unique fit: 2 rows do not determine 3 weights$"
    ) as caught:
        set_up(data, Settings(solver="exact"))
    assert caught.value.hint == (
        "Train on more rows, or give --solver gradient-descent, which finds one of the fits."
    )
    with pytest.raises(FitError, match=r"^no unique fit: 2 rows do not determine 3 weights$"):
        set_up(data, Settings(), is_unique=True)


def test_a_penalty_makes_the_fit_of_too_few_rows_unique() -> None:
    data = SplitMoments(moments=moments_of([("1", "2", "3"), ("4", "5", "7")], ("a", "b", "y")))
    assert set_up(data, Settings(solver="exact", l2=(0.5,))).solution.is_unique


@pytest.mark.parametrize("solver", ["exact", "gradient-descent"])
def test_a_spread_below_float64_is_no_fit(solver: str) -> None:
    rows = [("1", "1"), ("1." + "0" * 350 + "1", "2"), ("1", "4")]
    with pytest.raises(FitError):
        train(moments_of(rows, ("x", "y")), solver=solver)


def test_a_first_loss_beyond_float64_is_no_fit() -> None:
    rows = [("1", "1e200"), ("2", "3e200"), ("3", "2e200")]
    message = r"^the loss of the starting weights is too large for a 64-bit float$"
    with pytest.raises(FitError, match=message):
        train(moments_of(rows, ("x", "y")))


def test_a_first_loss_below_float64_is_no_fit() -> None:
    rows = [("1", "1e-200"), ("2", "3e-200"), ("3", "2e-200")]
    with pytest.raises(FitError):
        train(moments_of(rows, ("x", "y")))


@pytest.mark.parametrize("unit", ["e200", "e-160"])
def test_a_curvature_beyond_float64_is_no_fit(unit: str) -> None:
    rows = [(f"1{unit}", "1"), (f"2{unit}", "2"), (f"4{unit}", "3")]
    with pytest.raises(FitError):
        train(moments_of(rows, ("x", "y")), scale=False, intercept=False)
