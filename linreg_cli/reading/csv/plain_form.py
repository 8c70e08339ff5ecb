"""Records of any syntax rewritten as plain CSV, line for line.

    syntax          text                plain form
    merged blanks   _12.5__"a b"_3      12.5→"a b"→3    (_ is a blank, → a tab)
    initial space   1, "a"              1,"a"
    comment         # measured at 5 m   an empty line

Lines stay lines, so that record i of the plain form is record i of the text.
"""

import numpy as np

from linreg_cli.exact import Flags, Int64s
from linreg_cli.reading.csv.first_records import begins_comment
from linreg_cli.reading.csv.syntax import BLANKS, Syntax
from linreg_cli.reading.sources import CR, LF, find_line_ends


def rewrite(data: bytes, structure: bytes, syntax: Syntax) -> tuple[bytes, bytes]:
    """Return the data in plain form and its structure.

    Parameters
    ----------
    data, structure
        Whole records, and what `mask_quoted` makes of them.
    syntax
        The syntax that they have.

    """
    codes = np.frombuffer(structure, np.uint8)
    is_line_end = np.isin(codes, np.frombuffer(b"\r\n", np.uint8))
    is_kept = ~_in_comments(data, structure, syntax)
    written, written_structure = np.frombuffer(data, np.uint8).copy(), codes.copy()
    # Write a lone CR as LF: if the next line becomes empty, CR and the LF after it would be a CRLF,
    # one line end instead of two.
    lone = np.flatnonzero((codes == CR) & (np.append(codes[1:], 0) != LF))
    written[lone] = written_structure[lone] = LF
    if syntax.merges_blanks or syntax.skips_initial_space:
        is_delimiter = np.isin(codes, np.frombuffer(syntax.delimiters.encode(), np.uint8))
        is_blank = np.isin(codes, np.frombuffer(BLANKS.encode(), np.uint8))
        if syntax.merges_blanks:
            is_kept &= ~is_blank
            separators = _inner_runs(is_blank, is_line_end)
            is_kept[separators] = True
            written[separators] = written_structure[separators] = ord("\t")
        else:
            is_kept &= ~_leading(is_blank & ~is_delimiter, is_delimiter | is_line_end)
    plain, plain_structure = written[is_kept].tobytes(), written_structure[is_kept].tobytes()
    if data and not is_line_end[-1] and plain[-1:] in {b"", b"\n"}:
        # The last line became empty: without a line end it would not be a line at all.
        return plain + b"\n", plain_structure + b"\n"
    return plain, plain_structure


def are_comments(data: bytes, starts: Int64s, comment: str) -> Flags:
    """Return which lines are comments; each line begins at one of the offsets.

    Blanks may stand before the text that begins a comment.
    """
    text = comment.encode()
    found = np.zeros(len(starts), np.bool_)
    if not text or text not in data:
        return found
    codes = np.frombuffer(data, np.uint8)
    possible = np.frombuffer(BLANKS.encode() + text[:1], np.uint8)
    inside = np.flatnonzero(starts < len(codes))
    for i in inside[np.isin(codes[starts[inside]], possible)].tolist():
        found[i] = begins_comment(data, int(starts[i]), text)
    return found


def _in_comments(data: bytes, structure: bytes, syntax: Syntax) -> Flags:
    """Return which bytes belong to comments, line ends excluded."""
    inside = np.zeros(len(data), np.bool_)
    if not syntax.comment or not data:
        return inside
    line_ends = find_line_ends(structure)
    starts = np.concatenate([[0], line_ends + 1])
    ends = np.append(line_ends, len(data))
    for i in np.flatnonzero(are_comments(data, starts, syntax.comment)).tolist():
        end = int(ends[i])
        is_crlf = structure[end - 1 : end + 1] == b"\r\n"
        inside[int(starts[i]) : end - is_crlf] = True
    return inside


def _inner_runs(is_blank: Flags, is_line_end: Flags) -> Int64s:
    """Return the first byte of each run of blanks that has text of its line on both sides."""
    edges = np.diff(np.concatenate([[False], is_blank, [False]]).astype(np.int8))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    after_end = np.concatenate([[True], is_line_end])[starts]
    before_end = np.append(is_line_end, True)[ends]
    inner: Int64s = starts[~after_end & ~before_end]
    return inner


def _leading(is_blank: Flags, is_boundary: Flags) -> Flags:
    """Return which blanks belong to a run that follows a delimiter, a line end or the start."""
    edges = np.diff(np.concatenate([[False], is_blank]).astype(np.int8))
    run = np.cumsum(edges == 1)
    starts = np.flatnonzero(edges == 1)
    follows = np.concatenate([[True], is_boundary])[starts]
    leads = np.concatenate([[False], follows])
    leading: Flags = is_blank & leads[run]
    return leading
