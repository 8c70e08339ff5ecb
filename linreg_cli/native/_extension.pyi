from collections.abc import Iterator
from typing import Self, TypeAlias

_Column: TypeAlias = tuple[bytes, int, bytes, int, int, tuple[str, ...], bytes, bool, int]
Missing: TypeAlias = tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[int, int], ...]]

def scan_chunk(
    data: bytes,
    delimiter: str,
    point: str,
    width: int,
    has_empty_last: bool,
    positions: tuple[int, ...],
    missing: Missing,
    keeps_records: bool,
    categories: int,
    keys: int,
    /,
) -> (
    tuple[
        int,
        int,
        bytes,
        tuple[int, ...],
        tuple[int, ...],
        bytes,
        bytes,
        bytes,
        tuple[int, ...],
        tuple[tuple[str, ...], ...],
    ]
    | None
): ...
def scan_columns(
    data: bytes,
    delimiter: str,
    point: str,
    width: int,
    has_empty_last: bool,
    missing: Missing,
    takes_text: bool,
    /,
) -> tuple[int, int, tuple[_Column | None, ...]] | None: ...
def last_record_end(data: bytes, delimiter: str, /) -> int: ...
def sum_moments(values: object, weights: object, columns: int, /) -> bytes | None: ...
def sum_fourth(values: object, origin: object, /) -> bytes | None: ...
def sum_by_code(values: object, weights: object, codes: object, size: int, /) -> bytes | None: ...
def sum_logarithms(weights: object, decimals: int, codes: object, size: int, /) -> bytes | None: ...
def sum_products_by_code(
    values: object, weights: object, codes: object, columns: int, size: int, /
) -> tuple[bytes, bytes, bytes, bytes] | None: ...
def predict(
    values: object, slopes: object, tens: object, value: float, /
) -> tuple[bytes, bytes]: ...
def predict_by_code(
    values: object, codes: object, slopes: object, tens: object, at_center: object, /
) -> tuple[bytes, bytes]: ...
def write_numbers(
    data: bytes,
    starts: object,
    ends: object,
    complete: object,
    numbers: object,
    delimiter: str,
    point: str,
    line_end: bytes,
    /,
) -> bytes: ...
def instructions() -> str: ...

Predictions: TypeAlias = tuple[
    bytes, int, int, int, tuple[int, ...], tuple[int, ...], tuple[int, ...]
]

class FilePrediction(Iterator[Predictions]):
    @property
    def offset(self) -> int: ...
    def __next__(self) -> Predictions: ...

class Predictor:
    def __new__(
        cls,
        delimiter: str,
        point: str,
        width: int,
        has_empty_last: bool,
        positions: tuple[int, ...],
        missing: Missing,
        allows_missing: bool,
        slopes: object,
        value: float,
        scales: object,
        tens: object,
        digits: int,
        written_delimiter: str,
        written_point: str,
        line_end: bytes,
        repeats: bool,
        /,
    ) -> Self: ...
    def predict(self, data: bytes, /) -> Predictions | None: ...
    def predict_file(
        self,
        descriptor: int,
        start: int,
        end: int,
        range_bytes: int,
        threads: int,
        output: int,
        /,
    ) -> FilePrediction: ...

Counts: TypeAlias = tuple[int, int, int, int, int, tuple[int, ...], tuple[int, ...]]
Sums: TypeAlias = tuple[int, tuple[int, ...], int, bytes, bytes, bytes, bytes, bytes, bytes]
GroupTable: TypeAlias = tuple[
    tuple[int, ...], tuple[str, ...], bytes, bytes, bytes, bytes, bytes, bytes
]
SummedRecords: TypeAlias = tuple[Counts, list[Sums], list[GroupTable]]

class FileSums(Iterator[SummedRecords]):
    @property
    def offset(self) -> int: ...
    def __next__(self) -> SummedRecords: ...

class Summer:
    def __new__(
        cls,
        delimiter: str,
        point: str,
        width: int,
        has_empty_last: bool,
        positions: tuple[int, ...],
        missing: Missing,
        keys: int,
        allows_missing: bool,
        keeps_missing: bool,
        sums_fourth: bool,
        is_weighted: bool,
        factors: object,
        bounds: object,
        /,
    ) -> Self: ...
    def sum(self, data: bytes, /) -> SummedRecords | None: ...
    def sum_file(
        self, descriptor: int, start: int, end: int, range_bytes: int, threads: int, /
    ) -> FileSums: ...
