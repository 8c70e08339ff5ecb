"""linreg replay: a web page that shows a training and runs it again with other settings."""

from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace

from linreg_cli.commands import shared_options as shared
from linreg_cli.commands.group_option import GroupKey, OneModel, load_one_model
from linreg_cli.commands.option_kinds import output_file
from linreg_cli.commands.row_options import RowOptions
from linreg_cli.commands.typed_options import Typed

if TYPE_CHECKING:
    from linreg_cli.commands.reading_rows import Reading
    from linreg_cli.output.replay import Points


def replay(
    model: shared.ModelArgument,
    data: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="DATA",
            help="CSV files with the points to show, a quoted glob, or - for standard input.",
            show_default=False,
        ),
    ] = None,
    *,
    group: GroupKey = None,
    output: Annotated[
        str,
        output_file("Web page to write, or - for standard output.", shared.OUTPUT),
    ] = "replay.html",
    quiet: shared.Quiet = False,
    rows: RowOptions,
    typed: Typed,
) -> None:
    """Write a web page that replays the training of a model.

    linreg replay model.json houses.csv -o replay.html

    linreg replay model.json
    """
    from linreg_cli.commands.effects import ignore
    from linreg_cli.commands.outputs import check_outputs, write_output
    from linreg_cli.commands.overwriting import refuse_overwriting
    from linreg_cli.commands.reading_rows import plan_reading
    from linreg_cli.output.replay import make_replay, to_page
    from linreg_cli.output.terminal import report, say

    check_outputs(output=output, rejects=rows.rejects)
    if not data:
        ignore(typed, rows.names(), "no DATA")
    reading = plan_reading(model, data or [], rows, is_quiet=quiet)
    refuse_overwriting([model, *reading.inputs], output, rows.rejects)
    one = load_one_model(model, group, command="replay", data=data or [])
    points = _read_points(one, reading) if reading.sources else None
    write_output(to_page(make_replay(one.model, points)), output, "page")
    if not quiet:
        say(report.saved(output, "page"))


def _read_points(one: OneModel, reading: "Reading") -> "Points":
    """Return the rows that the page shows as points."""
    from linreg_cli.commands.reading_rows import read_rows
    from linreg_cli.output.replay import PointCollector

    collector = PointCollector(one.model)
    reading = replace(reading, group=one.group)
    return collector.points(read_rows(reading, collector.selection, [collector.take]))
