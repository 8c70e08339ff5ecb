"""The options of linreg train that are the settings of the model file, made from their fields."""

from inspect import Parameter
from typing import Annotated, Any, Self, get_args, get_origin

import typer

from linreg_cli.commands import parsers
from linreg_cli.commands.option_groups import OptionGroup
from linreg_cli.commands.option_kinds import choice
from linreg_cli.commands.shared_options import LEARNING, VALIDATION
from linreg_cli.model import Settings

_TYPES = Settings.__annotations__


def _bounds(name: str) -> parsers.Bounds:
    """Return the bounds of a setting that is a number."""
    ends = Settings.ends_of(name)
    return parsers.Bounds(at_least=ends.ge, above=ends.gt, at_most=ends.le, below=ends.lt)


_OPTIONS = {
    "solver": choice(get_args(_TYPES["solver"]), "Method that computes the weights.", LEARNING),
    "learning_rate": typer.Option(
        parser=parsers.learning_rate,
        metavar="NUMBER|auto",
        help="Step size. The gradient has the factor 2, since the loss is the mean squared "
        "error: for the alpha of a course whose loss is 1/(2n) times the sum of the squared "
        "errors, give alpha / 2. auto halves the error in the steepest direction in every epoch.",
        rich_help_panel=LEARNING,
    ),
    "epochs": typer.Option(
        parser=parsers.whole(_bounds("epochs")),
        metavar="N",
        help="Maximum number of epochs.",
        rich_help_panel=LEARNING,
    ),
    "tolerance": typer.Option(
        parser=parsers.number(_bounds("tolerance")),
        metavar="NUMBER",
        help="Stop when the distance to the optimum is this fraction of the initial distance.",
        rich_help_panel=LEARNING,
    ),
    "scale": typer.Option(
        help="Standardize the features during training.", rich_help_panel=LEARNING
    ),
    "intercept": typer.Option(
        help="Learn the intercept b. Without it, b is 0.", rich_help_panel=LEARNING
    ),
    "start": choice(get_args(_TYPES["start"]), "Initial weights.", LEARNING),
    "seed": typer.Option(
        parser=parsers.whole(_bounds("seed")),
        metavar="N",
        help="Random seed for --start random, --test-fraction and --folds.",
        rich_help_panel=LEARNING,
    ),
    "l2": typer.Option(
        parser=parsers.penalties,
        metavar="NUMBER[,NUMBER...]",
        help="Ridge penalty: this number times the sum of the squared weights of the scaled "
        "features (of the features as they are with --no-scale) is added to the loss. "
        "Ridge(alpha=l2 * rows) in scikit-learn. With several numbers, cross-validation (--folds) "
        "chooses one.",
        show_default="0",
        rich_help_panel=LEARNING,
    ),
    "test_fraction": typer.Option(
        parser=parsers.share,
        metavar="NUMBER",
        help="Fraction of the rows for testing only, for example 0.2 for 20 %.",
        show_default=False,
        rich_help_panel=VALIDATION,
    ),
    "folds": typer.Option(
        # 0 is: no cross-validation
        parser=parsers.whole(parsers.Bounds(at_least=2, at_most=_bounds("folds").at_most)),
        metavar="N",
        help="Number of cross-validation folds.",
        show_default=False,
        rich_help_panel=VALIDATION,
    ),
}
"""The option of each setting, in the order of the help."""


class SettingOptions(OptionGroup, frozen=True):
    """The settings that the options ask for."""

    settings: Settings

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        """Return a parameter for each setting, with its default."""
        default = Settings()
        return tuple(
            Parameter(
                name,
                Parameter.KEYWORD_ONLY,
                default=getattr(default, name),
                annotation=Annotated[_plain_type(name), option],
            )
            for name, option in _OPTIONS.items()
        )

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of the settings that have an option."""
        return tuple(_OPTIONS)

    @classmethod
    def from_context(cls, context: typer.Context) -> Self:
        """Return the settings of a command line."""
        return cls(Settings(**{name: context.params[name] for name in cls.names()}))


def _plain_type(name: str) -> Any:  # noqa: ANN401 - of any setting
    """Return the type of a setting without its bounds, which the parser has."""
    kind: Any = _TYPES[name]
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind
