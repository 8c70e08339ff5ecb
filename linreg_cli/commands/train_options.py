"""The options of linreg train alone that are no settings: columns, outputs, where rows are read."""

import shlex
from typing import Annotated

import typer

from linreg_cli.commands import parsers, shared_options as shared
from linreg_cli.commands.lazy_completion import complete_reference
from linreg_cli.commands.option_groups import OptionGroup
from linreg_cli.commands.option_kinds import choice, flag
from linreg_cli.design import MAX_LEVELS, canonical
from linreg_cli.errors import UsageError

MOMENTS = ("2", "4")
"""The degrees up to which products of columns can be added up; the first is the default."""


class TrainOptions(OptionGroup, frozen=True, kw_only=True):
    """What is learned from which columns, what is written, and where rows are read."""

    x: Annotated[
        list[str] | None,
        shared.column_option(
            "Feature: a column, a pattern such as 'lot_*', or a term such as 'log(lot)' or "
            "'beds:baths'. Repeatable: -x beds -x baths.",
            "--x",
            "-x",
        ),
    ] = None
    formula: Annotated[
        str | None,
        typer.Option(
            metavar="FORMULA",
            help="Target and features in place of --x and --y, such as "
            "'log(price) ~ log(sqft) + C(city)'.",
            rich_help_panel=shared.COLUMNS,
        ),
    ] = None
    category: Annotated[
        list[str] | None,
        shared.column_option(
            "Feature column to use as a category: each value is a level, and each level except "
            "the reference gets a weight. Column or pattern. Repeatable."
        ),
    ] = None
    reference: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN=LEVEL",
            autocompletion=complete_reference,
            help="Level that the other levels of a category are compared with. Repeatable.",
            show_default="first level in order",
            rich_help_panel=shared.COLUMNS,
        ),
    ] = None
    max_levels: Annotated[
        int,
        typer.Option(
            parser=parsers.whole(parsers.Bounds(at_least=1)),
            metavar="N",
            help="Maximum number of levels of a category.",
            rich_help_panel=shared.COLUMNS,
        ),
    ] = MAX_LEVELS
    without: Annotated[
        list[str] | None,
        shared.column_option(
            "Column to leave out although a pattern of --x or --category fits. Repeatable."
        ),
    ] = None
    y: Annotated[
        str | None,
        shared.column_option("Target: a column, or a transform such as 'log(price)'.", "--y", "-y"),
    ] = None
    weights: Annotated[
        str | None,
        shared.column_option(
            "Column with the weight of each row. A weight of 0 leaves the row out."
        ),
    ] = None
    by: Annotated[
        list[str] | None,
        shared.column_option(
            "Column whose values are groups: each group gets a model of its own. Repeatable: "
            "--by city --by year.",
            panel=shared.GROUPS,
        ),
    ] = None
    keep_missing: Annotated[
        bool,
        flag("--keep-missing", "Rows with a missing cell in --by are groups too.", shared.GROUPS),
    ] = False
    strict: Annotated[
        bool,
        flag(
            "--strict",
            "Exit with status 5 and write no model if a group cannot be fitted.",
            shared.GROUPS,
        ),
    ] = False
    moments: Annotated[
        str,
        choice(
            MOMENTS,
            "With 4, keep the sums of products of up to four columns: linreg show then has tests "
            "of the errors and --robust hc1 without DATA.",
            shared.LEARNING,
        ),
    ] = MOMENTS[0]
    robust: Annotated[
        str | None,
        typer.Option(
            parser=parsers.cluster_column,
            metavar="cluster:COLUMN",
            help="Keep the moments of each cluster, the rows with the same value in this column: "
            "linreg show then has --robust cluster:COLUMN without DATA.",
            show_default=False,
            rich_help_panel=shared.LEARNING,
        ),
    ] = None
    output: shared.Output = "model.json"
    quiet: shared.Quiet = False
    require_convergence: shared.RequireConvergence = False
    once: shared.Once = False
    log_every: Annotated[
        int | None,
        typer.Option(
            parser=parsers.whole(parsers.Bounds(at_least=1)),
            metavar="N",
            help="Print every Nth epoch and the last.",
            show_default="0, 1, 2, 4, 8 ...",
            rich_help_panel=shared.OUTPUT,
        ),
    ] = None
    explain: Annotated[
        bool,
        flag(
            "--explain",
            "Print the calculations of the first epochs for the first rows.",
            shared.OUTPUT,
        ),
    ] = False
    history: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.csv",
            help="Write the printed epochs to this CSV file; - is standard output.",
            rich_help_panel=shared.OUTPUT,
        ),
    ] = None
    plot: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Draw the fit in this picture file: .png, .svg or .pdf. DATA is read twice.",
            rich_help_panel=shared.OUTPUT,
        ),
    ] = None
    json: shared.Json = False
    cluster: Annotated[
        str | None,
        typer.Option(
            parser=parsers.cluster,
            metavar="ADDRESS|local",
            help="Read on a Dask cluster: the address of its scheduler, or local for one process "
            "for each core of this machine.",
            rich_help_panel=shared.CLUSTER,
        ),
    ] = None

    @property
    def cluster_by(self) -> str:
        """The column of the clusters whose moments are kept; empty for none."""
        return canonical(self.robust.removeprefix("cluster:")) if self.robust else ""

    @property
    def sums_fourth(self) -> bool:
        """Whether products of up to four columns are added up."""
        return self.moments != MOMENTS[0]

    def check_sums(self) -> None:
        """Refuse options that ask for sums which cannot be kept together.

        Raises
        ------
        UsageError
            With what works.

        """
        if self.sums_fourth and self.weights:
            raise UsageError(
                "--moments 4 is not possible with --weights",
                hint="Leave out one of the two. For weighted rows, linreg show MODEL DATA "
                "--robust hc1 reads the rows again.",
            )
        if self.robust and self.by:
            data = "" if self.cluster_by in map(canonical, self.by) else "DATA "
            raise UsageError(
                "--robust and --by cannot be used together",
                hint=f"Leave out --robust: linreg show MODEL {data}--pooled --robust "
                f"{shlex.quote(self.robust)} works with a model trained with --by.",
            )
