"""What is answered for a row: the prediction, and on request its interval and a flag."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linreg_cli.model import Model
from linreg_cli.prediction import predict_block
from linreg_cli.training_range import TrainingRange

if TYPE_CHECKING:  # a prediction for a typed value starts without NumPy
    from linreg_cli.block import Block
    from linreg_cli.intervals import Floats, Uncertainty

INSIDE, OUTSIDE, FAR = "inside", "outside", "high leverage"


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The columns that are answered.

    Attributes
    ----------
    model
        Whose predictions.
    interval, mean_interval
        The interval of a prediction, and that of the mean, if they are wanted.
    flag
        What a column needs that tells where a row lies in the training rows' range, if it is
        wanted.

    """

    model: Model
    interval: "Uncertainty | None" = None
    mean_interval: "Uncertainty | None" = None
    flag: "Uncertainty | None" = None

    @property
    def is_plain(self) -> bool:
        """Tell whether the prediction alone is answered."""
        return self.interval is self.mean_interval is self.flag is None

    def names(self, column: str) -> list[str]:
        """Name the columns, of which the first is called `column`."""
        ends = ("lower", "upper")
        of_mean = "mean_" if self.interval else ""  # where both are there, their names differ
        suffixes = [
            *(ends if self.interval else ()),
            *(f"{of_mean}{end}" for end in (ends if self.mean_interval else ())),
            *(["extrapolation"] if self.flag else []),
        ]
        return [column, *(f"{column}_{suffix}" for suffix in suffixes)]

    def rows(self, block: "Block", decimal: str = ".") -> Iterator[Sequence[str]]:
        """Answer each row of a block: numbers in the shortest form that reads back the same."""

        def written(numbers: "Floats") -> list[str]:
            texts = map(repr, numbers.tolist())
            return list(texts if decimal == "." else (t.replace(".", decimal) for t in texts))

        predictions = predict_block(self.model.slopes, self.model.b, block)
        columns = [written(predictions)]
        halves = [self.interval.of_rows(block)] if self.interval else []
        halves += [self.mean_interval.of_means(block)] if self.mean_interval else []
        for half in halves:
            columns += [written(predictions - half), written(predictions + half)]
        if self.flag:
            columns.append(self._flags(block, self.flag))
        return zip(*columns, strict=True)

    def _flags(self, block: "Block", uncertainty: "Uncertainty") -> list[str]:
        is_far = uncertainty.leverages(block) > uncertainty.leverage_bound
        is_outside = TrainingRange(self.model).are_outside(block)
        return [
            self._flag(row, is_far=far)
            for row, far in zip(is_outside.tolist(), is_far.tolist(), strict=True)
        ]

    def _flag(self, is_outside: Sequence[bool], *, is_far: bool) -> str:
        if any(is_outside):
            names = (x for x, out in zip(self.model.x, is_outside, strict=True) if out)
            return f"{OUTSIDE}: {'; '.join(names)}"
        return FAR if is_far else INSIDE
