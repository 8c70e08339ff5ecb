"""A fit and its statistics in fractions, rounded at the very end. No linreg here."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cached_property
from typing import Self

from tests.oracles import eliminate
from tests.references import CONTEXT, decimal, f_p, log10, logarithm, pi, root, t_p, t_quantile


@dataclass(frozen=True)
class Exactly:
    """The statistics worked out in fractions, and in 150 digits where those do not reach."""

    X: Sequence[Sequence[Fraction]]
    y: Sequence[Fraction]
    has_intercept: bool
    weights: Sequence[Fraction] = ()

    @classmethod
    def of(
        cls,
        rows: Sequence[Sequence[str]],
        weights: Sequence[str] = (),
        *,
        has_intercept: bool = True,
    ) -> Self:
        """Take rows of numbers as written, the target last."""
        numbers = [[Fraction(cell) for cell in row] for row in rows]
        X = [[Fraction(1)] * has_intercept + row[:-1] for row in numbers]
        return cls(X, [row[-1] for row in numbers], has_intercept, [*map(Fraction, weights)])

    @property
    def counts(self) -> Sequence[Fraction]:
        """How much each row counts."""
        return self.weights or [Fraction(1)] * len(self.y)

    def product(self, one: Sequence[Fraction], other: Sequence[Fraction]) -> Fraction:
        """Sum products, weighted."""
        return sum((c * a * b for c, a, b in zip(self.counts, one, other, strict=True)), Fraction())

    def centered(self, values: Sequence[Fraction]) -> list[Fraction]:
        """Take the mean away, if there is an intercept."""
        ones = [Fraction(1)] * len(values)
        mean = self.product(ones, values) / sum(self.counts) if self.has_intercept else Fraction()
        return [value - mean for value in values]

    def squares(self, values: Sequence[Fraction]) -> Fraction:
        """Sum the squares about the mean, if there is an intercept."""
        return self.product(self.centered(values), self.centered(values))

    @cached_property
    def inverse(self) -> list[list[Fraction]]:
        """Invert XᵀWX."""
        columns = list(zip(*self.X, strict=True))
        size = len(columns)
        table = [
            [*(self.product(a, b) for b in columns), *(Fraction(int(i == j)) for j in range(size))]
            for i, a in enumerate(columns)
        ]
        return eliminate(table)

    def leverage(self, row: Sequence[Fraction]) -> Fraction:
        """Return xᵀ(XᵀWX)⁻¹x of any row."""
        return sum(
            (
                a * b * cell
                for a, line in zip(row, self.inverse, strict=True)
                for b, cell in zip(row, line, strict=True)
            ),
            Fraction(),
        )

    def solution(self) -> list[Fraction]:
        """Return the least-squares weights."""
        right = [self.product(c, self.y) for c in zip(*self.X, strict=True)]
        return [
            sum((a * b for a, b in zip(row, right, strict=True)), Fraction())
            for row in self.inverse
        ]

    def error(self) -> Fraction:
        """Sum the squared residuals of the solution."""
        solution = self.solution()
        residuals = [
            sum((w * x for w, x in zip(solution, row, strict=True)), -t)
            for row, t in zip(self.X, self.y, strict=True)
        ]
        return self.product(residuals, residuals)

    def figures(self) -> dict[str, float]:
        """Return the figures of the fit as a whole."""
        n, k = len(self.y), len(self.X[0])
        free, tested = n - k, k - self.has_intercept
        rss, tss = self.error(), self.squares(self.y)
        f = ((tss - rss) / tested) / (rss / free)
        with localcontext(CONTEXT):
            spread = decimal(2 * rss / n) * pi()
            logs = sum((logarithm(c) for c in self.counts), Decimal())
            log_likelihood = (logs - n * (spread.ln() + 1)) / 2
            aic = 2 * k - 2 * log_likelihood
            bic = k * Decimal(n).ln() - 2 * log_likelihood
        return {
            "rows": n,
            "degrees_of_freedom": free,
            "residual_standard_error": root(rss / free),
            "residual_sum_of_squares": float(rss),
            "r2": float(1 - rss / tss),
            "r2_is_uncentered": not self.has_intercept,
            "adjusted_r2": float(1 - (rss / free) / (tss / (n - self.has_intercept))),
            "f": float(f),
            "f_p": float(f_p(f, tested, free)),
            "f_p_log10": log10(f_p(f, tested, free)),
            "aic": float(aic),
            "bic": float(bic),
            "log_likelihood": float(log_likelihood),
            "baseline_loss": float(tss / sum(self.counts)),
        }

    def of_weights(self, confidence: Fraction) -> list[dict[str, float | None]]:
        """Return the figures of each weight."""
        free = len(self.y) - len(self.X[0])
        rss, tss = self.error(), self.squares(self.y)
        inverse = self.inverse
        quantile = decimal(t_quantile(confidence, free))
        found = []
        for j, w in enumerate(self.solution()):
            variance = rss / free * inverse[j][j]
            squares = self.squares([row[j] for row in self.X])
            is_slope = j >= self.has_intercept
            with localcontext(CONTEXT):
                weight = decimal(w)
                margin = quantile * decimal(variance).sqrt()
                lower, upper = float(weight - margin), float(weight + margin)
            sign = 1 if w >= 0 else -1
            found.append(
                {
                    "value": float(w),
                    "least_squares": float(w),
                    "standard_error": root(variance),
                    "t": sign * root(w**2 / variance),
                    "p": float(t_p(w**2 / variance, free)),
                    "p_log10": log10(t_p(w**2 / variance, free)),
                    "lower": lower,
                    "upper": upper,
                    "standardized": sign * root(w**2 * squares / tss) if is_slope else None,
                    "vif": float(inverse[j][j] * squares) if is_slope else None,
                }
            )
        return found
