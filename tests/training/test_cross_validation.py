"""Cross-validation from moments, against a loop that fits each fold in fractions."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import assume, given, strategies as st

from linreg_cli.errors import FitError
from linreg_cli.model.model import Candidate, FoldScore
from linreg_cli.moments.moments import Moments
from linreg_cli.training.cross_validation import Form, best, cross_validate
from tests import oracles
from tests.models import plain_moments, weighted_moments
from tests.references import real_data, ridge, root

PLAIN = Form(has_intercept=True, scale=True)
FORMS = st.builds(Form, has_intercept=st.booleans(), scale=st.booleans())

Row = Sequence[str]


@dataclass(frozen=True)
class Folded:
    """Rows as written, the target last, and the fold of each."""

    rows: Sequence[Row]
    folds: Sequence[int]

    def moments(self) -> list[Moments]:
        """Sum each fold."""
        return [
            plain_moments([row for row, f in zip(self.rows, self.folds, strict=True) if f == fold])
            for fold in range(max(self.folds) + 1)
        ]

    def design(self, fold: int, *, is_held_out: bool) -> tuple[oracles.Matrix, list[Fraction]]:
        """Return the rows of a fold, or all others, as fractions."""
        kept = [
            [Fraction(cell) for cell in row]
            for row, f in zip(self.rows, self.folds, strict=True)
            if (f == fold) == is_held_out
        ]
        return [row[:-1] for row in kept], [row[-1] for row in kept]


def score_by_loop(data: Folded, l2: float, form: Form) -> Candidate:
    """Fit all rows outside each fold, predict its rows, and round at the very end."""
    scores = []
    errors = Fraction()
    for fold in range(max(data.folds) + 1):
        X, y = data.design(fold, is_held_out=False)
        weights = ridge(
            X, y, Fraction(str(l2)), has_intercept=form.has_intercept, on_scaled=form.scale
        )
        if not form.has_intercept:
            weights = [Fraction(), *weights]
        X, y = data.design(fold, is_held_out=True)
        error = oracles.squared_error([[Fraction(1), *row] for row in X], y, weights)
        mean = sum(y) / Fraction(len(y)) if form.has_intercept else Fraction()
        total = sum((t - mean) ** 2 for t in y)
        scores.append(
            FoldScore(
                rows=len(y),
                rmse=root(error / len(y)),
                r2=float(1 - error / total) if total else None,
            )
        )
        errors += error
    return Candidate(l2=l2, rmse=root(errors / len(data.rows)), folds=tuple(scores))


@st.composite
def folded(draw: st.DrawFn) -> Folded:
    """Make rows in two to four folds, none of them empty."""
    features = draw(st.integers(1, 2))
    count = draw(st.integers(2, 4))
    n_rows = draw(st.integers(count + features + 2, 12))
    cell = st.builds("{}e{}".format, st.integers(-99, 99), st.integers(-3, 1))
    row = st.lists(cell, min_size=features + 1, max_size=features + 1)
    rows = draw(st.lists(row, min_size=n_rows, max_size=n_rows))
    folds = draw(st.lists(st.integers(0, count - 1), min_size=n_rows, max_size=n_rows))
    assume(set(folds) == set(range(count)))
    return Folded(rows, folds)


def is_determined(data: Folded, *, has_intercept: bool) -> bool:
    """Return whether the rows outside each fold have independent columns."""
    for fold in range(max(data.folds) + 1):
        X, _ = data.design(fold, is_held_out=False)
        design = [[Fraction(1)] * has_intercept + list(row) for row in X]
        if len(oracles.independent_columns(design)) < len(design[0]):
            return False
    return True


@pytest.mark.slow
@given(folded(), FORMS)
def test_every_score_equals_that_of_the_loop(data: Folded, form: Form) -> None:
    assume(is_determined(data, has_intercept=form.has_intercept))
    assert cross_validate(data.moments(), [0.0], form) == (score_by_loop(data, 0.0, form),)


@given(folded(), FORMS, st.sampled_from([0.1, 0.3, 1.0, 25.0]))
def test_every_score_with_a_penalty_equals_that_of_the_loop(
    data: Folded, form: Form, l2: float
) -> None:
    assume(is_determined(data, has_intercept=form.has_intercept))
    assert cross_validate(data.moments(), [l2], form) == (score_by_loop(data, l2, form),)


@pytest.mark.parametrize("has_intercept", [True, False])
@pytest.mark.parametrize(("name", "folds"), [("longley", 4), ("stackloss", 7), ("elnino", 3)])
def test_scores_of_real_data_equal_those_of_the_loop(
    name: str, folds: int, *, has_intercept: bool
) -> None:
    rows = real_data(name).rows()
    data = Folded(rows, [(5 * i + i // 3) % folds for i in range(len(rows))])
    form = Form(has_intercept=has_intercept, scale=True)
    candidates = cross_validate(data.moments(), [0.0, 0.01], form)
    assert candidates == tuple(score_by_loop(data, l2, form) for l2 in (0.0, 0.01))


def test_leaving_one_row_out_at_a_time_is_possible() -> None:
    rows = real_data("stackloss").rows()
    data = Folded(rows, list(range(len(rows))))
    found = cross_validate(data.moments(), [0.0], PLAIN)
    assert found == (score_by_loop(data, 0.0, PLAIN),)
    assert [score.rows for score in found[0].folds] == [1] * 21
    assert {score.r2 for score in found[0].folds} == {None}  # one row has no spread


def test_the_order_of_the_folds_changes_nothing_but_the_order_of_the_scores() -> None:
    rows = real_data("stackloss").rows()
    folds = Folded(rows, [i % 3 for i in range(len(rows))]).moments()
    expected = cross_validate(folds, [0.5], PLAIN)[0]
    for order in itertools.permutations(range(3)):
        found = cross_validate([folds[i] for i in order], [0.5], PLAIN)[0]
        assert found.rmse == expected.rmse
        assert found.folds == tuple(expected.folds[i] for i in order)


def test_weighted_rows_count_as_so_many_in_fits_and_scores() -> None:
    rows = real_data("stackloss").rows()
    counts = [1 + i % 3 for i in range(len(rows))]
    folds = [i % 4 for i in range(len(rows))]
    weighted = [
        weighted_moments(
            [row for row, f in zip(rows, folds, strict=True) if f == fold],
            [str(c) for c, f in zip(counts, folds, strict=True) if f == fold],
        )
        for fold in range(4)
    ]
    repeated = Folded(
        [row for row, count in zip(rows, counts, strict=True) for _ in range(count)],
        [fold for fold, count in zip(folds, counts, strict=True) for _ in range(count)],
    )
    found = cross_validate(weighted, [0.2], PLAIN)[0]
    expected = score_by_loop(repeated, 0.2, PLAIN)
    assert found.rmse == expected.rmse
    assert [(s.rmse, s.r2) for s in found.folds] == [(s.rmse, s.r2) for s in expected.folds]


# which candidate is best


def candidate(l2: float, rmse: float) -> Candidate:
    return Candidate(l2=l2, rmse=rmse, folds=())


def test_the_candidate_with_the_smallest_error_is_best() -> None:
    found = best([candidate(0, 3.0), candidate(0.1, 2.5), candidate(1, 2.75)])
    assert found.l2 == 0.1


def test_of_two_candidates_as_good_the_first_is_best() -> None:
    assert best([candidate(1, 2.5), candidate(0.1, 2.5)]).l2 == 1


def test_a_penalty_that_helps_is_chosen() -> None:
    # near-collinear columns and few rows: what ridge is for
    rows = real_data("longley").rows()
    data = Folded(rows, [i % 3 for i in range(len(rows))])
    candidates = cross_validate(data.moments(), [0.0, 0.001, 100.0], PLAIN)
    expected = min((0.0, 0.001, 100.0), key=lambda l2: score_by_loop(data, l2, PLAIN).rmse)
    assert best(candidates).l2 == expected == 0.001


# what cannot be scored


def test_a_fold_without_rows_is_an_error() -> None:
    folds = [plain_moments([("1", "2"), ("2", "3"), ("4", "4")]), Moments.none(("x0", "y"))]
    with pytest.raises(FitError) as caught:
        cross_validate(folds, [0.0], PLAIN)
    assert caught.value.message == "fold 2 of 2 has no row (3 rows in all folds)"
    assert caught.value.hint == "Give fewer --folds, or another --seed."


@pytest.mark.parametrize(
    ("rows", "folds"),
    [
        ([("1", "2"), ("2", "3"), ("3", "5"), ("7", "1")], [0, 1, 1, 1]),  # one row for two weights
        ([("4", "2"), ("4", "3"), ("1", "5"), ("2", "1")], [0, 0, 1, 1]),  # a constant feature
    ],
)
def test_too_little_outside_a_fold_is_an_error(rows: list[Row], folds: list[int]) -> None:
    with pytest.raises(FitError) as caught:
        cross_validate(Folded(rows, folds).moments(), [0.0], PLAIN)
    assert caught.value.message == "the rows outside fold 2 determine no unique fit"
    assert caught.value.hint == "Give fewer --folds or --x, or add --l2."


def test_a_penalty_makes_collinear_columns_a_fit() -> None:
    rows = [("1", "2", "3"), ("2", "4", "4"), ("3", "6", "9"), ("5", "10", "7"), ("7", "14", "8")]
    data = Folded(rows, [0, 1, 0, 1, 0])
    with pytest.raises(FitError, match="determine no unique fit"):
        cross_validate(data.moments(), [0.0], PLAIN)
    assert cross_validate(data.moments(), [0.5], PLAIN) == (score_by_loop(data, 0.5, PLAIN),)


def test_a_form_reads_its_penalty_as_the_decimal_that_was_typed() -> None:
    assert PLAIN.penalty(0.1).l2 == fmpq(1, 10)
    assert PLAIN.penalty(1e-05).l2 == fmpq(1, 100_000)
