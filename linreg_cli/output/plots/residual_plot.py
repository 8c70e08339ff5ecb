"""The plot of residuals: against the prediction, and their quantiles against the normal's.

A residual is target minus prediction. If rows have weights it is multiplied by the square root of
the weight, which gives all residuals the same variance.
"""

from statistics import NormalDist

import numpy as np

from linreg_cli.exact import Block, Flags, Floats, predict_block
from linreg_cli.model import Model
from linreg_cli.moments import residual_standard_error
from linreg_cli.output import EXTREMES, Cloud
from linreg_cli.output.plots.picture import Axis, Curve, Dots, Panel, Picture, Role
from linreg_cli.output.plots.row_points import RowPoints, unmarked_test_rows
from linreg_cli.training import least_squares, why_apart

QUANTILE_BINS = 4096
"""Bins of the residuals, if they are too many to be sorted."""
MAX_QUANTILES = 400


class ResidualPlot:
    """Collects rows, and draws the residuals of a model."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._against_prediction = RowPoints()
        self.marks_test = False
        """Whether test rows are marked."""
        self._alone: Cloud | None = None

    def see(self, block: Block, weights: Floats, is_test: Flags) -> None:
        """Add rows: the features and the target, with their weights."""
        if not len(weights):
            return
        plane = self._model.plane
        predictions = predict_block(plane, block.columns(slice(-1)))
        # from the numbers as written, rounded once; "0 -" avoids -0.0
        residuals = (0 - predict_block(plane.less_target(), block)) * np.sqrt(weights)
        self._against_prediction.add(np.array([predictions, residuals]).T, is_test)
        alone = residuals[:, np.newaxis]
        if self._alone is None:
            self._alone = Cloud.of(alone, bins=QUANTILE_BINS)
        else:
            self._alone = self._alone.with_points(alone)

    def picture(self) -> Picture:
        """Return the picture of all rows so far, at least one."""
        assert self._alone is not None  # noqa: S101  # no rows are a DataError
        times = ", times √weight" if self._model.moments.weights else ""
        y = Axis(label=f"residual of {self._model.y}{times}")
        spread = _spread(self._model)
        title = f"{self._model.y}: target minus prediction"
        if spread is not None:
            title += f"; residual standard error {spread:.6g}"
        apart = why_apart(self._model)
        note = f"the standard error is that of the least-squares fit, but {apart}"
        whole = self._against_prediction.whole
        unmarked = unmarked_test_rows(self._model, whole, is_marked=self.marks_test)
        return Picture(
            title=(title,),
            panels=(
                self._panel_of_predictions(y),
                _against_normal(self._alone, spread, y),
            ),
            notes=(*((note,) if apart else ()), *unmarked),
        )

    def _panel_of_predictions(self, y: Axis) -> Panel:
        points = self._against_prediction
        assert points.whole is not None  # noqa: S101  # no rows are a DataError
        grid = points.whole.grid
        ends = np.array([grid.minimum[0], grid.maximum[0]])
        zero = Curve(role=Role.REFERENCE, label="no error", x=ends, y=np.zeros(2))
        x = Axis(label=f"predicted {self._model.y}")
        return Panel(x=x, y=y, layers=(*points.layers(marks_test=self.marks_test), zero))


def _against_normal(cloud: Cloud, spread: float | None, y: Axis) -> Panel:
    normal, residuals = quantiles(cloud)
    ends = np.array([normal[0], normal[-1]])
    dots = Dots(role=Role.ROWS, label="", x=normal, y=residuals)
    label = "normal with this standard error"
    reference = (
        () if spread is None else (Curve(role=Role.NORMAL, label=label, x=ends, y=spread * ends),)
    )
    return Panel(x=Axis(label="quantile of the normal"), y=y, layers=(dots, *reference))


def quantiles(cloud: Cloud) -> tuple[Floats, Floats]:
    """Return quantiles of the standard normal and, for the same shares, of a cloud of one axis.

    The i-th smallest of n stands for the share (i - ½)/n: J. Hazen, Transactions of the American
    Society of Civil Engineers 77 (1914). Of many residuals only the extremes are known one by
    one; between them, the share below the edge of each bin is known.
    """
    n = cloud.count
    if cloud.points is not None:
        residuals = np.sort(cloud.points[:, 0])
        shares = (np.arange(n) + 0.5) / n
    else:
        extremes = cloud.extremes.rows[:, 0]
        below = np.cumsum(cloud.grid.counts)[:-1]
        is_inner = (below > EXTREMES) & (below < n - EXTREMES) & (cloud.grid.counts[:-1] > 0)
        inner = np.flatnonzero(is_inner)
        inner = inner[:: 1 + len(inner) // MAX_QUANTILES]
        ranks = (np.arange(EXTREMES) + 0.5) / n
        residuals = np.concatenate(
            [extremes[:EXTREMES], cloud.grid.edges(0)[1:-1][inner], extremes[-EXTREMES:]]
        )
        shares = np.concatenate([ranks, below[inner] / n, 1 - ranks[::-1]])
    standard = NormalDist()
    return np.array([standard.inv_cdf(share) for share in shares.tolist()]), residuals


def _spread(model: Model) -> float | None:
    """Return the residual standard error of the least-squares fit, if it is defined."""
    moments = model.training_moments()
    fitted = least_squares(moments, has_intercept=model.training.settings.intercept)
    return residual_standard_error(fitted.objective, moments.rows - len(fitted.independent))
