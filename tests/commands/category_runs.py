"""Files with categories, and what statsmodels computes for them."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from statsmodels.formula.api import ols, wls

from tests.conftest import Linreg, Result

ROOT = Path(__file__).parents[2]
HOMES = ROOT / "data" / "sacramento.csv"
BOTH = ("-x", "sqft", "--category", "type", "--category", "city", "-y", "price")
FORMULA = "price ~ sqft + C(type) + C(city)"


def homes() -> pd.DataFrame:
    return pd.read_csv(HOMES)


def trained(linreg: Linreg, *arguments: str, output: str = "model.json") -> Result:
    """Train exactly and quietly; errors fail the test."""
    done = linreg("train", *arguments, "--solver", "exact", "-q", "-o", output)
    assert (done.status, "Error" in done.stderr) == (0, False), done.stderr
    return done


def fitted(formula: str, frame: pd.DataFrame, weights: str = "") -> Any:
    """Return the fit of statsmodels."""
    if weights:
        return wls(formula, frame, weights=frame[weights]).fit()
    return ols(formula, frame).fit()


def feature_of(term: str) -> str:
    """Return the name in linreg of a term of patsy: C(city)[T.GALT] is city[GALT].

    >>> feature_of("C(city)[T.GALT]:sqft"), feature_of("C(city)[GALT]"), feature_of("sqft")
    ('city[GALT]:sqft', 'city[GALT]', 'sqft')
    """
    if term == "Intercept":
        return "(intercept)"
    return re.sub(r"C\((\w+)(?:, [^)]*\))?\)\[(?:T\.)?", r"\1[", term)


def write_shards(frame: pd.DataFrame, count: int) -> Sequence[str]:
    """Write the rows to some files, sorted by city: each file has other levels."""
    rows = frame.sort_values("city")
    names = [f"part{number}.csv" for number in range(count)]
    for number, name in enumerate(names):
        rows.iloc[number * len(rows) // count : (number + 1) * len(rows) // count].to_csv(
            name, index=False
        )
    return names
