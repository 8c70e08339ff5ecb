"""What was learned: the weights, how they were trained, and the sums they come from.

Each class is one object of the model file, so its fields are the file's fields.
"""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from linreg_cli.stored_sums import Count, Record, StoredSums

FORMAT: Final = "linreg-model"
VERSION: Final = 1

NonNegative = Annotated[float, Field(ge=0)]


class Settings(Record):
    """What was asked of the training: the same sums and settings give the same model.

    All but `solver` and `intercept` are gradient descent's alone.
    """

    solver: Literal["gradient-descent", "exact"] = "gradient-descent"
    intercept: bool = True
    scale: bool = True
    learning_rate: Annotated[float, Field(gt=0)] | Literal["auto"] = "auto"
    epochs: Count = 5000
    tolerance: NonNegative = 1e-12
    start: Literal["zeros", "random"] = "zeros"
    seed: Count = 0


class Training(Record):
    """How the training went."""

    settings: Settings
    learning_rate: float | None = None
    epochs: Count = 0
    stopped: Literal["converged", "out of epochs", "interrupted", "exact"]
    loss: NonNegative
    best_loss: NonNegative
    history: tuple[tuple[Count, NonNegative], ...] = ()


class Model(Record):
    """A line or plane: the prediction is b plus the sum of m times x."""

    format: Literal["linreg-model"] = FORMAT
    version: Literal[1] = VERSION
    y: str
    x: Annotated[tuple[str, ...], Field(min_length=1)]
    m: float | dict[str, float]
    b: float
    training: Training
    sums: StoredSums

    @model_validator(mode="after")
    def _names_agree(self) -> Self:
        if len({*self.x, self.y}) != len(self.x) + 1:
            raise ValueError("a column occurs twice in 'x' and 'y'")
        if self.sums.columns != (*self.x, self.y):
            raise ValueError("'sums' is of other columns than 'x' and 'y'")
        if isinstance(self.m, dict) and tuple(self.m) != self.x:
            raise ValueError("'m' must have one number for each name in 'x', in that order")
        if not isinstance(self.m, dict) and len(self.x) > 1:
            raise ValueError("'m' must be an object with a number for each name in 'x'")
        return self

    @property
    def slopes(self) -> tuple[float, ...]:
        """The weight m of each feature, in the order of x."""
        return tuple(self.m.values()) if isinstance(self.m, dict) else (self.m,)
