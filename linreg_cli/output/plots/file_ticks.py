"""The numbers on the axes of a picture file."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from linreg_cli.errors import DataError
from linreg_cli.output.plots.picture import Scale
from linreg_cli.output.plots.scales import place, round_values, with_room
from linreg_cli.output.terminal import cut, escape

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis as MatplotlibAxis
    from matplotlib.ticker import MaxNLocator

_MAX_TICKS = 6
_LARGEST = 1e300
"""The largest number that matplotlib can draw: it adds margins, and takes differences."""
_MINUS = "\N{MINUS SIGN}"
_LONGEST_NAME = 20
"""Characters of a name below an axis."""
_UPRIGHT_CHARACTERS = 1.6
"""The room of an upright name, in characters."""
_GAP = 2
"""Characters between numbers below an axis."""


def set_ticks(axis: "MatplotlibAxis", scale: Scale, characters: float = math.inf) -> None:
    """Set the numbers of an axis with room for this number of characters along it."""
    from matplotlib.ticker import FuncFormatter

    if scale == "log":  # those of matplotlib are powers of ten
        return
    if scale == "linear":
        low, high = axis.get_data_interval()
        if max(abs(low), abs(high)) > _LARGEST:
            raise DataError(
                "numbers beyond 1e300 cannot be drawn in a picture file",
                hint="Without --output they are drawn in the terminal.",
            )
        if with_room(low, high) != (low, high):
            axis.set_view_interval(*with_room(low, high), ignore=True)
        axis.set_major_locator(_locator(*axis.get_view_interval(), characters))
    else:
        low, high = place(np.array(axis.get_view_interval()), scale).tolist()
        axis.set_ticks(round_values(low, high, scale).tolist())
    axis.set_major_formatter(FuncFormatter(lambda value, _: _number(value)))


def set_names(ax: "Axes", names: Sequence[str], characters: float) -> None:
    """Write names below the values 0, 1, 2, ... of the x axis, upright if they are long.

    Where there are too many for the room, some are left out.
    """
    texts = [cut(escape(name), _LONGEST_NAME) for name in names]
    is_upright = sum(_GAP + len(text) for text in texts) > characters
    step = math.ceil(len(texts) * _UPRIGHT_CHARACTERS / characters) if is_upright else 1
    ax.set_xticks(
        range(0, len(texts), step),
        labels=texts[::step],
        rotation=90 if is_upright else 0,
        parse_math=False,
    )


def _locator(low: float, high: float, characters: float) -> "MaxNLocator":
    """Return the locator of as many round values between two as have room beside each other."""
    from matplotlib.ticker import MaxNLocator

    def locator(most: int) -> MaxNLocator:
        return MaxNLocator(nbins=most, steps=[1, 2, 2.5, 5, 10])

    def length(most: int) -> int:
        values = locator(most).tick_values(low, high)
        return sum(_GAP + len(_number(value)) for value in values if low <= value <= high)

    return locator(next((n for n in range(_MAX_TICKS, 1, -1) if length(n) <= characters), 1))


def _number(value: float) -> str:
    return f"{value:,.12g}".replace("-", _MINUS)
