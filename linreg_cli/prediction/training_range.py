"""Which values lie outside the range that the training rows had."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linreg_cli.exact import ExactDecimal, power_of_ten

if TYPE_CHECKING:  # a prediction for a typed value starts without NumPy
    import numpy as np
    import numpy.typing as npt

    from linreg_cli.exact import Block
    from linreg_cli.model import Model


@dataclass(frozen=True)
class TrainingRange:
    """Counts values outside the range of training, by feature.

    Attributes
    ----------
    model
        Whose range.
    outside
        How many values were outside so far, by feature.

    """

    model: "Model"
    outside: Counter[str] = field(default_factory=Counter)

    def count_row(self, values: Sequence[ExactDecimal]) -> None:
        """Count a row of typed values, in the order of the model's x."""
        for name, value in zip(self.model.x, values, strict=True):
            low, high = self._bounds(name, value.decimals)
            self.outside[name] += not low <= value.integer <= high

    def count_block(self, block: "Block") -> None:
        """Count the rows of a block, whose columns are the model's x."""
        counts = self.are_outside(block).sum(axis=0).tolist()
        self.outside.update(dict(zip(self.model.x, counts, strict=True)))

    def are_outside(self, block: "Block") -> "npt.NDArray[np.bool_]":
        """Tell which values of a block are outside, shape (rows, features)."""
        import numpy as np

        outside = np.zeros(block.values.shape, np.bool_)
        for j, name in enumerate(self.model.x):
            low, high = self._bounds(name, block.decimals[j])
            column = block.values[:, j]
            outside[:, j] = (column < low) | (column > high)
        return outside

    def warnings(self) -> list[str]:
        """Say in one line for each feature how many values were outside, and of what range."""
        return [
            f"{name}: {count:,} value{'' if count == 1 else 's'} outside the training range "
            f"{' to '.join(map(str, self.model.moments.range_of(name)))}"
            for name, count in self.outside.items()
            if count
        ]

    def _bounds(self, name: str, decimals: int) -> tuple[int, int]:
        """Give the smallest and largest integers with so many decimals that are inside."""
        low, high = self.model.moments.range_of(name)
        return -_floor(ExactDecimal(-low.integer, low.decimals), decimals), _floor(high, decimals)


def _floor(value: ExactDecimal, decimals: int) -> int:
    return value.integer * power_of_ten(decimals) // power_of_ten(value.decimals)
