"""The settings of a training, each declared once: type, bounds and default.

The options of `linreg train` and the object ``training.settings`` of the model file are made from
these fields.
"""

from typing import Annotated, Literal, Self, get_args

from msgspec import Meta

from linreg_cli.model.record import LARGEST, Count, NonNegative, Record

MAX_EPOCHS = 10**18
"""More epochs than any descent takes; float64 and int64 hold the number."""
MAX_FOLDS = 1000
"""More folds than any cross-validation needs."""


class Settings(Record, frozen=True, kw_only=True):
    """What was asked of the training: the same moments and settings give the same model.

    Attributes
    ----------
    solver
        How the weights are found.
    intercept
        Whether b is learned; it is 0 otherwise.
    scale
        Whether the features are standardized during training.
    learning_rate
        The step size, or ``auto``.
    epochs
        The maximum number of epochs.
    tolerance
        The distance to the optimum at which gradient descent has converged, as a fraction of the
        initial distance.
    start
        The initial weights.
    seed
        The random seed for the initial weights and for the assignment of rows.
    l2
        The ridge penalties; with several, cross-validation chooses.
    test_fraction
        The fraction of the rows for testing only; 0 for none.
    folds
        The number of cross-validation folds; 0 for no cross-validation.

    """

    solver: Literal["gradient-descent", "exact"] = "gradient-descent"
    intercept: bool = True
    scale: bool = True
    learning_rate: Annotated[float, Meta(gt=0, le=LARGEST)] | Literal["auto"] = "auto"
    epochs: Annotated[int, Meta(ge=0, le=MAX_EPOCHS)] = 5000
    tolerance: NonNegative = 1e-12
    start: Literal["zeros", "random"] = "zeros"
    seed: Count = 0
    l2: Annotated[tuple[NonNegative, ...], Meta(min_length=1)] = (0.0,)
    test_fraction: Annotated[float, Meta(ge=0, lt=1)] = 0.0
    folds: Annotated[int, Meta(ge=0, le=MAX_FOLDS)] = 0

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of the settings."""
        return cls.__struct_fields__

    @classmethod
    def ends_of(cls, name: str) -> Meta:
        """Return the range of a setting that is a number."""
        return next(each for each in get_args(cls.__annotations__[name]) if isinstance(each, Meta))

    def without_effect(self) -> dict[str, str]:
        """Return the settings that have no effect, each with the options that make it so."""
        is_exact = self.solver == "exact"
        solver = "--solver exact" if is_exact else f"--start {self.start}"
        found: dict[str, str] = {}
        if is_exact:
            found |= dict.fromkeys(("learning_rate", "epochs", "tolerance", "start"), solver)
            if not any(self.l2):
                found["scale"] = f"{solver}, without --l2"
        if not (self.test_fraction or self.folds) and (is_exact or self.start == "zeros"):
            found["seed"] = f"{solver}, without --test-fraction or --folds"
        return found

    def effective(self) -> Self:
        """Return the same settings, with the default for those that have no effect."""
        default = type(self)()
        return self.changed(**{name: getattr(default, name) for name in self.without_effect()})
