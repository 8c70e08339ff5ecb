"""Line ends: LF, CRLF and CR end a line; one file may mix them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # few files are opened by way of an array of line ends
    import numpy as np
    import numpy.typing as npt

LF, CR = b"\n"[0], b"\r"[0]


def count_line_ends(data: bytes) -> int:
    """Return the number of line ends; a CRLF is one."""
    count = data.count(b"\n")
    if b"\r" in data:
        count += data.count(b"\r") - data.count(b"\r\n")
    return count


def find_line_ends(data: bytes) -> "npt.NDArray[np.int64]":
    """Return the offset of the last byte of each line end, in order."""
    import numpy as np

    codes = np.frombuffer(data, np.uint8)
    is_end = codes == LF
    if b"\r" in data:
        is_return = codes == CR
        is_return[:-1] &= ~is_end[1:]
        is_end |= is_return
    return np.flatnonzero(is_end)
