"""The plot of a fit: points, line and bands; with several terms, a panel for each."""

from collections.abc import Iterator, Sequence

from linreg_cli.errors import FitError, UsageError, count_of, nearest, refuse_named_twice
from linreg_cli.exact import Block, Flags, Floats, to_floats
from linreg_cli.model import Model
from linreg_cli.output.plots.fit_views import Centers, Stretch, View, terms_of, views_of
from linreg_cli.output.plots.picture import FEW_DOTS, Band, Curve, Panel, Picture, Role
from linreg_cli.output.plots.row_points import RowPoints, unmarked_test_rows
from linreg_cli.output.terminal import r2_name, r2_text
from linreg_cli.prediction import RowsFit, Uncertainty
from linreg_cli.statistics import Scores
from linreg_cli.training import equation, why_apart

MAX_PANELS = 24


class FitPlot:
    """Collects rows, and draws the fit of a model.

    Parameters
    ----------
    model
        The model: its line is drawn, with bands for the least-squares fit of its training rows.
    confidence
        The confidence of the bands, between 0 and 1, for example 0.95.
    features
        The features and categories that get a panel; if none is named, as many terms as there is
        room for.

    Raises
    ------
    UsageError
        If a feature is not in the model, or named twice.
    FitError
        If the other features determine each of the features.

    """

    def __init__(self, model: Model, confidence: float, features: Sequence[str] = ()) -> None:
        self._model, self._confidence = model, confidence
        self._is_cut = not features and len(terms_of(model)) > MAX_PANELS
        names = _chosen(model, features)
        self._fit = RowsFit.of(model)
        self._centers = Centers.of(model, self._fit.moments)
        self._views = views_of(model, self._fit, names, self._centers)
        self._hidden = [name for name in names if name not in {v.name for v in self._views}]
        if not self._views:
            raise FitError(
                f"nothing to draw: the other features determine {', '.join(self._hidden)}",
                hint="Use --kind residuals, or train without one of these columns.",
            )
        self._points = {view.name: RowPoints() for view in self._views}
        self.marks_test = False
        """Whether test rows are marked."""

    def see(self, block: Block, weights: Floats, is_test: Flags) -> None:
        """Add rows: the features and the target. Weights do not change a point."""
        if not len(weights):
            return
        centred = to_floats(block, self._centers.values).T
        for view in self._views:
            points, along = view.points(centred)
            self._points[view.name].add(points, is_test, along)

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
            count = len(terms_of(self._model))
            notes.append(f"the first {MAX_PANELS} of {count} features are drawn; --x chooses")
        cloud = self._points[self._views[0].name].whole
        if cloud is None:
            notes.append("no rows are drawn without DATA: linreg plot MODEL DATA")
        if self._hidden:
            notes.append(
                f"not drawn, since the other features determine them: {', '.join(self._hidden)}"
            )
        notes += unmarked_test_rows(self._model, cloud, is_marked=self.marks_test)
        return Picture(
            title=(equation(self._model), goodness(self._model)),
            panels=tuple(self._panel(view, uncertainty) for view in self._views),
            notes=tuple(notes),
        )

    def _panel(self, view: View, uncertainty: Uncertainty | None) -> Panel:
        points = self._points[view.name]
        cloud = points.whole
        stretches = view.stretches(cloud, uncertainty.leverages if uncertainty else None)
        bands = [] if uncertainty is None else list(self._bands(stretches, uncertainty))
        line = [
            Curve(role=Role.LINE, label="" if i else "fit", x=each.x, y=each.line)
            for i, each in enumerate(stretches)
        ]
        rows = points.layers(marks_test=self.marks_test)
        is_few = cloud is not None and cloud.count <= FEW_DOTS
        above = (*line, *rows) if is_few else (*rows, *line)
        return Panel(x=view.x, y=view.y, layers=(*bands, *above))

    def _bands(self, stretches: Sequence[Stretch], uncertainty: Uncertainty) -> Iterator[Band]:
        """Yield the bands around the parts of a line; a legend names the first of each role."""
        percent = f"{100 * self._confidence:.6g}%"
        for role, name, half_of in (
            (Role.PREDICTION, "prediction", uncertainty.of_leverages),
            (Role.CONFIDENCE, "confidence", uncertainty.of_mean_leverages),
        ):
            for i, (x, line, leverages) in enumerate(stretches):
                assert leverages is not None  # noqa: S101 - there is an uncertainty
                half = half_of(leverages)
                label = "" if i else f"{percent} {name} interval"
                yield Band(role=role, label=label, x=x, lower=line - half, upper=line + half)


def _chosen(model: Model, features: Sequence[str]) -> Sequence[str]:
    """Return the features and categories to draw."""
    terms = terms_of(model)
    for name in features:
        if name not in {*model.x, *terms}:
            near = nearest(name, [*model.x, *terms])
            raise UsageError(
                f"the model has no feature '{name}'{'; ' + near if near else ''}",
                hint=f"Its features are: {', '.join(terms)}",
            )
    refuse_named_twice(features, "--x")
    return features or terms[:MAX_PANELS]


def goodness(model: Model) -> str:
    """Return how well a model fits its training rows, and how many these are."""
    scores = Scores.of_training(model, model.training_moments())
    name = r2_name(has_intercept=model.training.settings.intercept)
    r2 = f"{name} undefined" if scores.r2 is None else f"{name} = {r2_text(scores.r2, digits=4)}"
    return f"{r2}, {count_of(scores.rows, 'training row')}"
