"""The epochs as they happen: a live table on a terminal, plain aligned lines elsewhere."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from linreg_cli.terminal.console import console, escape, is_terminal, say

if TYPE_CHECKING:
    from rich.console import Group

WIDTH = 14
DIGITS = 7
MAX_WEIGHTS = 3
"""With more features than this the table shows loss and gap alone."""
_ROOM_BELOW = 6
_BETWEEN = 3
_FRAMES_A_SECOND = 10


class EpochDisplay(Protocol):
    """What the training tells of itself while it runs."""

    def add(self, cells: Sequence[float]) -> None:
        """Show an epoch: its number, loss and gap, and the weights if the header has them."""

    def advance(self, epoch: int) -> None:
        """Tell that an epoch is done."""


class _Plain:
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
    def add(self, cells: Sequence[float]) -> None:
        """Show nothing."""

    def advance(self, epoch: int) -> None:
        """Show nothing."""


class _Live:
    """A Rich table that grows, above a bar with the time left."""

    def __init__(self, header: Sequence[str], epochs: int) -> None:
        from rich.live import Live
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

        self._header = [escape(name) for name in header]
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

    def _render(self) -> "Group":
        from rich.console import Group
        from rich.table import Table

        shown = self._rows[-max(1, self._console.height - _ROOM_BELOW) :]
        rows = [[_format(cell, self._digits(shown)) for cell in row] for row in shown]
        wide = [max(map(len, column)) for column in zip(*rows, strict=True)] or [1] * len(
            self._header
        )
        room = self._console.width - 1 - sum(wide) - _BETWEEN * len(wide)
        table = Table()
        for name, cell in zip(self._header, wide, strict=True):
            table.add_column(cut(name, cell + room // len(wide)), justify="right", no_wrap=True)
        for row in rows:
            table.add_row(*row)
        return Group(table, self._bar)

    def _digits(self, rows: Sequence[Sequence[float]]) -> int:
        """Give the most digits with which the numbers fit into the width."""
        for digits in range(DIGITS, 1, -1):
            texts = [[_format(cell, digits) for cell in row] for row in rows]
            wide = sum(max(map(len, column)) for column in zip(*texts, strict=True))
            if wide + _BETWEEN * len(self._header) <= self._console.width:
                return digits
        return 2


@contextlib.contextmanager
def epoch_display(
    header: Sequence[str], epochs: int, *, is_quiet: bool = False
) -> Iterator[EpochDisplay]:
    """Show epochs until the block ends; `epochs` is the most there can be."""
    if is_quiet:
        yield _Silent()
    elif is_terminal():
        display = _Live(header, epochs)
        with display.live:
            yield display
    else:
        yield _Plain(header)


def cut(name: str, wide: int) -> str:
    """Shorten a name that has no room: numbers are never cut."""
    return name if len(name) <= wide else f"{name[: wide - 1]}…"


def _format(value: float, digits: int = DIGITS) -> str:
    return str(value) if isinstance(value, int) else f"{value:.{digits}g}"
