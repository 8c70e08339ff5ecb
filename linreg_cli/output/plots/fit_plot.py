"""The plot of a fit: points, line and bands; with several features, a panel for each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from linreg_cli.errors import FitError, UsageError, count_of, nearest, refuse_named_twice
from linreg_cli.exact import (
    ZERO,
    Block,
    ExactDecimal,
    Flags,
    Floats,
    from_float,
    to_float,
    to_floats,
)
from linreg_cli.model import Model
from linreg_cli.moments import Moments
from linreg_cli.output.plots.picture import (
    FEW_DOTS,
    Axis,
    Band,
    Curve,
    Layer,
    Panel,
    Picture,
    Role,
)
from linreg_cli.output.plots.row_points import RowPoints, unmarked_test_rows
from linreg_cli.output.plots.scales import with_room
from linreg_cli.output.terminal import r2_name, r2_text
from linreg_cli.prediction import Leverages, RowsFit, Uncertainty
from linreg_cli.statistics import Remainder, Scores, partial_regressions
from linreg_cli.training import (
    as_fraction,
    centered_name,
    equation,
    mean_of,
    origins_of,
    value_at,
    why_apart,
)

LINE_POINTS = 101
MAX_PANELS = 24
_SPREADS = 3
"""The reach of a line without rows, in standard deviations to both sides."""


class FitPlot:
    """Collects rows, and draws the fit of a model.

    Parameters
    ----------
    model
        The model: its line is drawn, with bands for the least-squares fit of its training rows.
    confidence
        The confidence of the bands, between 0 and 1, for example 0.95.
    features
        The features that get a panel; if none is named, as many as there is room for.

    Raises
    ------
    UsageError
        If a feature is not in the model, or named twice.
    FitError
        If the other features determine each of the features.

    """

    def __init__(self, model: Model, confidence: float, features: Sequence[str] = ()) -> None:
        self._model, self._confidence = model, confidence
        self._is_cut = not features and len(model.x) > MAX_PANELS
        features = _chosen(model, features)
        self._fit = RowsFit.of(model)
        self._centers = _centers(model, self._fit.moments)
        *point, target = map(as_fraction, self._centers)
        self._line_at_centers = value_at(model.plane, point) - target
        self._views = _views(model, self._fit, features, self._centers)
        self._hidden = [name for name in features if name not in {v.feature for v in self._views}]
        if not self._views:
            raise FitError(
                f"nothing to draw: the other features determine {', '.join(self._hidden)}",
                hint="Use --kind residuals, or train without one of these columns.",
            )
        self._points = {view.feature: RowPoints() for view in self._views}
        self.marks_test = False
        """Whether test rows are marked."""

    def see(self, block: Block, weights: Floats, is_test: Flags) -> None:
        """Add rows: the features and the target. Weights do not change a point."""
        if not len(weights):
            return
        centred = to_floats(block, self._centers).T
        for view in self._views:
            x, y = _remainder_of(view.x, centred), _remainder_of(view.y, centred)
            # along the feature, and the distance from the line
            off = np.column_stack([x, y - view.slope * x])
            self._points[view.feature].add(np.column_stack([x, y]), is_test, off)

    def picture(self) -> Picture:
        """Return the picture of all rows so far."""
        notes = []
        uncertainty = None
        try:
            uncertainty = Uncertainty.of_fit(self._fit, self._confidence)
        except FitError as error:
            notes.append(error.message)
        else:
            if apart := why_apart(self._model):
                notes.append(f"the bands are those of the least-squares fit, but {apart}")
        if self._is_cut:
            notes.append(
                f"the first {MAX_PANELS} of {len(self._model.x)} features are drawn; --x chooses"
            )
        cloud = self._points[self._views[0].feature].whole
        if cloud is None:
            notes.append("no rows are drawn without DATA: linreg plot MODEL DATA")
        if self._hidden:
            notes.append(
                f"not drawn, since the other features determine them: {', '.join(self._hidden)}"
            )
        notes += unmarked_test_rows(self._model, cloud, is_marked=self.marks_test)
        return Picture(
            title=(equation(self._model), _goodness(self._model)),
            panels=tuple(self._panel(view, uncertainty) for view in self._views),
            notes=tuple(notes),
        )

    def _panel(self, view: "_View", uncertainty: Uncertainty | None) -> Panel:
        points = self._points[view.feature]
        cloud = points.whole
        low, high = view.range if cloud is None else (cloud.grid.minimum[0], cloud.grid.maximum[0])
        low, high = with_room(low, high)
        along = np.linspace(0, 1, LINE_POINTS)
        x = (1 - along) * low + along * high  # high - low may be beyond float64
        line = self._line_along(view, x)
        layers: list[Layer] = []
        if uncertainty is not None:
            percent = f"{100 * self._confidence:.6g}%"
            leverages = self._leverages_along(view, x, uncertainty.leverages)
            for role, name, half in (
                (Role.PREDICTION, "prediction", uncertainty.of_leverages(leverages)),
                (Role.CONFIDENCE, "confidence", uncertainty.of_mean_leverages(leverages)),
            ):
                label = f"{percent} {name} interval"
                layers.append(
                    Band(role=role, label=label, x=x, lower=line - half, upper=line + half)
                )
        rows = points.layers(marks_test=self.marks_test)
        fit = Curve(role=Role.LINE, label="fit", x=x, y=line)
        is_few = cloud is not None and cloud.count <= FEW_DOTS
        layers += (fit, *rows) if is_few else (*rows, fit)
        is_partial = len(self._model.x) > 1
        given = " given the others" if is_partial else ""
        center = ZERO if is_partial else self._centers[0]
        return Panel(
            x=Axis(label=f"{centered_name(view.feature, center)}{given}"),
            y=Axis(label=f"{self._model.y}{given}"),
            layers=tuple(layers),
        )

    def _line_along(self, view: "_View", x: Floats) -> Floats:
        """Return the predictions where one feature varies and the others stay at their centers."""
        start, slope = self._line_at_centers, from_float(view.slope)
        return np.array([to_float(start + slope * from_float(value)) for value in x.tolist()])

    def _leverages_along(self, view: "_View", x: Floats, leverages: Leverages) -> Floats:
        """Return the leverages of the same rows."""
        point = list(map(as_fraction, self._centers[:-1]))
        return leverages.along(point, view.x.column, list(map(from_float, x.tolist())))


def _centers(model: Model, moments: Moments) -> list[ExactDecimal]:
    """Return what is subtracted from each feature and from the target before anything is drawn."""
    if len(model.x) == 1:
        return [*origins_of(moments), ZERO]
    columns = range(1, 1 + len(moments.columns))
    has_intercept = model.training.settings.intercept
    return [mean_of(moments, j) if has_intercept else ZERO for j in columns]


def _chosen(model: Model, features: Sequence[str]) -> Sequence[str]:
    for name in features:
        if name not in model.x:
            near = nearest(name, model.x)
            raise UsageError(
                f"the model has no feature '{name}'{'; ' + near if near else ''}",
                hint=f"Its features are: {', '.join(model.x)}",
            )
    refuse_named_twice(features, "--x")
    return features or model.x[:MAX_PANELS]


@dataclass(frozen=True, kw_only=True)
class _View:
    """One feature and the target, minus what the other features explain of both."""

    feature: str
    slope: float
    x: Remainder
    y: Remainder
    range: tuple[float, float]


def _views(
    model: Model, fit: RowsFit, features: Sequence[str], centers: Sequence[ExactDecimal]
) -> list[_View]:
    """Return the views of features, without those that the other features determine."""
    if len(model.x) == 1:
        x, y = (Remainder(column=k, constant=0.0, factors=()) for k in (0, 1))
        low, high = (
            to_float(as_fraction(end) - as_fraction(centers[0]))
            for end in model.moments.range_of(model.x[0])
        )
        return [_View(feature=model.x[0], slope=model.slopes[0], x=x, y=y, range=(low, high))]
    columns = [model.x.index(name) for name in features]
    found = partial_regressions(fit, columns, list(map(as_fraction, centers)))
    return [
        _View(
            feature=model.x[j],
            slope=model.slopes[j],
            x=partial.feature,
            y=partial.target,
            range=(-_SPREADS * partial.spread, _SPREADS * partial.spread),
        )
        for j, partial in found.items()
    ]


def _remainder_of(remainder: Remainder, centred: Floats) -> Floats:
    """Return the remainder of a column, for rows from which the centers were subtracted."""
    left: Floats = centred[remainder.column] - remainder.constant
    for k, factor in remainder.factors:
        left = left - factor * centred[k]
    return left


def _goodness(model: Model) -> str:
    scores = Scores.of(model.moments.restore(), model)
    name = r2_name(has_intercept=model.training.settings.intercept)
    r2 = f"{name} undefined" if scores.r2 is None else f"{name} = {r2_text(scores.r2, digits=4)}"
    return f"{r2}, {count_of(scores.rows, 'training row')}"
