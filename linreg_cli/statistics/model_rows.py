"""The rows that a trained model asks for: its columns, and those of the rows that count."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from linreg_cli.exact import Block, to_floats
from linreg_cli.model import Model
from linreg_cli.moments import Split, SplitMoments
from linreg_cli.reading import Selection
from linreg_cli.reading.csv import Rows


def selection_of(model: Model, columns: Sequence[str] = ()) -> Selection:
    """Give what a model needs of rows: the weights if it was trained with any, and its columns.

    Others can take the place of its columns.
    """
    columns = tuple(columns) or (*model.x, model.y)
    weights = model.moments.weights.column if model.moments.weights else ""
    needed = ", ".join([*columns, *([weights] if weights else [])])
    return Selection(
        columns=columns, weights=weights, hint=f"The model needs the columns {needed}."
    )


def selection_as_split(model: Model) -> Selection:
    """Return what a model needs of rows to tell its test rows from its training rows."""
    settings = model.training.settings
    split = Split.asked_for(test_fraction=settings.test_fraction, folds=0, seed=settings.seed)
    columns = (model.split_by or ()) if settings.test_fraction else ()
    return replace(selection_of(model, columns), split=split)


def are_trained_on(data: SplitMoments, model: Model) -> bool:
    """Tell whether rows, read as `selection_as_split` says, are those behind a model."""
    found, trained = data.select(model.moments.columns), model.data()
    return (found.moments, found.test) == (trained.moments, trained.test)


@dataclass(frozen=True, kw_only=True)
class UsedRows:
    """Rows that count.

    Attributes
    ----------
    block
        Their features and target.
    weights
        How much each counts, shape (rows,).
    lines
        Where each is in its source.

    """

    block: Block
    weights: npt.NDArray[np.float64]
    lines: npt.NDArray[np.int64]

    @classmethod
    def of(cls, rows: Rows, *, is_weighted: bool) -> "UsedRows":
        """Part the weights, the last of the columns, from the others; leave out rows of weight 0.

        Where rows are not weighted, each counts 1.
        """
        block, lines = rows.block, rows.complete_lines
        if not is_weighted:
            return cls(block=block, weights=np.ones(len(block.values)), lines=lines)
        weights = to_floats(block.columns(slice(-1, None)))[:, 0]
        kept = weights > 0
        return cls(
            block=block.columns(slice(-1)).rows(kept), weights=weights[kept], lines=lines[kept]
        )
