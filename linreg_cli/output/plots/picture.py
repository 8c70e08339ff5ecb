"""A picture as values: panels with axes, and layers of arrays."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal, TypeAlias

import numpy as np

from linreg_cli.exact import Floats, Int64s

Scale: TypeAlias = Literal["linear", "log", "from zero"]

FEW_DOTS = 50
"""Up to this number, dots are drawn larger, and over lines."""


class Role(Enum):
    """What a layer stands for; text and picture files have a look for each role."""

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
    """The area between two curves: x, lower and upper of shape (points,)."""

    role: Role
    label: str
    x: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class Density:
    """The number of points in each bin: counts of shape (len(x_edges) - 1, len(y_edges) - 1)."""

    role: Role
    label: str
    counts: Int64s
    x_edges: Floats
    y_edges: Floats


Layer: TypeAlias = Dots | Curve | Band | Density


@dataclass(frozen=True, kw_only=True)
class Axis:
    """An axis.

    Attributes
    ----------
    label
        The text beside the axis; column names are as in the file.
    scale
        ``from zero`` places a value by the logarithm of 1 + value, so it can show 0.
    names
        The names of the values 0, 1, 2, ..., if these are not numbers.

    """

    label: str
    scale: Scale = "linear"
    names: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Two axes and the layers between them.

    Attributes
    ----------
    x, y
        The axes.
    layers
        The layers, the lowest first.
    title
        The text above the panel.
    has_equal_units
        Whether a unit has the same length on both axes.

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
        The panels in the order of reading.
    notes
        What the picture does not show, and why.

    """

    title: tuple[str, ...]
    panels: tuple[Panel, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_finite(self) -> bool:
        """Whether all numbers of its layers are finite."""
        return all(
            bool(np.isfinite(values).all())
            for panel in self.panels
            for layer in panel.layers
            for values in vars(layer).values()
            if isinstance(values, np.ndarray)
        )
