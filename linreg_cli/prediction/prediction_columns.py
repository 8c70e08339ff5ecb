"""The columns that a prediction writes for a row: the prediction, and on request others."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from linreg_cli.design import ComputedColumns
from linreg_cli.exact import ExactDecimal, predict_block, predict_exactly
from linreg_cli.model import Model
from linreg_cli.prediction.training_range import TrainingRange

if TYPE_CHECKING:  # a prediction for a typed value starts without NumPy
    from linreg_cli.design import Inverse, Levels, TextInput
    from linreg_cli.exact import Block, Floats, Ratio
    from linreg_cli.prediction.influence import CooksDistance
    from linreg_cli.prediction.intervals import Uncertainty
    from linreg_cli.prediction.leverages import Leverages
    from linreg_cli.reading.csv import Rows

INSIDE, OUTSIDE, FAR = "inside", "outside", "high leverage"


class PredictionColumns(Struct, frozen=True, kw_only=True, dict=True):
    """The columns to write, and what they are computed from.

    Attributes
    ----------
    model
        The model that predicts.
    interval, mean_interval
        What the interval of a new row needs, and that of the mean of such rows, if they are
        wanted.
    has_residuals
        Whether the target less the prediction is wanted.
    leverages, cooks_distance
        What these columns need, if they are wanted.
    flag
        What the column needs that says whether a row is in the training range, if it is wanted.
    digits
        The number of significant digits; None for all.
    inverse
        The target whose column is wanted in its place; None for the target itself.

    """

    model: Model
    interval: "Uncertainty | None" = None
    mean_interval: "Uncertainty | None" = None
    has_residuals: bool = False
    leverages: "Leverages | None" = None
    cooks_distance: "CooksDistance | None" = None
    flag: "Leverages | None" = None
    digits: int | None = None
    inverse: "Inverse | None" = None

    @property
    def is_single(self) -> bool:
        """Whether the prediction, as the model makes it, is the only column."""
        wanted = (self.interval, self.mean_interval, self.has_residuals, self.leverages)
        return not any((*wanted, self.cooks_distance, self.flag, self.inverse))

    @property
    def is_plain(self) -> bool:
        """Whether the prediction is the only column, with all its digits."""
        return self.is_single and self.digits is None

    @cached_property
    def computed(self) -> ComputedColumns:
        """How the features that are numbers, and the `extras`, are computed from the file."""
        known = self.model.known_levels
        if known is None:
            return ComputedColumns(names=(*self.model.x, *self.extras), terms={})
        return known.design.columns_of((*known.design.numbers, *self.extras))

    @property
    def inputs(self) -> tuple[str, ...]:
        """The columns that are read: categories first, the target and the weights, if any, last."""
        known = self.model.known_levels
        return (*(known.design.categories if known else ()), *self.computed.input_names)

    @property
    def features_read(self) -> tuple[str, ...]:
        """The columns that the features are computed from, categories first."""
        known = self.model.known_levels
        names = (*(known.design.categories if known else ()), *self.computed.input_names)
        return names[: len(names) - self.optional_inputs]

    @property
    def optional_inputs(self) -> int:
        """How many of the columns that are read only the `extras` need: a row may lack these."""
        return self.computed.optional_inputs(len(self.extras))

    @property
    def keys(self) -> int:
        """How many of the columns that are read are the key of a group."""
        return 0

    @property
    def texts(self) -> int:
        """How many of the columns that are read, the first ones, are texts."""
        known = self.model.known_levels
        return len(known.design.categories) if known else 0

    @property
    def text_inputs(self) -> "Mapping[str, TextInput]":
        """The columns that are functions of texts, by name."""
        return self.computed.texts

    @property
    def written_inputs(self) -> tuple[str, ...]:
        """The columns of the file that are read, in the order in which they were written."""
        known = self.model.known_levels
        extras = list(self.extras)
        if known and self.model.y in extras:
            extras[:1] = known.design.target_columns(self.model.y)
        return tuple(dict.fromkeys([*self.typed_inputs, *extras]))

    @property
    def typed_inputs(self) -> tuple[str, ...]:
        """The columns whose values are typed, in the order in which the features were written."""
        known = self.model.known_levels
        return known.columns if known else self.model.x

    @property
    def functions(self) -> dict[str, str]:
        """The functions of texts by their columns: what is typed for these is a text."""
        return {each.column: each.function for each in self.computed.texts.values()}

    @property
    def levels(self) -> "Levels":
        """The levels of the columns that are categories."""
        known = self.model.known_levels
        return known.levels if known else {}

    @property
    def extras(self) -> tuple[str, ...]:
        """The target and the weights, if they are needed: a row may lack their cells."""
        needs_target = self.has_residuals or self.cooks_distance
        weights = self.model.moments.weights
        needs_weights = weights and (self.leverages or self.cooks_distance)
        return (
            *([self.model.y] if needs_target else []),
            *([weights.column] if weights and needs_weights else []),
        )

    @property
    def predicted(self) -> str:
        """The name of what is predicted."""
        return self.model.y if self.inverse is None else self.inverse.column

    def names(self, column: str) -> list[str]:
        """Return the names of the columns; the first is `column`."""
        ends = ("lower", "upper")
        of_mean = "mean_" if self.interval else ""  # where both are there, their names differ
        suffixes = [
            *(ends if self.interval else ()),
            *(f"{of_mean}{end}" for end in (ends if self.mean_interval else ())),
            *(["residual"] if self.has_residuals else []),
            *(["leverage"] if self.leverages else []),
            *(["cooks_distance"] if self.cooks_distance else []),
            *(["extrapolation"] if self.flag else []),
        ]
        return [column, *(f"{column}_{suffix}" for suffix in suffixes)]

    def of_rows(self, rows: "Rows", decimal: str = ".") -> Iterator[Sequence[str]]:
        """Yield the texts of rows, whose block has the features and the `extras`.

        Only the target and the weight may be absent.
        """
        import numpy as np

        found = self._influence(rows.block)
        for is_absent, name in zip(rows.absent, self.extras, strict=False):
            free_of_it = "leverage" if name == self.model.y else "residual"
            for kind in found.keys() - {free_of_it}:
                found[kind] = np.where(is_absent, np.nan, found[kind])
        return self._written(rows.block, found, decimal)

    def of_block(self, block: "Block", decimal: str = ".") -> Iterator[Sequence[str]]:
        """Yield the texts of rows of features alone; each has the weight 1."""
        found = {"leverage": self.leverages.of_rows(block)} if self.leverages else {}
        return self._written(block, found, decimal)

    def _influence(self, block: "Block") -> "dict[str, Floats]":
        features = len(self.model.x)
        found = {}
        if self.has_residuals:
            found["residual"] = 0.0 - predict_block(
                self.model.plane.less_target(), block.columns(slice(features + 1))
            )
        if self.leverages:
            found["leverage"] = self.leverages.of_rows(block.columns(slice(features)))
            if self.model.moments.weights:
                from linreg_cli.prediction.influence import weights_of

                found["leverage"] = weights_of(block) * found["leverage"]
        if self.cooks_distance:
            found["cooks_distance"] = self.cooks_distance.of_rows(block)
        return found

    def _written(
        self, block: "Block", found: "dict[str, Floats]", decimal: str
    ) -> Iterator[Sequence[str]]:
        from linreg_cli.exact import Notation

        notation = Notation(decimal=decimal, digits=self.digits)
        features = len(self.model.x)
        x = block.columns(slice(features))
        plane = self.model.plane

        def exact_prediction(i: int) -> "Ratio":
            return predict_exactly(plane, _cells(x, i))

        def exact_residual(i: int) -> "Ratio":
            numerator, denominator = predict_exactly(
                plane.less_target(), _cells(block.columns(slice(features + 1)), i)
            )
            return -numerator, denominator

        predictions = predict_block(plane, x)
        columns = [
            notation.texts(predictions.tolist(), exact_prediction)
            if self.inverse is None
            else notation.texts(self.inverse.of_values(predictions.tolist()))
        ]
        halves = [self.interval.of_rows(x)] if self.interval else []
        halves += [self.mean_interval.of_means(x)] if self.mean_interval else []
        for half in halves:
            lower, upper = (predictions - half).tolist(), (predictions + half).tolist()
            if self.inverse is not None:
                lower, upper = self.inverse.of_intervals(lower, upper)
            columns += [notation.texts(lower), notation.texts(upper)]
        for kind, numbers in found.items():
            exact = exact_residual if kind == "residual" else None
            columns.append(notation.texts(numbers.tolist(), exact))
        if self.flag:
            columns.append(self._flags(x, self.flag))
        return zip(*columns, strict=True)

    def _flags(self, block: "Block", leverages: "Leverages") -> list[str]:
        is_far = leverages.of_rows(block) > leverages.bound
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


def _cells(block: "Block", i: int) -> list[ExactDecimal]:
    values = block.values[i].tolist()
    return [ExactDecimal(*cell) for cell in zip(values, block.decimals, strict=True)]
