"""What a cluster costs: `python tests/bench/cluster.py FILE FEATURE TARGET`.

Compare a cluster of this machine, one process for each core, with one process with as many threads:
both read the same file in turn. Then measure the cost of one task beyond its reading, the size of
its result, and the time of a merge: docs/cluster.md scales these figures up.
"""

import pickle
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from linreg_cli.reading.cluster.connection import LOCAL, connected, require_same_version
from linreg_cli.reading.cluster.plan import Plan
from linreg_cli.reading.cluster.run import MERGED_AT_ONCE, Run
from linreg_cli.reading.cluster.tasks import RANGE_BYTES, Job, merge, read_start, sum_range
from linreg_cli.reading.cluster.url_sources import find_remote_sources
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.csv.in_order import default_threads
from linreg_cli.reading.csv.ranges import guess_ranges
from linreg_cli.reading.row_sums import sum_rows
from linreg_cli.reading.selection import Selection
from linreg_cli.reading.sources.source import Source

ROUNDS = 9
TINY_RANGES = 2000


def nothing(*_: object) -> None:
    """Show no progress."""


def seconds(work: Callable[[], object]) -> float:
    """Time one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(path: str, feature: str, target: str) -> None:
    """Measure, and print."""
    [source] = find_remote_sources([path])
    job = Job(selection=Selection(columns=(feature, target)), options=CsvOptions())
    core = measure_one_core(source, job)
    start = time.perf_counter()
    with connected(LOCAL) as client:
        require_same_version(client)
        print(f"start of a local cluster     {time.perf_counter() - start:8.2f} s")

        def spread(source: Source = source, range_bytes: int = RANGE_BYTES) -> int:
            plan = Plan(
                [source], Job(selection=job.selection, options=job.options, range_bytes=range_bytes)
            )
            run = Run(client, plan, nothing)
            run.work()
            run.merged(plan.moments)
            return len(plan.moments)

        def alone() -> None:
            sum_rows([source], job.selection, job.options, advance=nothing)

        spread()
        pairs = [(seconds(alone), seconds(spread)) for _ in range(ROUNDS)]
        processes = f"x {default_threads()}"
        for name, column in (("one process, threads", 0), ("cluster, processes", 1)):
            times = [pair[column] for pair in pairs]
            print(f"{name:21}{processes:7} {median(times):8.3f} s, at best {min(times):.3f} s")
        measure_tasks(source, spread)
    print(f"one core                     {core:8.3f} s of its time")


def measure_one_core(source: Source, job: Job) -> float:
    """Sum all ranges of a file in this thread, and print the size of the results."""
    file_start = read_start(source, job)
    assert file_start.size, "the file is smaller than a range"
    ranges = guess_ranges(file_start.head, file_start.start, file_start.size, job.range_bytes)
    start = time.thread_time()
    parts = [sum_range(source, file_start, part, job) for part in ranges]
    core = time.thread_time() - start
    merging = min(seconds(lambda: merge(parts[:1] * MERGED_AT_ONCE)) for _ in range(100))
    print(f"result of a task             {max(len(pickle.dumps(part)) for part in parts):8} bytes")
    print(f"merge of {MERGED_AT_ONCE} results          {1000 * merging:8.2f} ms")
    return core


def measure_tasks(source: Source, spread: Callable[[Source, int], int]) -> None:
    """Print the cost of a task that reads almost nothing."""
    with tempfile.TemporaryDirectory() as folder, source.open_bytes() as file:
        small = Path(folder) / "small.csv"
        small.write_bytes(file.read(1 << 21).rpartition(b"\n")[0])
        tiny = Source("small.csv", small)
        used = time.process_time()
        start = time.perf_counter()
        tasks = spread(tiny, small.stat().st_size // TINY_RANGES)
        print(
            f"a task beyond its reading    {1000 * (time.perf_counter() - start) / tasks:8.2f} ms"
        )
        used = time.process_time() - used
        print(f"... of that scheduler, client{1000 * used / tasks:8.2f} ms of one core")


if __name__ == "__main__":
    main(*sys.argv[1:])
