"""A file that becomes shorter while it is read is an error; one that grows is read to its end."""

import bz2
import gzip
import io
import lzma
import os
import random
from collections.abc import Callable
from functools import partial
from itertools import compress
from operator import not_
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from linreg_cli.errors import DataError
from linreg_cli.reading.cluster.tasks import Job, divide, read_start, sum_range
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.csv.ranges import Range, guess_ranges
from linreg_cli.reading.csv.rows import Rows
from linreg_cli.reading.row_sums import sum_rows
from linreg_cli.reading.selection import Selection
from linreg_cli.reading.sources import streams
from linreg_cli.reading.sources.source import Source
from linreg_cli.reading.sources.streams import RawStream
from tests.conftest import Shell
from tests.markers import slow_but_every

HEADER = b"x,y\n"
ROWS = 300_000
SELECTION = Selection(columns=("x", "y"))
JOB = Job(selection=SELECTION, options=CsvOptions(), range_bytes=1 << 16)


def content(rows: int) -> bytes:
    """Return rows that do not compress well, so that a compressed file is long too."""
    numbers = random.Random(1).randbytes(2 * rows)  # noqa: S311  # no secret
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    return HEADER + b"".join(b"%d,%d\n" % pair for pair in pairs)


@pytest.fixture(scope="module")
def large() -> bytes:
    return content(ROWS)


def rows_read_while(source: Source, act: Callable[[], object]) -> int:
    """Read a source with one thread, and do something once its first rows are there."""
    is_done = False

    def watch(_rows: Rows) -> None:
        nonlocal is_done
        if not is_done:
            act()
            is_done = True

    found = sum_rows(
        [source], SELECTION, CsvOptions(), advance=lambda *_: None, threads=1, watch=[watch]
    )
    return found.row_counts.read


@pytest.mark.parametrize("left", slow_but_every(3, [500_001, 0, -1]))
@pytest.mark.parametrize(
    "pack",
    [bytes, gzip.compress, bz2.compress, partial(lzma.compress, preset=0)],
    ids=["plain", "gzip", "bzip2", "xz"],
)
def test_a_file_that_becomes_shorter_is_an_error(
    tmp_path: Path, large: bytes, pack: Callable[[bytes], bytes], left: int
) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(pack(large))
    size = path.stat().st_size
    end = left % size

    def cut() -> None:
        os.truncate(path, end)

    with pytest.raises(DataError) as caught:
        rows_read_while(Source("data.csv", path), cut)
    start, _, said = caught.value.message.partition("it ended after ")
    assert start == "data.csv: was cut short while it was read: "
    at, _, rest = said.partition(" of ")
    assert rest == f"{size:,} bytes"
    assert end <= int(at.replace(",", "")) < size
    assert caught.value.exit_code == 3


def test_a_file_that_grows_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(content(100_000))

    def grow() -> None:
        with path.open("ab") as file:
            file.write(b"1,2\n" * 10)

    assert rows_read_while(Source("data.csv", path), grow) == 100_010


class GrowingFile(io.FileIO):
    """A file that has its former size again when its end is reached."""

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        if not data:
            os.truncate(self.name, 4096)
        return data


def test_a_file_that_has_its_size_again_is_read_on(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"x\n1\n")
    with GrowingFile(path) as file:
        raw = RawStream(cast("BinaryIO", file), "data.csv", (0, 4096))
        assert raw.read(100) == b"x\n1\n"
        assert raw.read(100) == b"\0" * 100


SYS_FILES = [
    path
    for path in (Path("/sys/kernel/uevent_seqnum"), Path("/sys/kernel/address_bits"))
    if path.is_file()
]


@pytest.mark.skipif(not SYS_FILES, reason="this system has no /sys")
def test_a_file_in_sys_is_read_to_its_end() -> None:
    [path, *_] = SYS_FILES
    assert path.stat().st_size > len(path.read_bytes())
    with Source(str(path), path).open() as stream:
        assert stream.read(1 << 16) == path.read_bytes()


def test_a_shorter_file_of_constant_size_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "constant"
    path.write_bytes(b"x\n1\n")
    monkeypatch.setattr(streams, "_size_of", lambda _file: 4096)
    with Source("constant", path).open() as stream:
        assert stream.read(100) == b"x\n1\n"


def test_standard_input_counts_from_where_it_is(shell: Shell) -> None:
    Path("data.csv").write_bytes(b"a line before\nx,y\n1,2\n2,3\n")
    done = shell("(read -r line; linreg columns - ) < data.csv")
    assert (done.status, done.stderr) == (0, "stdin: 2 rows read\n")


@pytest.fixture
def source(tmp_path: Path) -> Source:
    path = tmp_path / "data.csv"
    path.write_bytes(content(100_000))
    return Source("data.csv", path)


def ranges(source: Source, *, are_exact: bool) -> tuple[list[Range], Callable[[Range], object]]:
    """Divide a file as a cluster does; return the ranges, and a function that sums one."""
    file_start = read_start(source, JOB)
    assert file_start.size
    parts = (
        divide(source, file_start, JOB)
        if are_exact
        else guess_ranges(file_start.head, file_start.start, file_start.size, JOB.range_bytes)
    )
    return parts, lambda part: sum_range(source, file_start, part, JOB)


@pytest.mark.parametrize("are_exact", [True, False])
@pytest.mark.parametrize("share", [0.0, 0.5, 0.999])
def test_no_part_of_a_shorter_file_is_taken_for_whole(
    source: Source, share: float, *, are_exact: bool
) -> None:
    assert source.path
    parts, sum_part = ranges(source, are_exact=are_exact)
    size = source.path.stat().st_size
    os.truncate(source.path, int(share * size))
    is_whole = [part.end <= share * size for part in parts]
    for part in compress(parts, is_whole):
        sum_part(part)
    others = [*compress(parts, map(not_, is_whole))]
    assert others
    for part in others:
        with pytest.raises(DataError, match="cut short while it was read: it ended after "):
            sum_part(part)


def test_a_file_that_becomes_shorter_before_it_is_divided_is_an_error(source: Source) -> None:
    assert source.path
    file_start = read_start(source, JOB)
    os.truncate(source.path, 200_000)
    with pytest.raises(DataError, match="was cut short while it was read"):
        divide(source, file_start, JOB)
