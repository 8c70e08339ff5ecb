"""What a panel of a fit shows: one feature, or the levels of a category, given the others.

A feature and the target are shown without what the other features explain of both (a partial
regression plot). A category is shown as a column of points for each level: the target without the
other terms of the model (partial residuals).
"""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
from msgspec import Struct

from linreg_cli.exact import (
    ZERO,
    Block,
    ExactDecimal,
    Floats,
    from_float,
    to_float,
)
from linreg_cli.model import Model
from linreg_cli.moments import Moments
from linreg_cli.output import Cloud
from linreg_cli.output.plots.picture import Axis
from linreg_cli.output.plots.scales import with_room
from linreg_cli.prediction import Leverages, RowsFit
from linreg_cli.statistics import Remainder, partial_regressions
from linreg_cli.training import (
    as_fraction,
    centered_name,
    mean_of,
    origins_of,
    value_at,
)

LINE_POINTS = 101
_SPREADS = 3
"""The reach of a line without rows, in standard deviations to both sides."""
_HALF_LEVEL = 0.35
"""Half the width of the line of a level, where levels are 1 apart."""


class Centers(Struct, frozen=True, kw_only=True, dict=True):
    """What is subtracted from each feature and from the target before anything is drawn."""

    model: Model
    values: tuple[ExactDecimal, ...]

    @classmethod
    def of(cls, model: Model, moments: Moments) -> "Centers":
        """Return the centers of a model: the means, if it has an intercept."""
        if len(model.x) == 1:
            return cls(model=model, values=(*origins_of(moments), ZERO))
        columns = range(1, 1 + len(moments.columns))
        has_intercept = model.training.settings.intercept
        values = (mean_of(moments, j) if has_intercept else ZERO for j in columns)
        return cls(model=model, values=tuple(values))

    def predictions(self, slope: float, offsets: Floats) -> Floats:
        """Return predictions where one feature differs from its center, and no other does.

        The center of the target is subtracted from them.
        """
        features = list(map(as_fraction, self.values[:-1]))
        start = value_at(self.model.plane, features) - as_fraction(self.values[-1])
        exact_slope = from_float(slope)
        return np.array(
            [to_float(start + exact_slope * from_float(offset)) for offset in offsets.tolist()]
        )


class Stretch(NamedTuple):
    """A part of the line: x, the predictions there, and their leverages, if they are known."""

    x: Floats
    line: Floats
    leverages: Floats | None


class View(Protocol):
    """What a panel shows."""

    @property
    def name(self) -> str:
        """The feature, or the category."""

    @property
    def x(self) -> Axis:
        """The horizontal axis."""

    @property
    def y(self) -> Axis:
        """The vertical axis."""

    def points(self, centred: Floats) -> tuple[Floats, Floats]:
        """Return the points of rows, and how far along and off the line they are.

        `centred` has the features and the target less their centers, shape (columns, rows). Both
        results have the shape (rows, 2).
        """

    def stretches(self, cloud: Cloud | None, leverages: Leverages | None) -> list[Stretch]:
        """Return the parts of the line, which reaches over all rows if there are any."""


class FeatureView(Struct, frozen=True, kw_only=True):
    """One feature and the target, minus what the other features explain of both."""

    name: str
    centers: Centers
    slope: float
    of_feature: Remainder
    of_target: Remainder
    range: tuple[float, float]

    @property
    def x(self) -> Axis:
        """The axis of the feature."""
        center = ZERO if self._is_partial else self.centers.values[0]
        return Axis(label=f"{centered_name(self.name, center)}{self._given}")

    @property
    def y(self) -> Axis:
        """The axis of the target."""
        return Axis(label=f"{self.centers.model.y}{self._given}")

    @property
    def _is_partial(self) -> bool:
        return len(self.centers.model.x) > 1

    @property
    def _given(self) -> str:
        return " given the others" if self._is_partial else ""

    def points(self, centred: Floats) -> tuple[Floats, Floats]:
        """Return the points of rows; see `View`."""
        x, y = _remainder_of(self.of_feature, centred), _remainder_of(self.of_target, centred)
        return np.array([x, y]).T, np.array([x, y - self.slope * x]).T

    def stretches(self, cloud: Cloud | None, leverages: Leverages | None) -> list[Stretch]:
        """Return the line, along which the other features stay at their centers."""
        low, high = self.range if cloud is None else (cloud.grid.minimum[0], cloud.grid.maximum[0])
        low, high = with_room(low, high)
        along = np.linspace(0, 1, LINE_POINTS)
        x = (1 - along) * low + along * high  # high - low may be beyond float64
        line = self.centers.predictions(self.slope, x)
        if leverages is None:
            return [Stretch(x, line, None)]
        features = list(map(as_fraction, self.centers.values[:-1]))
        offsets = list(map(from_float, x.tolist()))
        return [Stretch(x, line, leverages.along(features, self.of_feature.column, offsets))]


class CategoryView(Struct, frozen=True, kw_only=True, dict=True):
    """The levels of a category, and the target without the other terms of the model.

    Attributes
    ----------
    name
        The category.
    levels, indicators
        Its levels, in their order, and the names of their indicators.
    centers
        The centers.

    """

    name: str
    levels: tuple[str, ...]
    indicators: tuple[str, ...]
    centers: Centers

    @cached_property
    def _indicators(self) -> dict[int, int]:
        """The number of the level of each indicator, by the position of the feature."""
        x = self.centers.model.x
        return {x.index(name): i for i, name in enumerate(self.indicators) if name in x}

    @property
    def _others(self) -> list[int]:
        return [j for j in range(len(self.centers.model.x)) if j not in self._indicators]

    @property
    def x(self) -> Axis:
        """The axis of the levels."""
        return Axis(label=self.name, names=self.levels)

    @property
    def y(self) -> Axis:
        """The axis of the target."""
        return Axis(label=f"{self.centers.model.y}{' given the others' if self._others else ''}")

    @property
    def _origin(self) -> float:
        """What is added to the target: its center if there is no other term, else nothing."""
        return 0.0 if self._others else to_float(as_fraction(self.centers.values[-1]))

    def points(self, centred: Floats) -> tuple[Floats, Floats]:
        """Return the points of rows; see `View`."""
        slopes, values = self.centers.model.slopes, self.centers.values
        y = centred[-1] + self._origin
        for j in self._others:
            y = y - slopes[j] * centred[j]
        reference = set(range(len(self.levels))) - set(self._indicators.values())
        x = np.full(len(y), float(min(reference, default=0)))
        line = np.full(len(y), self._line_at(None))
        for j, number in self._indicators.items():
            is_level = centred[j] > 0.5 - float(values[j])
            x[is_level] = number
            line[is_level] = self._line_at(j)
        return np.array([x, y]).T, np.array([x, y - line]).T

    def stretches(self, cloud: Cloud | None, leverages: Leverages | None) -> list[Stretch]:
        """Return a short line for each level, at which the other features are at their centers."""
        del cloud  # the levels are known without rows
        indicator_of = {number: j for j, number in self._indicators.items()}
        rows = [self._row(indicator_of.get(number)) for number in range(len(self.levels))]
        found = None if leverages is None else leverages.of_rows(Block.of_rows(rows))
        stretches = []
        for number in range(len(self.levels)):
            prediction = self._line_at(indicator_of.get(number))
            ends = np.array([number - _HALF_LEVEL, number + _HALF_LEVEL])
            leverage = None if found is None else np.full(2, found[number])
            stretches.append(Stretch(ends, np.full(2, prediction), leverage))
        return stretches

    def _row(self, indicator: int | None) -> list[ExactDecimal]:
        """Return the features of a row of a level; the others are at their centers."""
        row = list(self.centers.values[:-1])
        for j in self._indicators:
            row[j] = ExactDecimal(int(j == indicator), 0)
        return row

    def _line_at(self, indicator: int | None) -> float:
        """Return the prediction of a level, less the center of the target if that is subtracted."""
        row = list(map(as_fraction, self._row(indicator)))
        prediction = value_at(self.centers.model.plane, row)
        return to_float(prediction - as_fraction(self.centers.values[-1])) + self._origin


def views_of(model: Model, fit: RowsFit, names: Sequence[str], centers: Centers) -> list[View]:
    """Return the views of features and categories, in their order.

    Features that the other features determine are left out.
    """
    known = model.known_levels
    categories = known.design.categories if known else ()
    features = [name for name in names if name in model.x]
    views: dict[str, View] = dict(_feature_views(model, fit, features, centers))
    for name in names:
        if known and name in categories and name not in model.x:
            views[name] = CategoryView(
                name=name,
                levels=tuple(known.levels[name]),
                indicators=known.indicators(name),
                centers=centers,
            )
    return [views[name] for name in names if name in views]


def terms_of(model: Model) -> Sequence[str]:
    """Return what a panel can show: features, and categories in place of their indicators."""
    known = model.known_levels
    return model.x if known is None else known.labels


def _feature_views(
    model: Model, fit: RowsFit, features: Sequence[str], centers: Centers
) -> dict[str, FeatureView]:
    """Return the views of features, without those that the other features determine."""
    if len(model.x) == 1:
        x, y = (Remainder(column=k, constant=0.0, factors=()) for k in (0, 1))
        low, high = (
            to_float(as_fraction(end) - as_fraction(centers.values[0]))
            for end in model.moments.range_of(model.x[0])
        )
        name = model.x[0]
        return {
            name: FeatureView(
                name=name,
                centers=centers,
                slope=model.slopes[0],
                of_feature=x,
                of_target=y,
                range=(low, high),
            )
        }
    columns = [model.x.index(name) for name in features]
    found = partial_regressions(fit, columns, list(map(as_fraction, centers.values)))
    return {
        model.x[j]: FeatureView(
            name=model.x[j],
            centers=centers,
            slope=model.slopes[j],
            of_feature=partial.feature,
            of_target=partial.target,
            range=(-_SPREADS * partial.spread, _SPREADS * partial.spread),
        )
        for j, partial in found.items()
    }


def _remainder_of(remainder: Remainder, centred: Floats) -> Floats:
    """Return the remainder of a column, for rows from which the centers were subtracted."""
    left: Floats = centred[remainder.column] - remainder.constant
    for k, factor in remainder.factors:
        left = left - factor * centred[k]
    return left
