"""Where each record of a chunk begins and ends."""

from functools import cached_property

from msgspec import Struct

from linreg_cli.exact import Flags, Int64s
from linreg_cli.reading.csv.chunk import Chunk
from linreg_cli.reading.sources import CR, LF, find_line_ends


class Records(Struct, frozen=True, dict=True):
    """Records of a chunk: record i is ``chunk.data[starts[i]:ends[i]]``.

    Attributes
    ----------
    chunk
        The chunk they lie in.
    starts, ends
        The offsets of each record's first byte, and of the end of its text: line end excluded.

    """

    chunk: Chunk
    starts: Int64s
    ends: Int64s

    def __len__(self) -> int:
        """Count the records."""
        return len(self.starts)

    @cached_property
    def lines(self) -> Int64s:
        """The number in the file of the line on which each record begins."""
        import numpy as np

        return self.chunk.first_line + np.searchsorted(self.chunk.line_ends, self.starts)

    def text(self, i: int) -> bytes:
        """Return the text of a record."""
        return self.chunk.data[self.starts[i] : self.ends[i]]

    def where(self, keep: Flags) -> "Records":
        """Return the flagged records."""
        return Records(self.chunk, self.starts[keep], self.ends[keep])

    def count_fields(self, delimiter: str) -> Int64s:
        """Count the fields of each record."""
        import numpy as np

        codes = np.frombuffer(self.chunk.structure, np.uint8)
        found = np.flatnonzero(codes == ord(delimiter))
        return 1 + np.searchsorted(found, self.ends) - np.searchsorted(found, self.starts)

    def are_comments(self) -> Flags:
        """Return which lines are comments."""
        from linreg_cli.reading.csv.plain_form import are_comments

        return are_comments(self.chunk.data, self.starts, self.chunk.syntax.comment)

    def are_blank(self) -> Flags:
        """Return which records hold nothing but spaces and tabs."""
        import numpy as np

        codes = np.frombuffer(self.chunk.structure, np.uint8)
        inked = np.flatnonzero(~np.isin(codes, np.frombuffer(b" \t\r\n", np.uint8)))
        return np.equal(np.searchsorted(inked, self.ends), np.searchsorted(inked, self.starts))


def find_records(chunk: Chunk) -> Records:
    """Find every record of a chunk, blank lines included."""
    import numpy as np

    line_ends = find_line_ends(chunk.structure)
    codes = np.frombuffer(chunk.structure, np.uint8)
    is_crlf = (codes[line_ends] == LF) & (line_ends > 0) & (codes[line_ends - 1] == CR)
    starts = np.concatenate([[0], line_ends + 1])
    ends = np.append(line_ends - is_crlf, len(codes))
    # There is no record after the last line end.
    count = len(ends) - (starts[-1] == len(codes))
    return Records(chunk, starts[:count], ends[:count])
