"""A picture as values: panels with axes, and layers of arrays that any drawer can draw."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from linreg_cli.exact import Floats

Counts: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Scale: TypeAlias = Literal["linear", "log", "from zero"]

FEW_DOTS = 50
"""So few are drawn larger, and over lines."""


class Role(Enum):
    """What a layer stands for; each drawer has a look for each role."""

    ROWS = auto()
    TEST_ROWS = auto()
    DENSITY = auto()
    EXTREMES = auto()
    LINE = auto()
    CONFIDENCE = auto()
    PREDICTION = auto()
    REFERENCE = auto()
    NORMAL = auto()
    LOSS = auto()
    TEST_LOSS = auto()
    CONTOUR = auto()
    PATH = auto()
    OPTIMUM = auto()


@dataclass(frozen=True, eq=False, kw_only=True)
class Dots:
    """Points: x and y of shape (points,)."""

    role: Role
    label: str
    x: Floats
    y: Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class Curve:
    """Points joined by a line: x and y of shape (points,)."""

    role: Role
    label: str
    x: Floats
    y: Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class Contour(Curve):
    """A closed curve around the places where a loss is less than `level`."""

    level: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Band:
    """What lies between two curves: x, lower and upper of shape (points,)."""

    role: Role
    label: str
    x: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class Density:
    """How many points lie in each bin: counts of shape (len(x_edges) - 1, len(y_edges) - 1)."""

    role: Role
    label: str
    counts: Counts
    x_edges: Floats
    y_edges: Floats


Layer: TypeAlias = Dots | Curve | Band | Density


@dataclass(frozen=True, kw_only=True)
class Axis:
    """What an axis shows.

    Attributes
    ----------
    label
        In words; names of columns are as they are in the file.
    scale
        ``from zero`` places a value by the logarithm of 1 + value, and so has room for 0.

    """

    label: str
    scale: Scale = "linear"


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Axes and what is drawn between them.

    Attributes
    ----------
    x, y
        The axes.
    layers
        The lowest first.
    title
        Above the panel.
    has_equal_units
        Whether a unit is to be as long across as upwards.

    """

    x: Axis
    y: Axis
    layers: tuple[Layer, ...]
    title: str = ""
    has_equal_units: bool = False


@dataclass(frozen=True, kw_only=True)
class Picture:
    """Panels under a title.

    Attributes
    ----------
    title
        The lines above the panels.
    panels
        In the order of reading.
    notes
        What the picture cannot show, and why.

    """

    title: tuple[str, ...]
    panels: tuple[Panel, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_finite(self) -> bool:
        """Tell whether all numbers of its layers are finite."""
        return all(
            bool(np.isfinite(values).all())
            for panel in self.panels
            for layer in panel.layers
            for values in vars(layer).values()
            if isinstance(values, np.ndarray)
        )
