"""Rows read while the user watches: what the commands that learn or draw share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from linreg_cli.commands.importing import importing
from linreg_cli.gather import Wanted, gather
from linreg_cli.parts import Data
from linreg_cli.reading import CsvOptions, Rows, Source
from linreg_cli.rejects import rejects_file
from linreg_cli.terminal.console import warn
from linreg_cli.terminal.reading_progress import reading_progress


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What is read, and how.

    Attributes
    ----------
    sources, csv
        The files, and how they are written.
    rejects
        A CSV file for rows that are set aside, or None.
    threads
        How many to read with; one for each core if not given.
    is_quiet
        Say nothing of it.
    cluster
        The address of a cluster that reads in place of threads, or None.

    """

    sources: Sequence[Source]
    csv: CsvOptions
    rejects: str | None
    threads: int | None
    is_quiet: bool
    cluster: str | None = None


def read_rows(
    reading: Reading,
    wanted: Wanted,
    watch: Sequence[Callable[[Rows], None]] = (),
    *,
    needed_next: str = "linreg_cli.commands.learning",
) -> Data:
    """Read all rows once, load meanwhile a module for what comes next, and tell of the rows."""
    sources = reading.sources
    with (
        rejects_file(reading.rejects, tell=warn) as keep,
        reading_progress(sources, is_quiet=reading.is_quiet) as advance,
        importing(needed_next),
    ):
        if reading.cluster:
            from linreg_cli.cluster import gather_on_cluster

            gathered = gather_on_cluster(
                reading.cluster, sources, wanted, reading.csv, advance=advance
            )
        else:
            gathered = gather(
                sources,
                wanted,
                reading.csv,
                advance=advance,
                threads=reading.threads,
                watch=[*([keep] if reading.rejects else []), *watch],
            )
    if not reading.is_quiet:
        from linreg_cli.terminal import report
        from linreg_cli.terminal.console import say

        say(report.reading(sources, gathered.ledger))
        for name in gathered.numeric_headers:
            warn(report.numeric_header(name))
    return gathered.data
