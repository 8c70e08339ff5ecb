"""linreg replay: a training as a web page, in which it can be watched and done again."""

from typing import Annotated

import typer

from linreg_cli.commands import options as shared


def replay(
    ctx: typer.Context,
    model: shared.ModelArgument,
    data: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="DATA",
            help="CSV files with the points to show, a quoted glob, or - for standard input.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Web page to write, or - for standard output.",
            rich_help_panel=shared.OUTPUT,
        ),
    ] = "replay.html",
    rejects: shared.Rejects = None,
    quiet: shared.Quiet = False,
    threads: shared.Threads = None,
    delimiter: shared.Delimiter = None,
    decimal: shared.Decimal = ".",
    thousands: shared.Thousands = "",
    encoding: shared.Encoding = "utf-8",
    no_header: shared.NoHeader = False,
) -> None:
    """Write a web page that replays the training of a model.

    linreg replay model.json houses.csv -o replay.html

    linreg replay model.json
    """
    from linreg_cli.commands.effects import ignore
    from linreg_cli.commands.output import write_output
    from linreg_cli.commands.rows import Reading, read_rows
    from linreg_cli.files import refuse_overwriting
    from linreg_cli.model import load_model
    from linreg_cli.output.replay import PointCollector, make_replay, to_page
    from linreg_cli.output.terminal import report, say
    from linreg_cli.reading.sources import find_sources

    shared.check_outputs(output=output, rejects=rejects)
    if not data:
        ignore(ctx, shared.OF_ROWS, "no DATA")
    shared.refuse_standard_input_twice(model, data or [])
    csv = shared.csv_options(ctx)
    sources = find_sources(data or [])
    refuse_overwriting([model, *(source.argument for source in sources)], output, rejects)
    loaded = load_model(model, command="replay", data=data or [])
    points = None
    if sources:
        collector = PointCollector(loaded)
        reading = Reading(
            sources=sources, csv=csv, rejects=rejects, threads=threads, is_quiet=quiet
        )
        points = collector.points(read_rows(reading, collector.selection, [collector.take]))
    write_output(to_page(make_replay(loaded, points)), output, "page")
    if not quiet:
        say(report.saved(output, "page"))
