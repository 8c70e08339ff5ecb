"""linreg columns: describe the columns of CSV files."""

from typing import Annotated

from linreg_cli.commands import shared_options as shared
from linreg_cli.commands.row_options import RowOptions


def columns(
    data: shared.DataArgument,
    *,
    y: Annotated[
        str | None,
        shared.column_option("Show the correlation of each column with this one.", "--y", "-y"),
    ] = None,
    json: shared.Json = False,
    quiet: shared.QuietResult = False,
    rows: RowOptions,
) -> None:
    """Show what the columns of CSV files contain.

    linreg columns houses.csv

    linreg columns houses.csv --y price --json
    """
    from linreg_cli.commands.example_command import train_command
    from linreg_cli.commands.overwriting import refuse_overwriting
    from linreg_cli.output.terminal import (
        description_table as text,
        note,
        reading_progress,
        report,
        say,
        standard_output,
        warn,
    )
    from linreg_cli.reading import describe, rejects_file
    from linreg_cli.reading.sources import find_sources

    sources = find_sources(data)
    refuse_overwriting([source.argument for source in sources], rows.rejects, "-")
    with (
        rejects_file(rows.rejects, tell=warn) as keep,
        reading_progress(sources, is_quiet=quiet) as advance,
    ):
        description = describe(
            sources, rows.csv(), y=y, advance=advance, threads=rows.threads, watch=keep
        )
    if not quiet:
        say(report.rows_read(sources, description.rows, description.rejected))
        for doubt in description.notes:
            note(doubt)
    for name in description.numeric_headers:
        warn(report.numeric_header(name))
    command = train_command(data, description.training, rows.rejects)
    with standard_output(is_drawn=not json) as write:
        write((text.as_json if json else text.as_table)(description, command).encode())
