"""The settings of a training, each declared once: type, bounds and default.

The options of `linreg train` and the object ``training.settings`` of the model file are made from
these fields. Pydantic is not imported here, so that the command line starts without it.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self

MAX_EPOCHS = 10**18
"""More epochs than any descent takes; float64 and int64 hold the number."""
MAX_FOLDS = 1000
"""More folds than any cross-validation needs."""


class Bounds(NamedTuple):
    """The range of a number, as Pydantic checks it; None for an end that is open."""

    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None

    def __get_pydantic_core_schema__(
        self, source: object, schema_of: Callable[[object], dict[str, Any]]
    ) -> dict[str, Any]:
        """Return Pydantic's description of the number."""
        ends = {"ge": self.at_least, "gt": self.above, "le": self.at_most, "lt": self.below}
        return schema_of(source) | {name: end for name, end in ends.items() if end is not None}


class NotEmpty:
    """What Pydantic checks of a tuple with one item or more."""

    def __get_pydantic_core_schema__(
        self, source: object, schema_of: Callable[[object], dict[str, Any]]
    ) -> dict[str, Any]:
        """Return Pydantic's description of the tuple."""
        return schema_of(source) | {"min_length": 1}


@dataclass(frozen=True, kw_only=True)
class Settings:
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

    __pydantic_config__: ClassVar[dict[str, Any]] = {
        "extra": "forbid",
        "strict": True,
        "allow_inf_nan": False,
        "revalidate_instances": "always",
    }

    solver: Literal["gradient-descent", "exact"] = "gradient-descent"
    intercept: bool = True
    scale: bool = True
    learning_rate: Annotated[float, Bounds(above=0)] | Literal["auto"] = "auto"
    epochs: Annotated[int, Bounds(at_least=0, at_most=MAX_EPOCHS)] = 5000
    tolerance: Annotated[float, Bounds(at_least=0)] = 1e-12
    start: Literal["zeros", "random"] = "zeros"
    seed: Annotated[int, Bounds(at_least=0)] = 0
    l2: Annotated[tuple[Annotated[float, Bounds(at_least=0)], ...], NotEmpty()] = (0.0,)
    test_fraction: Annotated[float, Bounds(at_least=0, below=1)] = 0.0
    folds: Annotated[int, Bounds(at_least=0, at_most=MAX_FOLDS)] = 0

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of the settings."""
        return tuple(field.name for field in fields(cls))

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
        return replace(self, **{name: getattr(default, name) for name in self.without_effect()})
