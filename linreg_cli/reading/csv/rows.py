"""The rows of a chunk, and its records that were set aside."""

from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.errors import DataError
from linreg_cli.reading.csv.offsets import Records

if TYPE_CHECKING:
    from linreg_cli.design import Codes
    from linreg_cli.exact import Block, Flags, Int64s
    from linreg_cli.reading.csv.grouping import Grouping


class Reject(NamedTuple):
    """A record that was set aside: what is wrong with it, and its text."""

    error: DataError
    text: bytes


class Rows(Struct, frozen=True, kw_only=True):
    """What a chunk holds: its complete rows, and counts of all its records.

    Attributes
    ----------
    source
        The name of the source.
    block
        The complete rows: those with a value in every wanted column that is not optional. It
        has the columns of numbers.
    categories
        The other columns of the complete rows.
    keys
        The columns of the key of a group; -1 is the code of a missing cell.
    complete
        Which of the records are complete rows.
    absent
        For each optional column, which of the complete rows lack its cell and have 0 in the
        block; empty if no row does.
    missing
        The count of missing cells in each wanted column.
    records
        Where each record lies in the chunk, and its line; blank lines are not records.
    count
        How many records there are, complete, incomplete or set aside.
    groupings
        The grouping of the numbers in each wanted column; empty where it is not asked for.
    rejects
        Records that are at fault and were set aside; they are not among the others.

    """

    source: str
    block: "Block"
    complete: "Flags"
    missing: tuple[int, ...]
    records: Records
    count: int
    rejects: tuple[Reject, ...] = ()
    absent: "tuple[Flags, ...]" = ()
    groupings: "tuple[Grouping, ...]" = ()
    categories: "tuple[Codes, ...]" = ()
    keys: "tuple[Codes, ...]" = ()

    def on_line(self, line: int) -> "Rows":
        """Return the same rows with another number for their first line."""
        records = self.records
        chunk = replace(records.chunk, first_line=line)
        return replace(self, records=Records(chunk, records.starts, records.ends))

    @property
    def used(self) -> int:
        """The number of complete rows."""
        return len(self.block.values)

    @property
    def groupings_by_source(self) -> "dict[str, tuple[Grouping, ...]]":
        """The groupings by the name of the source; empty where they are not asked for."""
        return {self.source: self.groupings} if self.groupings else {}

    @property
    def complete_lines(self) -> "Int64s":
        """The line in the file of each complete row."""
        return self.records.lines[self.complete]
