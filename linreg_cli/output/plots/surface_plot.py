"""The plot of the loss over two weights: contours, and the path of the descent.

The loss is quadratic, so a contour is an ellipse and is drawn from its formula: with
X = U S Vᵀ, the weights w* + V S⁻¹ c √(n·gap), for all c of length 1, are those whose loss is `gap`
above the smallest. Source: S. Boyd and L. Vandenberghe, Convex Optimization (2004),
section 2.2.2.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from linreg_cli.errors import FitError, UsageError
from linreg_cli.exact import Floats
from linreg_cli.model import Model
from linreg_cli.output.plots.picture import Axis, Contour, Curve, Dots, Panel, Picture, Role
from linreg_cli.output.plots.retrace import retrace
from linreg_cli.training import Descent, Epoch, Problem, explain_dependencies, remedy

DIMENSIONS = 2
CONTOURS = 7
RATIO = 4
"""The ratio of the gaps of neighbouring contours: each is half as wide as the one around it."""
CONTOUR_POINTS = 181


def surface_picture(model: Model) -> Picture:
    """Return the picture of the loss of a model with two weights, from the model alone.

    Raises
    ------
    UsageError
        If the model has more or fewer weights, or was solved without a descent.
    FitError
        If the least-squares solution is not unique, so that the contours are not ellipses.

    """
    has_intercept = model.training.settings.intercept
    count = has_intercept + len(model.x)
    if count != DIMENSIONS:
        raise UsageError(
            f"a loss surface has two weights; the model has {count}",
            hint="--kind loss draws any descent.",
        )
    problem, descent, epochs = retrace(model)
    if not problem.solution.is_unique:
        why = explain_dependencies(problem.moments, problem.solution, problem.data.known)
        raise FitError(
            f"no loss surface: the least-squares solution is not unique: {why}",
            hint=remedy(problem.moments, problem.solution),
        )
    surface = _Surface.of(problem, descent, epochs)
    gap = f"{surface.gaps[0]:.3g}"
    return Picture(
        title=(
            f"loss of {model.y} from {' and '.join(model.x)}: smallest {problem.best_loss:.6g}",
            f"contours: {gap} above the smallest, then a quarter of this gap, and so on",
        ),
        panels=_panels(model, descent, surface),
    )


def _panels(model: Model, descent: Descent, surface: "_Surface") -> tuple[Panel, ...]:
    """Return a panel in the units of the columns and, if they were scaled, one of the scaled."""
    x = [f"m {name}" for name in model.x]
    # m is drawn across, although b is the first of the weights
    names = [*x, "b"] if model.training.settings.intercept else x

    def to_columns(weights: Floats) -> Floats:
        return np.array([descent.scaling.to_columns(row) for row in weights])

    if not model.training.settings.scale:
        return (surface.panel("", names, to_columns),)
    scaled = surface.panel(
        "in units of the scaled features", [f"{name}, scaled" for name in names], np.asarray
    )
    return (
        surface.panel("in units of the columns", names, to_columns),
        replace(scaled, has_equal_units=True),
    )


@dataclass(frozen=True, kw_only=True)
class _Surface:
    """What is drawn of a loss surface, in weights of the scaled features, shape (points, weights).

    Attributes
    ----------
    best_loss, gaps
        The smallest loss, and how far each contour lies above it, the largest first.
    contours, path, optimum
        The points of each contour, the epochs of the descent, and the weights with the smallest
        loss.
    order
        The positions of the weights that are drawn across and up.

    """

    best_loss: float
    gaps: Sequence[float]
    contours: Sequence[Floats]
    path: Floats
    optimum: Floats
    order: Sequence[int]

    @classmethod
    def of(cls, problem: Problem, descent: Descent, epochs: Sequence[Epoch]) -> Self:
        """Return the surface of a descent."""
        gap = max(epoch.gap for epoch in epochs) or 1.0
        gaps = [gap / RATIO**k for k in range(CONTOURS)]
        return cls(
            best_loss=problem.best_loss,
            gaps=gaps,
            contours=[contour(descent, each) for each in gaps],
            path=np.array([epoch.weights for epoch in epochs]),
            optimum=descent.optimum[np.newaxis],
            order=[1, 0] if problem.settings.intercept else [0, 1],
        )

    def panel(self, title: str, names: Sequence[str], place: Callable[[Floats], Floats]) -> Panel:
        """Return the panel of the surface in the units that `place` converts weights to."""

        def drawn(weights: Floats) -> Floats:
            return place(weights)[:, self.order].T

        curves = [
            Contour(role=Role.CONTOUR, label="", x=x, y=y, level=self.best_loss + gap)
            for gap, (x, y) in zip(self.gaps, map(drawn, self.contours), strict=True)
        ]
        path_x, path_y = drawn(self.path)
        best_x, best_y = drawn(self.optimum)
        return Panel(
            title=title,
            x=Axis(label=names[0]),
            y=Axis(label=names[1]),
            layers=(
                *curves,
                Curve(role=Role.PATH, label="path of the descent", x=path_x, y=path_y),
                Dots(role=Role.OPTIMUM, label="smallest loss", x=best_x, y=best_y),
            ),
        )


def contour(descent: Descent, gap: float) -> Floats:
    """Return the weights with a gap to the smallest loss, shape (points, weights)."""
    compressed = descent.compressed
    _, singular, V = np.linalg.svd(compressed.X, full_matrices=False)
    angle = np.linspace(0, 2 * np.pi, CONTOUR_POINTS)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    return np.asarray(descent.optimum + np.sqrt(compressed.n_rows * gap) * (circle / singular) @ V)
