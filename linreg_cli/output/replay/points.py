"""The points that the page shows of the rows, collected in one pass over the data."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linreg_cli.exact import ZERO, Floats, to_floats
from linreg_cli.model import Model
from linreg_cli.moments import SplitMoments
from linreg_cli.output import EXTREMES, MAX_POINTS, Extremes, Grid, Sample
from linreg_cli.prediction import are_trained_on, selection_as_split
from linreg_cli.reading import UsedRows
from linreg_cli.reading.csv import Rows
from linreg_cli.training import origins_of

MAX_NUMBERS = 60_000
"""Maximum number of coordinates, so that the page is small."""
DIRECTIONS = 2
"""Extreme rows are those with extreme targets and those with extreme residuals."""


@dataclass(frozen=True, kw_only=True)
class Points:
    """The rows to show.

    Attributes
    ----------
    rows
        The number of rows that were used.
    are_trained_on
        Whether they are the training and test rows of the model.
    values
        The features and, last, the target, shape (points, columns): all rows or, if they are too
        many, a sample (with several features) and, last, the extreme rows.
    extremes
        The number of extreme rows; 0 if all rows are shown.
    is_test
        Which of them are test rows of the model, shape (points,).
    density
        The density of all rows, if there is one feature and too many rows for points.

    """

    rows: int
    are_trained_on: bool
    values: Floats
    extremes: int
    is_test: npt.NDArray[np.bool_]
    density: Grid | None


class PointCollector:
    """Collects the points to show while rows are read.

    Attributes
    ----------
    selection
        The columns to read: those of the model, and its column of weights, if any.

    """

    def __init__(self, model: Model) -> None:
        self.selection = selection_as_split(model)
        self._model = model
        shown = self.selection.columns if self.selection.known is None else (*model.x, model.y)
        self._shown = [shown.index(name) for name in (*model.x, model.y)]
        origins = dict(zip(model.x, origins_of(model.training_moments()), strict=True))
        self._origins = [origins.get(name, ZERO) for name in shown]
        columns = len(self._shown)
        most = MAX_NUMBERS // columns - 2 * DIRECTIONS * EXTREMES
        self._sample = Sample(min(MAX_POINTS, most), columns + 1)
        self._extremes: Extremes | None = None
        self._density: Grid | None = None

    def take(self, rows: Rows) -> None:
        """Add the rows of a chunk."""
        used = UsedRows.of(rows, self.selection)
        if not len(used):
            return
        values = to_floats(used.block, self._origins)[:, self._shown]
        marked = np.column_stack([values, used.is_test])
        self._sample.add(marked)
        target = values[:, -1]
        with np.errstate(over="ignore", invalid="ignore"):
            off = target - sum(m * x for m, x in zip(self._model.slopes, values.T, strict=False))
        along = np.array([target, off]).T
        if self._extremes is None:
            self._extremes = Extremes.of(marked, along)
        else:
            self._extremes = self._extremes.with_rows(marked, along)
        if len(self._model.x) == 1:
            known = self._density
            self._density = Grid.of(values) if known is None else known.with_points(values)

    def points(self, data: SplitMoments) -> Points:
        """Return the points of all rows that were read, of which `data` has the moments."""
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
            is_test=(shown[:, -1] == 1) & is_training_data,  # other rows have no test part
            density=density,
        )
