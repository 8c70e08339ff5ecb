"""What the first records of a CSV file say about its columns."""

from itertools import islice
from typing import Self

from msgspec import Struct

from linreg_cli.design import canonical
from linreg_cli.exact import BLANKS, is_number
from linreg_cli.reading.csv.chunk import Chunk
from linreg_cli.reading.csv.delimiter import HEAD_BYTES, count_fields
from linreg_cli.reading.csv.first_records import each_record
from linreg_cli.reading.csv.missing import MissingMarkers
from linreg_cli.reading.csv.structure import split_fields

_MARKERS = MissingMarkers()
_SEEN = 20
"""The number of first records that tell a column of row names from fields without content."""


class Shape(Struct, frozen=True, kw_only=True):
    """What the first records say about the columns; see `Head`."""

    names: tuple[str, ...]
    first_record: tuple[str, ...]
    has_empty_last: bool
    has_row_names: bool

    @classmethod
    def of(cls, first: Chunk, *, has_header: bool) -> Self:
        """Return the shape of a chunk's records; the first is the header, if there is one."""
        head = Chunk(first.data[:HEAD_BYTES], first.syntax, 1)
        plain = first.plain
        _, end = next(each_record(plain))
        delimiter = plain.syntax.delimiters
        texts = split_fields(plain.data[:end], plain.structure[:end], delimiter)
        counts, ends_empty = count_fields(head)
        rows = list(zip(counts, ends_empty, strict=True))[has_header:]
        has_empty_last = has_row_names = is_last_name_empty = False
        if rows:
            fields, ends = rows[0]
            is_last_name_empty = ends and fields == len(texts) > 1 and not texts[-1].strip()
            has_empty_last = (
                ends
                and (is_last_name_empty or (has_header and fields == len(texts) + 1))
                and not any(count == fields and not ends for count, ends in rows)
                and not first.syntax.merges_blanks
            )
            has_row_names = (
                has_header
                and not has_empty_last
                and {count for count, _ in rows} == {len(texts) + 1}
                and not _is_title(plain, delimiter)
                and not _end_in_blank_fields(plain, delimiter)
            )
        if has_empty_last and is_last_name_empty:
            texts = texts[:-1]
        names = [canonical(text) for text in texts]
        if not has_header:
            names = [str(number) for number in range(1, len(texts) + 1)]
        return cls(
            names=("", *names) if has_row_names else tuple(names),
            first_record=tuple(texts),
            has_empty_last=has_empty_last,
            has_row_names=has_row_names,
        )


def _end_in_blank_fields(plain: Chunk, delimiter: str) -> bool:
    """Return whether the last field of each of the first rows is blank, or nothing in quotes."""
    spans = islice(each_record(plain), 1, _SEEN)
    fields = (
        split_fields(plain.data[start:end], plain.structure[start:end], delimiter)
        for start, end in spans
    )
    return all(not each[-1].strip(BLANKS) for each in fields)


def _is_title(plain: Chunk, delimiter: str) -> bool:
    """Return whether the second record, and not the first, names the columns.

    That is so if it holds nothing but texts, and the third has a number.
    """
    spans = islice(each_record(plain), 1, 3)
    have_numbers = [
        any(
            is_number(field) or _MARKERS.has(field.strip(BLANKS))
            for field in split_fields(plain.data[start:end], plain.structure[start:end], delimiter)
        )
        for start, end in spans
    ]
    return have_numbers == [False, True]
