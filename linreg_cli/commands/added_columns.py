"""The columns that linreg predict adds beside the prediction: their options, and what they need."""

import shlex
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace

from linreg_cli.commands.option_groups import OptionGroup
from linreg_cli.commands.option_kinds import flag
from linreg_cli.commands.parsers import Bounds, share, whole
from linreg_cli.commands.shared_options import OUTPUT
from linreg_cli.errors import UsageError

if TYPE_CHECKING:
    from linreg_cli.design import Inverse
    from linreg_cli.model import GroupedModel, Model
    from linreg_cli.prediction import GroupedColumns, PredictionColumns


class AddedColumns(OptionGroup, frozen=True, kw_only=True):
    """The columns to add, and how their numbers are written."""

    interval: Annotated[
        float | None,
        typer.Option(
            parser=share,
            metavar="NUMBER",
            help="Add the prediction interval for a new row, for example 0.95 for 95 %.",
            rich_help_panel=OUTPUT,
        ),
    ] = None
    confidence: Annotated[
        float | None,
        typer.Option(
            parser=share,
            metavar="NUMBER",
            help="Add the confidence interval for the mean of rows with these values, for example "
            "0.95 for 95 %; with --interval, both are added.",
            rich_help_panel=OUTPUT,
        ),
    ] = None
    flag_extrapolation: Annotated[
        bool,
        flag(
            "--flag-extrapolation",
            "Add a column that says which rows are outside the training range.",
            OUTPUT,
        ),
    ] = False
    residuals: Annotated[
        bool,
        flag(
            "--residuals",
            "Add the residual: the target minus the prediction. INPUT must have the target column.",
            OUTPUT,
        ),
    ] = False
    leverage: Annotated[
        bool,
        flag(
            "--leverage",
            "Add the leverage: how far a row is from the center of the training rows. It is "
            "at most 1 for a training row.",
            OUTPUT,
        ),
    ] = False
    cooks_distance: Annotated[
        bool,
        flag(
            "--cooks-distance",
            "Add Cook's distance of training rows: how much the fit changes without the row.",
            OUTPUT,
        ),
    ] = False
    digits: Annotated[
        int | None,
        typer.Option(
            parser=whole(Bounds(at_least=1, at_most=17)),
            metavar="N",
            help="Round the added numbers to N significant digits, not N decimal places: with 4, "
            "199554.7 is 199600 and 0.0123456 is 0.01235.",
            show_default="all digits",
            rich_help_panel=OUTPUT,
        ),
    ] = None

    inverse: Annotated[
        bool,
        flag(
            "--inverse",
            "For a model of a transformed target, such as log(price): predict the price.",
            OUTPUT,
        ),
    ] = False

    def of(self, model: "Model", name: str) -> "PredictionColumns":
        """Return the columns of a model, which was read from the file `name`.

        Raises
        ------
        UsageError
            If a column is defined for least squares only, and the model has a ridge penalty.

        """
        columns = self._plain(model)
        needs_leverage = self.leverage or self.flag_extrapolation
        if not (self.interval or self.confidence or needs_leverage or self.cooks_distance):
            return columns  # nothing else is imported: predictions start fast
        self._refuse_ridge(model, name)
        from linreg_cli.prediction import CooksDistance, Leverages, RowsFit, Uncertainty

        fit = RowsFit.of(model)
        leverages = Leverages.of_fit(fit) if needs_leverage else None
        return replace(
            columns,
            interval=Uncertainty.of_fit(fit, self.interval) if self.interval else None,
            mean_interval=Uncertainty.of_fit(fit, self.confidence) if self.confidence else None,
            leverages=leverages if self.leverage else None,
            cooks_distance=CooksDistance.of_fit(fit) if self.cooks_distance else None,
            flag=leverages if self.flag_extrapolation else None,
        )

    def of_groups(self, model: "GroupedModel", name: str) -> "GroupedColumns":
        """Return the columns of a model of groups, which was read from the file `name`.

        Raises
        ------
        UsageError
            As `of`.
        FitError
            If no group has these columns.

        """
        from linreg_cli.prediction import GroupedColumns

        return GroupedColumns.of(model, lambda each: self.of(each, name), self._plain)

    def _plain(self, model: "Model") -> "PredictionColumns":
        """Return the columns that every model has."""
        from linreg_cli.prediction import PredictionColumns

        columns = PredictionColumns(model=model, has_residuals=self.residuals, digits=self.digits)
        return replace(columns, inverse=self._inverse(model)) if self.inverse else columns

    def _refuse_ridge(self, model: "Model", name: str) -> None:
        for option, is_asked in (
            ("--leverage", self.leverage),
            ("--cooks-distance", self.cooks_distance),
        ):
            if is_asked and model.training.l2:
                raise UsageError(
                    f"{option} is defined for least squares only, and the model was trained with "
                    f"--l2 {model.training.l2:g}",
                    hint=f"linreg train {shlex.quote(name)} --l2 0 --solver exact "
                    "-o least-squares.json",
                )

    def _inverse(self, model: "Model") -> "Inverse":
        """Return the inverse of the target of a model."""
        from linreg_cli.commands.original_scale import inverse_of

        inverse = inverse_of(model)
        if self.residuals:
            raise UsageError(
                "--inverse and --residuals cannot be used together",
                hint="Leave out one of the two.",
            )
        return inverse
