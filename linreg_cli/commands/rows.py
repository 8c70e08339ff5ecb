"""Rows read while the user watches: what the commands that learn or draw share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from linreg_cli.commands.importing import importing
from linreg_cli.gather import Gathered, Wanted, gather
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
        Print nothing but warnings.
    is_repeated
        Whether the rows were read before, so that no warning is printed twice.
    cluster
        The address of a cluster that reads in place of threads, or None.
    keeps_apart
        Keep the sums of each source apart, with the SHA-256 of its content.

    """

    sources: Sequence[Source]
    csv: CsvOptions
    rejects: str | None
    threads: int | None
    is_quiet: bool
    is_repeated: bool = False
    cluster: str | None = None
    keeps_apart: bool = False


def read_rows(
    reading: Reading,
    wanted: Wanted,
    watch: Sequence[Callable[[Rows], None]] = (),
    *,
    needed_next: str = "linreg_cli.commands.learning",
) -> Data:
    """Read all rows once, as `gather_rows` does, and give their sums."""
    return gather_rows(reading, wanted, watch, needed_next=needed_next).data


def read_distinct(
    reading: Reading, wanted: Wanted, watch: Sequence[Callable[[Rows], None]] = ()
) -> tuple[Data, Reading]:
    """Read all rows once; of sources that are kept apart and have equal content the first counts.

    Returns
    -------
    The sums, and the reading of the sources that count.

    """
    gathered = gather_rows(reading, wanted, watch)
    if not reading.keeps_apart:
        return gathered.data, reading
    from linreg_cli.once import find_new, joined
    from linreg_cli.terminal import report
    from linreg_cli.terminal.console import say

    kept, parts = [], []
    counts = find_new(gathered.parts, frozenset())
    for source, part, does_count in zip(reading.sources, gathered.parts, counts, strict=True):
        if does_count:
            kept.append(source)
            parts.append(part)
        elif not reading.is_quiet:
            say(report.left_out(source.name, removes=False))
    return joined(parts) or gathered.data, replace(reading, sources=kept, keeps_apart=False)


def gather_rows(
    reading: Reading,
    wanted: Wanted,
    watch: Sequence[Callable[[Rows], None]] = (),
    *,
    needed_next: str = "linreg_cli.commands.learning",
) -> Gathered:
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
                keeps_apart=reading.keeps_apart,
            )
    from linreg_cli.terminal import report
    from linreg_cli.terminal.console import say

    if not reading.is_quiet:
        say(report.reading(sources, gathered.ledger))
    if not reading.is_repeated:
        for name in gathered.numeric_headers:
            warn(report.numeric_header(name))
    return gathered
