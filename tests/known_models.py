"""Well-known models of data sets of R, in the grammars of linreg and of statsmodels."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest
from statsmodels.formula.api import ols

from tests.datasets import dataset
from tests.markers import slow_but_every


@dataclass(frozen=True)
class KnownModel:
    """A formula and the data that it is fitted to.

    Attributes
    ----------
    package, name
        The data set.
    formula
        The formula of linreg; `patsy` writes it for statsmodels.
    day
        A column of dates, of which statsmodels gets the days.

    """

    package: str
    name: str
    formula: str
    day: str = ""

    @property
    def frame(self) -> pd.DataFrame:
        return dataset(self.package, self.name)

    @property
    def patsy(self) -> str:
        """The formula with the functions of NumPy, and the powers of Python."""
        text = re.sub(r"\blog\(", "np.log(", self.formula)
        return text.replace("^", "**").replace(f"days({self.day})", "day")

    def fitted(self) -> Any:
        """Return the fit of statsmodels."""
        frame = self.frame
        if self.day:
            since = pd.to_datetime(frame[self.day]) - pd.Timestamp("1970-01-01")
            frame = frame.assign(day=since / np.timedelta64(1, "D"))
        return ols(self.patsy, frame).fit()

    def features(self, terms: Sequence[str]) -> list[str]:
        """Return the names in linreg of terms of patsy, the factors of a product sorted."""
        return [sorted_product(self._feature(term)) for term in terms]

    def _feature(self, term: str) -> str:
        if term == "Intercept":
            return "(intercept)"
        text = re.sub(r"\bday\b", f"days({self.day})", term).replace("np.log(", "log(")
        text = re.sub(r"C\((\w+)\)\[T\.(.*?)\]", r"\1[\2]", text)
        return re.sub(r"I\((.*) \*\* (\d+)\)", r"\1^\2", text)


def sorted_product(name: str) -> str:
    return ":".join(sorted(name.split(":")))


MODELS = {
    "wages": KnownModel(
        "AER", "CPS1985",
        "log(wage) ~ C(gender)*education + experience + I(experience^2) + C(occupation)"
        " + C(sector)",
    ),
    "mtcars": KnownModel("datasets", "mtcars", "mpg ~ wt*hp + I(qsec^2)"),
    "economics": KnownModel(
        "ggplot2", "economics", "log(pce) ~ days(date) + I(days(date)^2) + uempmed", day="date"
    ),
    "diamonds": KnownModel(
        "ggplot2", "diamonds", "log(price) ~ log(carat) + C(cut) + C(color) + C(clarity)"
    ),
}  # fmt: skip
every_model = pytest.mark.parametrize("model", slow_but_every(2, MODELS.values()), ids=MODELS)
