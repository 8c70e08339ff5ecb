"""Which values lie outside the range of the training rows."""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct, field

from linreg_cli.errors import count_of
from linreg_cli.exact import FACTOR_LIMIT, ExactDecimal, power_of_ten

if TYPE_CHECKING:  # a prediction for a typed value starts without NumPy
    import numpy as np
    import numpy.typing as npt

    from linreg_cli.exact import Block
    from linreg_cli.model import Model


class TrainingRange(Struct, frozen=True, dict=True):
    """The range of each feature in the training rows of a model.

    That of a product of a level with a feature is the feature's: only the latter can be outside.
    """

    model: "Model"

    @cached_property
    def _products(self) -> frozenset[str]:
        """The products of levels with features."""
        known = self.model.known_levels
        return frozenset(
            term.name
            for term in (known.features if known else ())
            if term.levels and term.number and term.number.name in self.model.x
        )

    def is_outside(self, name: str, value: ExactDecimal) -> bool:
        """Return whether a value of a feature is outside."""
        if name in self._products:
            return False
        low, high = self.bounds(name, value.decimals)
        return not low <= value.integer <= high

    def are_outside(self, block: "Block") -> "npt.NDArray[np.bool_]":
        """Return which values of a block are outside, shape (rows, features)."""
        import numpy as np

        outside = np.zeros(block.values.shape, np.bool_)
        for j, name in enumerate(self.model.x):
            if name in self._products:
                continue
            low, high = self.bounds(name, block.decimals[j])
            column = block.values[:, j]
            outside[:, j] = (column < low) | (column > high)
        return outside

    def bounds(self, name: str, decimals: int) -> tuple[int, int]:
        """Return the smallest and the largest integer inside, as numbers with some decimals."""
        return self.ends(self.model.moments.range_of(name), decimals)

    @staticmethod
    def ends(of_values: tuple[ExactDecimal, ExactDecimal], decimals: int) -> tuple[int, int]:
        """Return the smallest and the largest integer between two numbers, with some decimals."""
        low, high = of_values
        return -_floor(ExactDecimal(-low.integer, low.decimals), decimals), _floor(high, decimals)


class OutsideCounts:
    """The number of values outside the training range of a model, by feature."""

    def __init__(self, model: "Model") -> None:
        self._model = model
        self._range = TrainingRange(model)
        self.outside = Counter[str]()
        """The number of values of each feature that were outside so far."""

    def count_row(self, values: Sequence[ExactDecimal]) -> None:
        """Count the values of a row, in the order of the model's x."""
        for name, value in zip(self._model.x, values, strict=True):
            self.outside[name] += self._range.is_outside(name, value)

    def count_block(self, block: "Block") -> None:
        """Count the values of a block, whose columns are the model's x."""
        counts = self._range.are_outside(block).sum(axis=0).tolist()
        self.outside.update(dict(zip(self._model.x, counts, strict=True)))

    def warnings(self) -> list[str]:
        """Return a line for each feature with values outside: their number, and the range."""
        return [
            f"{name}: {count_of(count, 'value')} outside the training range "
            f"{' to '.join(map(str, self._model.moments.range_of(name)))}"
            for name, count in self.outside.items()
            if count
        ]


class GroupedOutsideCounts(Struct):
    """The number of values outside the training range of their group, by feature."""

    outside: Counter[str] = field(default_factory=Counter)

    def warnings(self) -> list[str]:
        """Return a line for each feature with values outside."""
        return [
            f"{name}: {count_of(count, 'value')} outside the training range of the row's group"
            for name, count in self.outside.items()
            if count
        ]


def clip_bound(bound: int) -> int:
    """Return a bound that means the same for the integers of an int64 block."""
    return max(-FACTOR_LIMIT, min(bound, FACTOR_LIMIT))


def _floor(value: ExactDecimal, decimals: int) -> int:
    return value.integer * power_of_ten(decimals) // power_of_ten(value.decimals)
