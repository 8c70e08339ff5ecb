"""The plot of the loss over two weights: contours, and the path of the descent.

The loss is quadratic, so a contour is an ellipse and is drawn from its formula: with
X = U S Vᵀ, the weights w* + V S⁻¹ c √(n·gap), for all c of length 1, are those whose loss is `gap`
above the smallest. Source: S. Boyd and L. Vandenberghe, Convex Optimization (2004),
section 2.2.2.
"""

from collections.abc import Callable, Sequence

import numpy as np

from linreg_cli.errors import FitError, UsageError
from linreg_cli.exact import Floats
from linreg_cli.model import Model
from linreg_cli.output.plots.picture import Axis, Contour, Curve, Dots, Panel, Picture, Role
from linreg_cli.output.plots.retrace import retrace
from linreg_cli.training import Descent, explain_dependencies, remedy

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
        why = explain_dependencies(problem.moments, problem.solution)
        raise FitError(
            f"no loss surface: the least-squares solution is not unique: {why}",
            hint=remedy(problem.moments, problem.solution),
        )
    path = np.array([epoch.weights for epoch in epochs])
    gap = max(epoch.gap for epoch in epochs) or 1.0
    gaps = [gap / RATIO**k for k in range(CONTOURS)]
    contours = [contour(descent, each) for each in gaps]
    # m is drawn across, although b is the first of the weights
    order = [1, 0] if has_intercept else [0, 1]
    names = [f"m {model.x[0]}", "b"] if has_intercept else [f"m {name}" for name in model.x]

    def panel(
        title: str,
        names: Sequence[str],
        place: Callable[[Floats], Floats],
        *,
        has_equal_units: bool = False,
    ) -> Panel:
        x, y = place(path)[:, order].T
        best_x, best_y = place(descent.optimum[np.newaxis])[:, order].T
        curves = [
            Contour(role=Role.CONTOUR, label="", x=m, y=b, level=problem.best_loss + each)
            for each, line in zip(gaps, contours, strict=True)
            for m, b in [place(line)[:, order].T]
        ]
        return Panel(
            title=title,
            has_equal_units=has_equal_units,
            x=Axis(label=names[0]),
            y=Axis(label=names[1]),
            layers=(
                *curves,
                Curve(role=Role.PATH, label="path of the descent", x=x, y=y),
                Dots(role=Role.OPTIMUM, label="smallest loss", x=best_x, y=best_y),
            ),
        )

    def to_columns(weights: Floats) -> Floats:
        return np.array([descent.scaling.to_columns(row) for row in weights])

    panels = [panel("", names, to_columns)]
    if model.training.settings.scale:
        scaled = [f"{name}, scaled" for name in names]
        panels = [
            panel("in units of the columns", names, to_columns),
            panel(
                "in units of the scaled features",
                scaled,
                lambda weights: weights,
                has_equal_units=True,
            ),
        ]
    return Picture(
        title=(
            f"loss of {model.y} from {' and '.join(model.x)}: smallest {problem.best_loss:.6g}",
            f"contours: {gap:.3g} above the smallest, then a quarter of this gap, and so on",
        ),
        panels=tuple(panels),
    )


def contour(descent: Descent, gap: float) -> Floats:
    """Return the weights with a gap to the smallest loss, shape (points, weights)."""
    compressed = descent.compressed
    _, singular, V = np.linalg.svd(compressed.X, full_matrices=False)
    angle = np.linspace(0, 2 * np.pi, CONTOUR_POINTS)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    return np.asarray(descent.optimum + np.sqrt(compressed.n_rows * gap) * (circle / singular) @ V)
