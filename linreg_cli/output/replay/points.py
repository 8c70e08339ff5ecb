"""The points behind the line: what the page shows of the rows, from one pass over the data."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linreg_cli.exact import ZERO, Floats, to_floats
from linreg_cli.model import Model
from linreg_cli.moments import SplitMoments
from linreg_cli.output import EXTREMES, MAX_POINTS, Extremes, Grid, Sample
from linreg_cli.output.replay.origins import drawn_from
from linreg_cli.reading import UsedRows
from linreg_cli.reading.csv import Rows
from linreg_cli.statistics import are_trained_on, selection_as_split

MAX_NUMBERS = 60_000
"""The most numbers of points: what keeps the page small."""
DIRECTIONS = 2
"""Rows are far out along the target, or off the line."""


@dataclass(frozen=True, kw_only=True)
class Points:
    """Rows to show.

    Attributes
    ----------
    rows
        How many rows were used.
    are_trained_on
        Whether they are the rows behind the model, those of its test part included.
    values
        The features and, last, the target, shape (points, columns): all rows or, of more than
        fit, a sample (of several features) and, last, those farthest out.
    extremes
        How many of them are there for being farthest out: 0 if all rows are.
    is_test
        Which of them are in the model's test part, shape (points,).
    density
        All rows on a grid, if there are too many of one feature to show one by one.

    """

    rows: int
    are_trained_on: bool
    values: Floats
    extremes: int
    is_test: npt.NDArray[np.bool_]
    density: Grid | None


class PointCollector:
    """Collects what is shown of rows that go by.

    Attributes
    ----------
    selection
        What to read: the columns of the model, and its weights if it has any.

    """

    def __init__(self, model: Model) -> None:
        self.selection = selection_as_split(model)
        self._model = model
        self._shown = [self.selection.columns.index(name) for name in (*model.x, model.y)]
        origins = dict(zip(model.x, drawn_from(model, model.moments.restore()), strict=True))
        self._origins = [origins.get(name, ZERO) for name in self.selection.columns]
        columns = len(self._shown)
        most = MAX_NUMBERS // columns - 2 * DIRECTIONS * EXTREMES
        self._sample = Sample(min(MAX_POINTS, most), columns + 1)
        self._extremes: Extremes | None = None
        self._density: Grid | None = None

    def take(self, rows: Rows) -> None:
        """Let rows go by."""
        used = UsedRows.of(rows, self.selection)
        if not len(used):
            return
        values = to_floats(used.block, self._origins)[:, self._shown]
        marked = np.column_stack([values, used.is_test])
        self._sample.add(marked)
        target = values[:, -1]
        with np.errstate(over="ignore", invalid="ignore"):
            off = target - sum(m * x for m, x in zip(self._model.slopes, values.T, strict=False))
        extremes = Extremes.of(marked, np.column_stack([target, off]))
        self._extremes = extremes if self._extremes is None else self._extremes + extremes
        if len(self._model.x) == 1:
            density = Grid.of(values)
            self._density = density if self._density is None else self._density + density

    def points(self, data: SplitMoments) -> Points:
        """Give what is shown of all rows that went by, of which `data` has the sums."""
        rows, shown, extremes, density = self._sample.rows, self._sample.values, 0, None
        if rows > len(shown) and self._extremes is not None:
            density, farthest = self._density, self._extremes.rows
            shown = farthest if density is not None else np.concatenate([shown, farthest])
            extremes = len(farthest)
        is_training_data = are_trained_on(data, self._model)
        return Points(
            rows=rows,
            are_trained_on=is_training_data,
            values=shown[:, :-1],
            extremes=extremes,
            is_test=(shown[:, -1] == 1) & is_training_data,  # of other rows none was kept
            density=density,
        )
