"""The points behind the line: what the page shows of the rows, from one pass over the data."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from linreg_cli.block import Block
from linreg_cli.gather import Advance, Gathered, Wanted, gather
from linreg_cli.model import Model
from linreg_cli.parts import Split
from linreg_cli.reading import CsvOptions, Rows, Source
from linreg_cli.sampling import Density, Extremes, Floats, Sample, as_floats
from linreg_cli.sums import Sums

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


def read_points(  # noqa: PLR0913  # what a pass over data needs
    model: Model,
    sources: Sequence[Source],
    options: CsvOptions,
    *,
    advance: Advance,
    threads: int | None = None,
    watch: Sequence[Callable[[Rows], None]] = (),
) -> tuple[Points, Gathered]:
    """Read rows once and keep what a picture shows of them.

    Parameters
    ----------
    model
        Its columns are found by name; rows of a weighted model need their weights.
    sources, options
        The rows, and how they are written.
    advance, threads, watch
        As `gather` takes them.

    """
    training = model.sums.restore()
    settings = model.training.settings
    split = Split.asked_for(test_fraction=settings.test_fraction, folds=0, seed=settings.seed)
    wanted = Wanted(columns=(*model.x, model.y), weights=training.weights, split=split)
    needed = ", ".join(wanted.all_columns)
    wanted = replace(wanted, hint=f"The model needs the columns {needed}.")
    picture = _Picture(model)

    def see(rows: Rows) -> None:
        block = rows.block
        if wanted.weights:
            block = Block(values=block.values[block.values[:, -1] > 0], decimals=block.decimals)
        picture.add(as_floats(block)[:, : len(wanted.columns)], ~split.trains(block))

    gathered = gather(
        sources, wanted, options, advance=advance, threads=threads, watch=[*watch, see]
    )
    test = model.test_sums.restore() if model.test_sums is not None else None
    are_trained_on = gathered.data.sums == training and gathered.data.test == test
    return picture.points(are_trained_on=are_trained_on), gathered


class _Picture:
    """Collects what is shown of rows that go by."""

    def __init__(self, model: Model) -> None:
        columns = len(model.x) + 1
        self._sample = Sample(min(MAX_POINTS, MAX_NUMBERS // columns), columns + 1)
        self._extremes = Extremes(columns - 1)
        self._density = _grid_of(model) if len(model.x) == 1 else None

    def add(self, values: Floats, is_test: npt.NDArray[np.bool_]) -> None:
        marked = np.column_stack([values, is_test])
        self._sample.add(marked)
        self._extremes.add(marked)
        if self._density is not None:
            self._density.add(values)

    def points(self, *, are_trained_on: bool) -> Points:
        rows, shown, density = self._sample.rows, self._sample.values, None
        if rows > len(shown):
            density = self._density
            if density is None:
                shown = np.concatenate([shown, self._extremes.values])
            else:
                shown = np.column_stack([density.alone, np.zeros(len(density.alone))])
        return Points(
            rows=rows,
            are_trained_on=are_trained_on,
            values=shown[:, :-1],
            is_test=shown[:, -1] == 1,
            density=density,
        )


def _grid_of(model: Model) -> Density:
    """Make a grid over the recorded range of the model's rows."""
    sums: Sums = model.sums.restore()
    parts = [model.sums, *([model.test_sums] if model.test_sums is not None else [])]
    ranges = [[part.range_of(column) for part in parts] for column in sums.columns]
    low_x, low_y = (min(float(low) for low, _ in found) for found in ranges)
    high_x, high_y = (max(float(high) for _, high in found) for found in ranges)
    return Density(low=(low_x, low_y), high=(high_x, high_y))
