"""Functions that see some of the rows while all are read and summed."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from linreg_cli.reading.csv import Rows

Watch = Sequence[Callable[["Rows"], None]]
"""Functions that are called with rows, chunk by chunk."""


class Peek(Struct, frozen=True):
    """A function that needs the rows of the first chunks, or only those with records set aside.

    It is called with the rows of every chunk that the extension does not sum by itself. All chunks
    with records set aside are among them.

    Attributes
    ----------
    see
        The function.
    wants_rows
        Returns whether the rows of the next chunk are needed; called from any thread.

    """

    see: "Callable[[Rows], None]"
    wants_rows: Callable[[], bool]

    def __call__(self, rows: "Rows") -> None:
        """Call the function with the rows of a chunk."""
        self.see(rows)


def needs_all(watch: Watch) -> bool:
    """Return whether a function needs the rows of all chunks."""
    return not all(isinstance(see, Peek) for see in watch)


def needs_next(watch: Watch) -> bool:
    """Return whether a function needs the rows of the next chunk."""
    return any(not isinstance(see, Peek) or see.wants_rows() for see in watch)
