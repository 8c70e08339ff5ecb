"""References for inference: real data, and distributions to 100 digits. No linreg here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import statsmodels.api as sm

from tests.oracles import eliminate

Floats: TypeAlias = npt.NDArray[np.float64]

CONTEXT = Context(prec=150, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""So many digits that even a p-value of 1e-100 keeps 40 of them."""
HALF = Decimal("0.5")
_HALVINGS = 10


# real data

SACRAMENTO = Path(__file__).parents[1] / "data" / "sacramento.csv"
COLUMNS = {
    # name: the target, and the features
    "longley": "TOTEMP GNPDEFL GNP UNEMP ARMED POP YEAR",
    "stackloss": "STACKLOSS AIRFLOW WATERTEMP ACIDCONC",
    "statecrime": "murder hs_grad poverty single white urban",
    "spector": "GRADE GPA TUCE PSI",
    "engel": "foodexp income",
    "ccard": "AVGEXP AGE INCOME INCOMESQ OWNRENT",
    "elnino": "DEC JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV",
    "star98": (
        "NABOVE LOWINC PERASIAN PERBLACK PERHISP PERMINTE AVYRSEXP AVSALK PERSPENK PTRATIO PCTAF "
        "PCTCHRT PCTYRRND"
    ),
    "sacramento": "price beds baths sqft latitude longitude",
}


@dataclass(frozen=True)
class RealData:
    """A data set of the real world, its target first."""

    frame: pd.DataFrame

    @property
    def target(self) -> str:
        """The name of the target."""
        return str(self.frame.columns[0])

    @property
    def features(self) -> list[str]:
        """The names of the features."""
        return list(map(str, self.frame.columns[1:]))

    @property
    def columns(self) -> list[str]:
        """The features and, last, the target."""
        return [*self.features, self.target]

    @property
    def x(self) -> Floats:
        """The features, shape (rows, features)."""
        return self.frame[self.features].to_numpy(dtype=np.float64)

    @property
    def y(self) -> Floats:
        """The target."""
        return self.frame[self.target].to_numpy(dtype=np.float64)

    def design(self, *, has_intercept: bool = True) -> Floats:
        """Return the design matrix."""
        return np.column_stack([np.ones(len(self.x)), self.x]) if has_intercept else self.x

    def rows(self) -> list[tuple[str, ...]]:
        """Return the rows as written, the target last."""
        return [tuple(map(repr, row)) for row in self.frame[self.columns].to_numpy().tolist()]

    def write(self, path: str) -> None:
        """Write the rows as CSV: every number so that it reads back the same."""
        self.frame.to_csv(path, index=False)

    def arguments(self) -> list[str]:
        """Return the options of train that name the columns."""
        return [word for name in self.features for word in ("--x", name)] + ["--y", self.target]

    def spread_weights(self) -> list[str]:
        """Return a weight for each row: decimals from 0.25 to 5, in no order."""
        return [str(Decimal(1 + 7 * i % 20) / 4) for i in range(len(self.frame))]


@cache
def real_data(name: str) -> RealData:
    """Load a data set: those of statsmodels come with it."""
    columns = COLUMNS[name].split()
    if name == "sacramento":
        frame = pd.read_csv(SACRAMENTO)
    else:
        frame = getattr(sm.datasets, name).load_pandas().data
    return RealData(frame[columns].astype(np.float64))


def ols(data: RealData, *, has_intercept: bool = True) -> Any:
    """Fit with statsmodels."""
    return sm.OLS(data.y, data.design(has_intercept=has_intercept)).fit()


def wls(data: RealData, *, has_intercept: bool = True) -> Any:
    """Fit with statsmodels, with `spread_weights`."""
    weights = np.array(list(map(float, data.spread_weights())))
    return sm.WLS(data.y, data.design(has_intercept=has_intercept), weights=weights).fit()


# arithmetic with many digits


def decimal(value: Fraction) -> Decimal:
    """Write a fraction with many digits."""
    with localcontext(CONTEXT):
        return Decimal(value.numerator) / Decimal(value.denominator)


def root(value: Fraction) -> float:
    """Return the float64 nearest to a square root."""
    with localcontext(CONTEXT):
        return float(decimal(value).sqrt())


def logarithm(value: Fraction) -> Decimal:
    """Return a natural logarithm."""
    with localcontext(CONTEXT):
        return decimal(value).ln()


def log10(value: Decimal) -> float:
    """Return the decimal logarithm, rounded once."""
    with localcontext(CONTEXT):
        return float(value.log10())


def arctangent(x: Decimal) -> Decimal:
    """Return the arc tangent by its series, after its argument was halved some times."""
    with localcontext(CONTEXT) as context:
        for _ in range(_HALVINGS):
            x /= 1 + (1 + x * x).sqrt()
        total: Decimal = Decimal(0)
        power, k = x, 1
        while power.copy_abs() > Decimal(10) ** -context.prec:
            total += power / k if k % 4 == 1 else -power / k
            power *= x * x
            k += 2
        return total * Decimal(2**_HALVINGS)


@cache
def pi() -> Decimal:
    """Return π."""
    with localcontext(CONTEXT):
        return 4 * arctangent(Decimal(1))


def incomplete_beta(x: Fraction, twice_a: int, twice_b: int) -> Decimal:
    """Return the regularised I_x(a, b) for a and b that are whole or half numbers.

    From a and b of 1/2 or 1 upwards by the recurrences of NIST's Digital Library of
    Mathematical Functions, 8.17.20 and 8.17.21.
    """
    if x in {0, 1}:
        return Decimal(int(x))
    with localcontext(CONTEXT):
        p, q = decimal(x), decimal(1 - x)
        a, b = (HALF if twice % 2 else Decimal(1) for twice in (twice_a, twice_b))
        value, beta = {
            (HALF, HALF): (2 / pi() * arctangent((p / q).sqrt()), pi()),
            (HALF, 1): (p.sqrt(), Decimal(2)),
            (1, HALF): (1 - q.sqrt(), Decimal(2)),
            (1, 1): (p, Decimal(1)),
        }[a, b]
        term = p**a * q**b
        while 2 * a < twice_a:
            value -= term / (a * beta)
            beta *= a / (a + b)
            a, term = a + 1, term * p
        while 2 * b < twice_b:
            value += term / (b * beta)
            beta *= b / (a + b)
            b, term = b + 1, term * q
        return value


def t_p(t_squared: Fraction, degrees_of_freedom: int) -> Decimal:
    """Return P(|T| ≥ t) for Student's t."""
    v = degrees_of_freedom
    return incomplete_beta(v / (v + t_squared), v, 1)


def f_p(f: Fraction, numerator: int, denominator: int) -> Decimal:
    """Return P(F ≥ f) for Fisher's F."""
    return incomplete_beta(denominator / (denominator + numerator * f), denominator, numerator)


@cache
def t_quantile(confidence: Fraction, degrees_of_freedom: int) -> Fraction:
    """Return the t with P(|T| ≤ t) = confidence to 40 digits, by bisection."""
    alpha = decimal(1 - confidence)
    low, high = Fraction(0), Fraction(1)
    while t_p(high**2, degrees_of_freedom) > alpha:
        low, high = high, 2 * high
    while high - low > high / 10**40:
        middle = (low + high) / 2
        if t_p(middle**2, degrees_of_freedom) > alpha:
            low = middle
        else:
            high = middle
    return high


# ridge in fractions


def ridge(  # noqa: PLR0913  # what a ridge fit depends on
    X: Sequence[Sequence[Fraction]],
    y: Sequence[Fraction],
    l2: Fraction,
    *,
    has_intercept: bool = True,
    on_scaled: bool = True,
    weights: Sequence[Fraction] = (),
) -> list[Fraction]:
    """Minimise the mean squared error plus l2 times the sum of squared slopes.

    `X` has no column of ones; with `on_scaled` the slopes are those of the features over their
    standard deviation (root mean square, without intercept). The intercept comes first.
    """
    counts = weights or [Fraction(1)] * len(y)
    total = sum(counts, Fraction())

    def mean(values: Iterable[Fraction]) -> Fraction:
        return sum((c * v for c, v in zip(counts, values, strict=True)), Fraction()) / total

    columns = [list(column) for column in zip(*X, strict=True)]
    centers = [mean(column) if has_intercept else Fraction() for column in columns]
    spreads = [
        mean((v - center) ** 2 for v in column) if on_scaled else Fraction(1)
        for column, center in zip(columns, centers, strict=True)
    ]
    penalties = [l2 * spread for spread in spreads]
    if has_intercept:
        columns.insert(0, [Fraction(1)] * len(y))
        penalties.insert(0, Fraction())
    table = [
        [
            *(mean(a * b for a, b in zip(one, other, strict=True)) for other in columns),
            mean(a * b for a, b in zip(one, y, strict=True)),
        ]
        for one in columns
    ]
    for i, penalty in enumerate(penalties):
        table[i][i] += penalty
    return [solution for (solution,) in eliminate(table)]
