"""The plot of the fits of groups: a panel for each group."""

from collections.abc import Sequence
from dataclasses import replace

from msgspec import Struct

from linreg_cli.design import Key
from linreg_cli.errors import FitError, count_of
from linreg_cli.exact import Block, Flags, Floats
from linreg_cli.model import GroupedModel, Model, show_key
from linreg_cli.output.plots.fit_plot import FitPlot, goodness
from linreg_cli.output.plots.fit_views import terms_of
from linreg_cli.output.plots.picture import Density, Dots, Layer, Panel, Picture, Role

MAX_GROUPS = 12
"""The most groups that have a panel, if none is named."""
_MOST_NOTES = 3


class _GroupPlot(Struct, frozen=True, kw_only=True):
    """The plot of one group, and the text above its panels."""

    plot: FitPlot
    title: str


class GroupFitPlot:
    """Collects the rows of groups, and draws the fit of each.

    Parameters
    ----------
    model
        The models of all groups.
    keys
        The groups to draw; if there are none, those with the most training rows.
    confidence
        The confidence of the bands, between 0 and 1, for example 0.95.
    features
        The features that get a panel for each group; the first of the model, if none is named.

    Raises
    ------
    UsageError
        If a feature is not in the model, or there are too many panels.
    FitError
        If a group that is named has no fit, or nothing can be drawn.

    """

    def __init__(
        self,
        model: GroupedModel,
        keys: Sequence[Key],
        confidence: float,
        features: Sequence[str] = (),
    ) -> None:
        self._model = model
        self._notes: list[str] = []
        self._plots: dict[Key, _GroupPlot] = {}
        for key in keys or self._largest():
            one = model.model_of(key)
            try:
                plot = FitPlot(one, confidence, _features_of(one, model, features))
            except FitError as error:
                self._notes.append(f"{show_key(key)} is not drawn: {error.message}")
            else:
                title = f"{show_key(key)}, {goodness(one)}"
                self._plots[key] = _GroupPlot(plot=plot, title=title)
        if not self._plots:
            raise FitError(
                "no group can be drawn" + "".join(f": {note}" for note in self._notes[:1]),
                hint="Name other groups: --group KEY",
            )
        terms = terms_of(model.model_of(self.keys[0]))
        if not features and len(terms) > 1:
            self._notes.append(f"only {terms[0]} is drawn; --x chooses others")

    def _largest(self) -> list[Key]:
        """Return the keys of the groups with the most training rows, in the order of the groups."""
        groups = [group for group in self._model.groups if group.is_fit]
        if not groups:
            raise FitError(
                "no group has a fit", hint="linreg show MODEL shows the reason of each group."
            )
        by_size = sorted(groups, key=lambda group: -group.rows)
        largest = {group.key for group in by_size[:MAX_GROUPS]}
        if len(groups) > MAX_GROUPS:
            self._notes.append(
                f"the {MAX_GROUPS} largest of {count_of(len(groups), 'group')} with a fit are "
                "drawn; --group chooses others"
            )
        return [group.key for group in groups if group.key in largest]

    @property
    def keys(self) -> Sequence[Key]:
        """The keys of the groups that are drawn."""
        return list(self._plots)

    def see(self, key: Key, block: Block, weights: Floats, is_test: Flags) -> None:
        """Add rows of a group that is drawn: the features and the target."""
        self._plots[key].plot.see(block, weights, is_test)

    def picture(self) -> Picture:
        """Return the picture of all rows so far."""
        pictures = {key: each.plot.picture() for key, each in self._plots.items()}
        of_groups: dict[str, list[Key]] = {}
        for key, picture in pictures.items():
            for note in picture.notes:
                of_groups.setdefault(note, []).append(key)
        notes = [
            *self._notes,
            *(f"{self._named(keys)}{note}" for note, keys in list(of_groups.items())[:_MOST_NOTES]),
        ]
        panels = [
            _of_group(panel, self._plots[key].title)
            for key, picture in pictures.items()
            for panel in picture.panels
        ]
        return Picture(
            title=(f"{self._model.y} by {', '.join(self._model.by)}",),
            panels=tuple(panels),
            notes=tuple(notes),
        )

    def _named(self, keys: Sequence[Key]) -> str:
        """Return which groups a note is of; nothing for all groups that are drawn."""
        if len(keys) == len(self._plots):
            return ""
        more = len(keys) - 1
        also = f" and {count_of(more, 'other group')}" if more else ""
        return f"{show_key(keys[0])}{also}: "


def _features_of(one: Model, model: GroupedModel, features: Sequence[str]) -> Sequence[str]:
    """Return the features to draw of a group, which may lack those of levels that it has not."""
    terms = terms_of(one)
    if not features:
        return terms[:1]
    known = {*one.x, *terms}
    labels = model.known_levels.labels if model.known_levels else ()
    of_others = {*model.x, *labels} - known
    found = [name for name in features if name not in of_others]
    if not found:
        raise FitError(f"it has no feature {', '.join(features)}")
    return found


def _of_group(panel: Panel, title: str) -> Panel:
    """Return a panel with a title; one legend serves all panels, so it has no counts of rows."""
    return replace(panel, title=title, layers=tuple(map(_without_count, panel.layers)))


def _without_count(layer: Layer) -> Layer:
    if isinstance(layer, Dots | Density) and layer.role in {Role.ROWS, Role.DENSITY}:
        return replace(layer, label="rows")
    return layer
