"""Data for tests on a cluster, and linreg train on it."""

from collections.abc import Callable

from linreg_cli.reading.cluster.run import sum_rows_on_cluster
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.row_sums import PassResult
from linreg_cli.reading.selection import Selection
from linreg_cli.reading.sources.source import Source
from tests.clusters import Cluster
from tests.conftest import Linreg, Result

RANGE_BYTES = 1000


def rows(start: int = 1, stop: int = 400, note: bytes = b"n") -> bytes:
    return b"".join(
        b"%d,%s,%d.%02d,%d,%d\n" % (i % 97, note, i % 13, i % 100, 3 * i % 101, i % 5)
        for i in range(start, stop)
    )


HEADER = b"x,note,z,y,w\n"
PLAIN = HEADER + rows()
QUOTED = HEADER + rows(note=b'"in \n""quotes"",\n1,2,3,4,5\n"')
TWO = ["--x", "x", "--x", "z", "--y", "y"]


def train(linreg: Linreg, cluster: Cluster, *args: str) -> Result:
    return linreg("train", *args, "--cluster", cluster.address)


def sum_there(
    cluster: Cluster, source: Source, at_progress: Callable[[], object], range_bytes: int = 50
) -> PassResult:
    """Gather on a cluster; do something when the first sums are there."""
    has_begun = False

    def advance(read: int, _: int) -> None:
        nonlocal has_begun
        if read and not has_begun:
            has_begun = True
            at_progress()

    selection = Selection(columns=("x", "y"))
    result = sum_rows_on_cluster(
        cluster.address, [source], selection, CsvOptions(), advance=advance, range_bytes=range_bytes
    )
    assert has_begun
    return result
