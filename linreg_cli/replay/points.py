"""The points behind the line: what the page shows of the rows, from one pass over the data."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from linreg_cli.block import Block
from linreg_cli.gather import Wanted
from linreg_cli.model import Model
from linreg_cli.parts import Data, Split
from linreg_cli.reading import Rows
from linreg_cli.sampling import Density, Extremes, Floats, Sample, as_floats

MAX_POINTS = 4000
"""More rows of one feature are shown by their density, of several by a sample."""
MAX_NUMBERS = 60_000
"""The most numbers of a sample: what keeps the page small."""


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
        fit, the rows alone in their cell of the density, or a sample of the rows before the two
        rows with the extremes of the target.
    is_test
        Which of them are in the model's test part, shape (points,).
    density
        All rows on a grid, if there are too many to show one by one.

    """

    rows: int
    are_trained_on: bool
    values: Floats
    is_test: npt.NDArray[np.bool_]
    density: Density | None


class PointCollector:
    """Collects what is shown of rows that go by.

    Attributes
    ----------
    wanted
        What to read: the columns of the model, and its weights if it has any.

    """

    def __init__(self, model: Model) -> None:
        training, settings = model.sums.restore(), model.training.settings
        wanted = Wanted(
            columns=training.columns,
            weights=training.weights,
            split=Split.asked_for(
                test_fraction=settings.test_fraction, folds=0, seed=settings.seed
            ),
        )
        needed = ", ".join(wanted.all_columns)
        self.wanted = replace(wanted, hint=f"The model needs the columns {needed}.")
        self._trained_on = Data(
            sums=training, test=model.test_sums.restore() if model.test_sums is not None else None
        )
        columns = len(training.columns)
        self._sample = Sample(min(MAX_POINTS, MAX_NUMBERS // columns), columns + 1)
        self._extremes = Extremes(columns - 1)
        self._density = _grid_of(model) if len(model.x) == 1 else None

    def take(self, rows: Rows) -> None:
        """Let rows go by."""
        block = rows.block
        if self.wanted.weights:
            block = Block(values=block.values[block.values[:, -1] > 0], decimals=block.decimals)
        values = as_floats(block)[:, : len(self.wanted.columns)]
        marked = np.column_stack([values, ~self.wanted.split.trains(block)])
        self._sample.add(marked)
        self._extremes.add(marked)
        if self._density is not None:
            self._density.add(values)

    def points(self, data: Data) -> Points:
        """Give what is shown of all rows that went by, of which `data` has the sums."""
        rows, shown, density = self._sample.rows, self._sample.values, None
        if rows > len(shown):
            density = self._density
            if density is None:
                shown = np.concatenate([shown, self._extremes.values])
            else:
                shown = np.column_stack([density.alone, np.zeros(len(density.alone))])
        are_trained_on = data == self._trained_on
        return Points(
            rows=rows,
            are_trained_on=are_trained_on,
            values=shown[:, :-1],
            is_test=(shown[:, -1] == 1) & are_trained_on,  # of other rows none was kept
            density=density,
        )


def _grid_of(model: Model) -> Density:
    """Make a grid over the recorded range of the model's rows."""
    parts = [model.sums, *([model.test_sums] if model.test_sums is not None else [])]
    ranges = [[part.range_of(column) for part in parts] for column in model.sums.columns]
    low_x, low_y = (min(float(low) for low, _ in found) for found in ranges)
    high_x, high_y = (max(float(high) for _, high in found) for found in ranges)
    return Density(low=(low_x, low_y), high=(high_x, high_y))
