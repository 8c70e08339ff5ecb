"""The progress bar of reading, on a terminal, after half a second."""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from linreg_cli.output.terminal.printing import console, is_terminal

if TYPE_CHECKING:
    from linreg_cli.reading import Advance
    from linreg_cli.reading.sources import Source

SILENT_SECONDS = 0.5


@contextlib.contextmanager
def reading_progress(sources: Sequence["Source"], *, is_quiet: bool = False) -> "Iterator[Advance]":
    """Yield the function that updates the progress bar of some sources."""
    if is_quiet or not is_terminal():
        yield lambda *_: None
        return
    sizes = [source.size for source in sources]
    known = [size for size in sizes if size is not None]
    total_bytes = sum(known) if len(known) == len(sizes) else None  # None if one is a pipe
    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        bars: list[Advance] = []

        def advance(consumed: int, rows: int) -> None:
            if not bars and time.monotonic() - started > SILENT_SECONDS:
                bars.append(stack.enter_context(_bar(total_bytes, started)))
            for bar in bars:
                bar(consumed, rows)

        yield advance


@contextlib.contextmanager
def training_progress(groups: int, *, is_quiet: bool = False) -> Iterator[Callable[[int], None]]:
    """Yield the function that updates the progress bar of the training of some groups."""
    if is_quiet or not is_terminal():
        yield lambda _: None
        return
    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        bars: list[Callable[[int], None]] = []

        def advance(trained: int) -> None:
            if not bars and time.monotonic() - started > SILENT_SECONDS:
                bars.append(stack.enter_context(_count_bar(groups)))
            for bar in bars:
                bar(trained)

        yield advance


@contextlib.contextmanager
def _count_bar(groups: int) -> Iterator[Callable[[int], None]]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    progress = Progress(
        TextColumn("training groups"),
        BarColumn(),
        MofNCompleteColumn(),
        console=console(),
        transient=True,
    )
    task = progress.add_task("training", total=groups)
    with progress:
        yield lambda trained: progress.update(task, completed=trained)


@contextlib.contextmanager
def _bar(total_bytes: int | None, started: float) -> "Iterator[Advance]":
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    progress = Progress(
        TextColumn("reading"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TextColumn("{task.fields[rows]}"),
        TimeRemainingColumn(),
        console=console(),
        transient=True,
    )
    task = progress.add_task("reading", total=total_bytes, rows="")

    def advance(consumed: int, rows: int) -> None:
        speed = rows / (time.monotonic() - started)
        counted = (
            f"{rows:,} rows, {speed:,.0f} rows/s" if rows else ""
        )  # a cluster does not report rows
        progress.update(task, completed=consumed, rows=counted)

    with progress:
        yield advance
