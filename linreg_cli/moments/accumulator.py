"""How rows are added up by several threads: the work on any thread, the addition on one."""

from typing import Protocol, TypeVar

Part_contra = TypeVar("Part_contra", contravariant=True)
Prepared = TypeVar("Prepared")


class Accumulator(Protocol[Part_contra, Prepared]):
    """Adds up parts of the data, such as blocks of rows."""

    def prepare(self, part: Part_contra, /) -> Prepared:
        """Do the work on a part that changes nothing; any thread may call it."""

    def take(self, prepared: Prepared, /) -> None:
        """Add what was prepared; only one thread at a time may call it."""
