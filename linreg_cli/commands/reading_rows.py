"""Read rows with a progress bar: shared by the commands that learn or draw."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.commands.background_import import importing
from linreg_cli.output.terminal import note, reading_progress, warn
from linreg_cli.reading import rejects_file, sum_groups, sum_rows

if TYPE_CHECKING:  # nothing is imported for types alone before rows are read
    from linreg_cli.commands.group_option import ChosenGroup
    from linreg_cli.commands.row_options import RowOptions
    from linreg_cli.design import Key
    from linreg_cli.moments import GroupedMoments, SplitMoments
    from linreg_cli.reading import GroupedPass, PassOf, PassResult, Selection
    from linreg_cli.reading.csv import CsvOptions, Rows
    from linreg_cli.reading.sources import Source

TRAINING = "linreg_cli.commands.training_run"
"""The module that is needed after rows are read to train on them."""
GROUP_TRAINING = "linreg_cli.commands.group_training"
"""The module that is needed after the rows of groups are read."""

D = TypeVar("D", "SplitMoments", "GroupedMoments")


class Reading(Struct, frozen=True, kw_only=True):
    """What is read, and how.

    Attributes
    ----------
    sources, csv
        The files, and how they are written.
    rejects
        A CSV file for rows that are set aside, or None.
    threads
        The number of reading threads; None for one for each core.
    is_quiet
        Print nothing but warnings.
    is_repeated
        Whether the rows were read before, so that no warning is printed twice.
    cluster
        The address of a cluster that reads in place of threads, or None.
    keeps_apart
        Whether the moments of each source are kept apart, with the SHA-256 of its content.
    group
        The only group whose rows are read; None for all rows.

    """

    sources: "Sequence[Source]"
    csv: "CsvOptions"
    rejects: str | None
    threads: int | None
    is_quiet: bool
    is_repeated: bool = False
    cluster: str | None = None
    keeps_apart: bool = False
    group: "ChosenGroup | None" = None

    @property
    def inputs(self) -> list[str]:
        """The files as they were typed."""
        return [source.argument for source in self.sources]


def plan_reading(model: str, data: Sequence[str], rows: "RowOptions", *, is_quiet: bool) -> Reading:
    """Return how a command that has a model reads rows, after it has looked for the files.

    Raises
    ------
    UsageError
        If the model and the data are both standard input, or an option is wrong.
    DataError
        If there is no such file.

    """
    from linreg_cli.commands.outputs import refuse_standard_input_twice
    from linreg_cli.reading.sources import find_sources

    refuse_standard_input_twice(model, data)
    csv = rows.csv()
    return Reading(
        sources=find_sources(data),
        csv=csv,
        rejects=rows.rejects,
        threads=rows.threads,
        is_quiet=is_quiet,
    )


def read_rows(
    reading: Reading,
    selection: "Selection",
    watch: "Sequence[Callable[[Rows], None]]" = (),
    *,
    needed_next: str = TRAINING,
) -> "SplitMoments":
    """Read all rows once, as `sum_all_rows` does, and return their moments."""
    return sum_all_rows(reading, selection, watch, needed_next=needed_next).data


def read_distinct(
    reading: Reading, selection: "Selection", watch: "Sequence[Callable[[Rows], None]]" = ()
) -> "tuple[SplitMoments, Reading]":
    """Read all rows once; of sources kept apart that have equal content, only the first counts.

    Returns
    -------
    The moments, and the reading of the sources that count.

    """
    return _distinct(reading, sum_all_rows(reading, selection, watch))


def read_clusters(reading: Reading, selection: "Selection") -> "tuple[SplitMoments, Reading]":
    """Read all rows once, as `read_distinct` does, and keep the moments of each cluster."""
    data, reading = _distinct(reading, sum_all_groups(reading, selection))
    return data.clustered(), reading


def read_groups(reading: Reading, selection: "Selection") -> "GroupedMoments":
    """Read all rows once, as `read_distinct` does, and return the moments of each group."""
    data, _ = _distinct(reading, sum_all_groups(reading, selection))
    return data


def _distinct(reading: Reading, result: "PassOf[D]") -> tuple[D, Reading]:
    if not reading.keeps_apart:
        return result.data, reading
    from linreg_cli.moments import find_new, merged
    from linreg_cli.output.terminal import report, say

    kept, parts = [], []
    counts = find_new(result.by_source, frozenset())
    for source, part, does_count in zip(reading.sources, result.by_source, counts, strict=True):
        if does_count:
            kept.append(source)
            parts.append(part)
        elif not reading.is_quiet:
            say(report.left_out(source.name, removes=False))
    return merged(parts) or result.data, replace(reading, sources=kept, keeps_apart=False)


def sum_all_rows(
    reading: Reading,
    selection: "Selection",
    watch: "Sequence[Callable[[Rows], None]]" = (),
    *,
    needed_next: str = TRAINING,
) -> "PassResult":
    """Read all rows once, and print how many; `pass_over` explains the parameters."""
    result = pass_over(reading, selection, watch, needed_next=needed_next)
    report_pass(reading, result)
    return result


def sum_all_groups(reading: Reading, selection: "Selection") -> "GroupedPass":
    """Read all rows once, sum them by group, and print how many there are."""
    result = _pass(reading, selection, sum_groups, (), GROUP_TRAINING)
    report_pass(reading, result)
    return result


def pass_over(
    reading: Reading,
    selection: "Selection",
    watch: "Sequence[Callable[[Rows], None]]" = (),
    *,
    needed_next: str = TRAINING,
) -> "PassResult":
    """Read all rows once, and import the module that is needed next meanwhile."""
    group = reading.group
    if group is not None:
        selection = group.select(selection)
        watch = [partial(_see_group, see, group.key) for see in watch]
    return _pass(reading, selection, sum_rows, watch, needed_next)


def _see_group(see: "Callable[[Rows], None]", key: "Key", rows: "Rows") -> None:
    from linreg_cli.reading import rows_of_key

    see(rows_of_key(rows, key))


def _pass(
    reading: Reading,
    selection: "Selection",
    sum_up: "Callable[..., PassOf[D]]",
    watch: "Sequence[Callable[[Rows], None]]",
    needed_next: str,
) -> "PassOf[D]":
    from linreg_cli.reading import Peek

    sources = reading.sources
    keep: Callable[[Rows], None]
    with (
        rejects_file(reading.rejects, tell=warn) as keep,
        reading_progress(sources, is_quiet=reading.is_quiet) as advance,
        importing(needed_next),
    ):
        if reading.cluster:
            from linreg_cli.reading.cluster import sum_rows_on_cluster

            return sum_rows_on_cluster(
                reading.cluster, sources, selection, reading.csv, advance=advance
            )
        return sum_up(
            sources,
            selection,
            reading.csv,
            advance=advance,
            threads=reading.threads,
            watch=[*([Peek(keep, lambda: False)] if reading.rejects else []), *watch],
            keeps_apart=reading.keeps_apart,
        )


def report_pass(reading: Reading, result: "PassOf[D]") -> None:
    """Print how many rows were read, and what is in doubt."""
    if not reading.is_quiet:
        from linreg_cli.output.terminal import report, say

        say(report.reading(reading.sources, result.row_counts))
    if not reading.is_repeated:
        for name in result.numeric_headers:
            from linreg_cli.output.terminal import report

            warn(report.numeric_header(name))
        for text in () if reading.is_quiet else result.notes:
            note(text)
