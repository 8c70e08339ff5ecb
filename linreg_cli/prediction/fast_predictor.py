"""Predictions by the extension: it reads records and writes them with their predictions.

It leaves records of which it is not sure: see `linreg_cli/native/predicted_records.hpp`.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Self, TypeVar

from msgspec import Struct, field

from linreg_cli import native
from linreg_cli.exact import FACTOR_LIMIT, MAX_EXACT_POWER, ExactDecimal, power_of_ten
from linreg_cli.prediction.grouped_columns import GroupCounts
from linreg_cli.prediction.prediction_columns import PredictionColumns
from linreg_cli.prediction.training_range import TrainingRange, clip_bound
from linreg_cli.reading import Undefined
from linreg_cli.reading.csv import (
    RANGE_BYTES,
    CountedPart,
    Grouping,
    Layout,
    Rows,
    Table,
    each_in_passes,
    scanner_arguments,
)

if TYPE_CHECKING:
    from linreg_cli.native._extension import FilePrediction, Predictions, Predictor

T = TypeVar("T")

Descriptor = Callable[[], int | None]
"""Returns where the extension writes, after what there was before; None if others have to write."""

_MOST_DIGITS = 15
"""The most digits that the extension rounds to: with more, float64 decides too seldom."""


def no_descriptor() -> None:
    """Return no place to write to: only the caller can write."""


class WrittenRecords(Struct, frozen=True, kw_only=True):
    """The output for some rows.

    Attributes
    ----------
    text
        The output that is not written yet.
    outside
        The number of values outside the training range by feature.
    unknown
        The number of rows of each level that no training row has.
    undefined
        What could not be computed.
    groups
        The number of rows of groups without a prediction.

    """

    text: bytes
    outside: Mapping[str, int]
    unknown: Counter[str] = field(default_factory=Counter)
    undefined: Undefined = field(default_factory=Undefined)
    groups: GroupCounts = field(default_factory=GroupCounts)


class PredictedPart(CountedPart, frozen=True, kw_only=True):
    """Records that the extension has read and written.

    Attributes
    ----------
    written
        The output.

    """

    written: WrittenRecords


class FastPredictor(Struct, frozen=True, kw_only=True):
    """A model and the form of a file, for the extension.

    Attributes
    ----------
    layout
        The features.
    predictor
        Reads and writes.
    descriptor
        That of `Output`.

    """

    layout: Layout
    predictor: "Predictor"
    descriptor: Descriptor

    @classmethod
    def of(
        cls,
        columns: PredictionColumns,
        table: Table,
        layout: Layout,
        descriptor: Descriptor = no_descriptor,
        *,
        is_only: bool,
    ) -> Self | None:
        """Return the predictor for a table; with `is_only`, it repeats no records.

        None if the extension cannot write the columns, or there is no extension.
        """
        digits, model = columns.digits or 0, columns.model
        is_taken = columns.is_single and digits <= _MOST_DIGITS and model.design is None
        if not (is_taken and native.IS_AVAILABLE):
            return None
        plane = model.plane
        scales, tens = array("q"), array("d")
        for name, center in zip(model.x, plane.centers, strict=True):
            for decimals in range(MAX_EXACT_POWER + 1):
                scale, places = _scale(center, decimals)
                low, high = TrainingRange(model).bounds(name, decimals)
                scales.extend([*scale, clip_bound(low), clip_bound(high)])
                tens.append(10.0**places)
        predictor = native.extension.Predictor(
            *scanner_arguments(layout),
            not layout.options.fail_on_missing,
            array("d", plane.slopes),
            plane.value,
            scales,
            tens,
            digits,
            table.delimiter,
            "." if is_only else layout.options.decimal,
            b"\n" if is_only else table.line_end,
            not is_only,
        )
        return cls(layout=layout, predictor=predictor, descriptor=descriptor)

    def take(self, data: bytes) -> tuple[PredictedPart, int] | None:
        """Return what whole records became, and the count of their lines; None if it is unsure."""
        found = self.predictor.predict(data)
        return None if found is None else self.part_of(found)

    def each_part(
        self, table: Table, work: Callable[[Rows | PredictedPart], T], threads: int
    ) -> Iterator[tuple[Rows | PredictedPart, T]]:
        """Yield each part of a table with the result of the work on it.

        See `each_in_passes`, which raises the errors.
        """
        if self.descriptor() is None:
            return table.each_taken(self.layout, self.take, work, threads=threads)
        return each_in_passes(table, self, work, threads, RANGE_BYTES)

    def read_file(self, descriptor: int, start: int, end: int, threads: int) -> "FilePrediction":
        """Start to predict for a file from a record's offset on, up to near its end, and to write.

        Raises
        ------
        OSError
            While the results are read, if the output cannot be written.

        """
        output = self.descriptor()
        if output is None:
            raise AssertionError("a file is predicted for without a place to write to")
        return self.predictor.predict_file(descriptor, start, end, RANGE_BYTES, threads, output)

    def part_of(self, found: "Predictions") -> tuple[PredictedPart, int]:
        """Return the part of what was found, and the count of its lines."""
        text, records, lines, used, missing, outside, groupings = found
        part = PredictedPart(
            source=self.layout.source,
            count=records,
            used=used,
            missing=missing,
            groupings=tuple(map(Grouping, groupings)) if self.layout.asks_grouping else (),
            written=WrittenRecords(
                text=text, outside=dict(zip(self.layout.names, outside, strict=True))
            ),
        )
        return part, lines


def _scale(center: ExactDecimal, decimals: int) -> tuple[tuple[int, int, int], int]:
    """Return how integers with some decimals become differences from the center.

    Returns
    -------
    The factor of an integer, what is subtracted from it then, and the size of the largest integer
    that this is right for, below 0 if there is none; and the decimals of the difference.

    """
    places = max(decimals, center.decimals) if center.integer else decimals
    factor = power_of_ten(places - decimals)
    moved = center.integer * power_of_ten(places - center.decimals) if center.integer else 0
    if places > MAX_EXACT_POWER or abs(moved) >= FACTOR_LIMIT:
        return (0, 0, -1), 0
    return (min(factor, FACTOR_LIMIT), moved, (FACTOR_LIMIT - 1) // factor), places
