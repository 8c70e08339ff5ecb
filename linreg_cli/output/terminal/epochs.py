"""The epochs while training runs: a live table on a terminal, aligned lines elsewhere."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from linreg_cli.output.terminal.printing import console, escape, is_terminal, say

if TYPE_CHECKING:
    from rich.console import Group

WIDTH = 14
DIGITS = 7
MIN_DIGITS = 5
"""Minimum number of digits; if they do not fit, columns of weights are left out."""
MAX_WEIGHTS = 3
"""With more features than this, the table shows only loss and gap."""
_ROOM_BELOW = 6
_BETWEEN = 3
_FRAMES_A_SECOND = 10


class EpochDisplay(Protocol):
    """Shows the epochs while training runs."""

    def add(self, cells: Sequence[float]) -> None:
        """Show an epoch: its number, loss and gap, and the weights if the header has them."""

    def advance(self, epoch: int) -> None:
        """Update the progress bar after an epoch."""

    @property
    def left_out(self) -> Sequence[str]:
        """The columns that did not fit."""


class _Plain:
    left_out = ()

    def __init__(self, header: Sequence[str]) -> None:
        self._wide = [max(WIDTH, len(escape(name))) for name in header]
        self._say(header)

    def add(self, cells: Sequence[float]) -> None:
        self._say([_format(cell) for cell in cells])

    def _say(self, cells: Sequence[str]) -> None:
        say(" ".join(escape(c).rjust(wide) for c, wide in zip(cells, self._wide, strict=True)))

    def advance(self, epoch: int) -> None:
        """Show nothing between the lines."""


class _Silent:
    left_out = ()

    def add(self, cells: Sequence[float]) -> None:
        """Show nothing."""

    def advance(self, epoch: int) -> None:
        """Show nothing."""


class _Live:
    """A Rich table that grows, above a bar with the time left while the descent runs."""

    def __init__(self, header: Sequence[str], epochs: int, *, weights: int) -> None:
        from rich.live import Live
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

        self._names = header
        self._header = [escape(name) for name in header]
        self._columns = len(header)
        self._fewest = len(header) - weights
        self._is_running = True
        self._rows: list[Sequence[float]] = []
        self._console = console()
        self._bar = Progress(
            BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=self._console
        )
        self._task = self._bar.add_task("epochs", total=epochs)
        self.live = Live(
            console=self._console,
            get_renderable=self._render,
            refresh_per_second=_FRAMES_A_SECOND,
        )

    def add(self, cells: Sequence[float]) -> None:
        self._rows.append(cells)

    def advance(self, epoch: int) -> None:
        self._bar.update(self._task, completed=epoch)

    def finish(self) -> None:
        """Remove the progress bar."""
        self._is_running = False

    @property
    def left_out(self) -> Sequence[str]:
        """The columns that did not fit."""
        return self._names[self._columns :]

    def _render(self) -> "Group":
        from rich.console import Group
        from rich.table import Table

        shown = self._rows[-max(1, self._console.height - _ROOM_BELOW) :]
        digits = self._fit(shown)
        header = self._header[: self._columns]
        rows = [[_format(cell, digits) for cell in row[: self._columns]] for row in shown]
        wide = self._widths(rows) or [1] * len(header)
        room = self._console.width - 1 - sum(wide) - _BETWEEN * len(wide)
        table = Table(header_style="bold cyan")
        for name, cell in zip(header, wide, strict=True):
            table.add_column(cut(name, cell + room // len(wide)), justify="right", no_wrap=True)
        for row in rows:
            table.add_row(*row)
        return Group(table, self._bar) if self._is_running else Group(table)

    def _widths(self, rows: Sequence[Sequence[str]]) -> list[int]:
        """Return the width of each column; only names of weights may be cut."""
        wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
        names = [*map(len, self._header[: self._fewest]), *[0] * len(self._header)]
        return list(map(max, wide, names))

    def _fit(self, rows: Sequence[Sequence[float]]) -> int:
        """Leave out columns until the others fit the width; return the number of digits."""
        for columns in range(self._columns, self._fewest - 1, -1):
            fewest_digits = MIN_DIGITS if columns > self._fewest else 2
            for digits in range(DIGITS, fewest_digits - 1, -1):
                texts = [[_format(cell, digits) for cell in row[:columns]] for row in rows]
                if sum(self._widths(texts)) + _BETWEEN * columns < self._console.width:
                    self._columns = columns
                    return digits
        self._columns = self._fewest
        return 2


@contextlib.contextmanager
def epoch_display(
    header: Sequence[str], epochs: int, *, weights: int = 0, is_quiet: bool = False
) -> Iterator[EpochDisplay]:
    """Yield the display of epochs, which ends with the block.

    Parameters
    ----------
    header
        The names of the columns.
    epochs
        Maximum number of epochs.
    weights
        The number of columns of weights, which come last and may be left out.
    is_quiet
        Show nothing.

    """
    if is_quiet:
        yield _Silent()
    elif is_terminal():
        display = _Live(header, epochs, weights=weights)
        with display.live:
            try:
                yield display
            finally:
                display.finish()
    else:
        yield _Plain(header)


def slope_names(features: Sequence[str]) -> list[str]:
    """Return the name of each weight: m or, with several features, m and the column."""
    return ["m"] if len(features) == 1 else [f"m {name}" for name in features]


def cut(name: str, wide: int) -> str:
    """Return a name, shortened if it is too wide; numbers are never cut."""
    return name if len(name) <= wide else f"{name[: wide - 1]}…"


def _format(value: float, digits: int = DIGITS) -> str:
    return str(value) if isinstance(value, int) else f"{value:.{digits}g}"
