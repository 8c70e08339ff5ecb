"""Running the tasks of a plan on a cluster."""

from collections.abc import Sequence
from concurrent.futures import CancelledError
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

from distributed import Client, Future
from distributed.scheduler import KilledWorker
from msgspec.structs import replace

from linreg_cli.errors import ClusterError, DataError
from linreg_cli.reading import Advance, PassOf, Selection, require_rows
from linreg_cli.reading.cluster.connection import (
    Watch,
    connected,
    require_same_version,
    scheduler_gone,
)
from linreg_cli.reading.cluster.plan import Plan, Task
from linreg_cli.reading.cluster.tasks import RANGE_BYTES, Job, merge
from linreg_cli.reading.csv import CsvOptions, QuotesFoundError
from linreg_cli.reading.sources import Source

MERGED_AT_ONCE = 16
"""The number of results that one task merges."""

POLL_SECONDS = 1.0
"""Seconds between checks of the cluster while no task ends."""


def sum_rows_on_cluster(  # noqa: PLR0913  # what a pass over data needs
    address: str,
    sources: Sequence[Source],
    selection: Selection,
    options: CsvOptions,
    *,
    advance: Advance,
    range_bytes: int = RANGE_BYTES,
) -> PassOf[Any]:
    """Read all rows of all sources once, as `sum_rows` does, on a cluster.

    Parameters
    ----------
    address
        The address of the scheduler, or `LOCAL`.
    sources
        The files; every worker opens them itself.
    selection
        Which columns are read, and how rows are split.
    options
        The format of the files.
    advance
        Called now and then with the number of bytes summed so far.
    range_bytes
        The number of bytes that one task reads.

    Raises
    ------
    DataError
        Where `sum_rows` raises one, with the same message.
    ClusterError
        If there is no scheduler or no worker, or a worker has another linreg.

    """
    job = Job(selection=selection, options=options, range_bytes=range_bytes)
    plan = Plan(sources, job)
    with connected(address) as client:
        require_same_version(client)
        run = Run(client, plan, advance)
        run.work()
        if plan.fault is not None:
            raise run.placed(*plan.fault)
        result = run.merged(plan.moments)
        require_same_version(client)  # of workers that came during the run
    require_rows(sources, result.row_counts)
    return replace(
        result,
        numeric_headers=plan.numeric_headers,
        notes=plan.notes(result.groupings),
        lines=0,
    )


def perform(task: Task) -> Any:  # noqa: ANN401 - any task's result
    """Do a task; this runs on a worker."""
    try:
        return task.function(*task.arguments)
    except DataError as error:
        found = error
    raise found.moved(0)  # without its cause, which might not be picklable


class Run:
    """A run of a plan: submits its tasks, and waits for their ends."""

    def __init__(self, client: Client, plan: Plan, advance: Advance) -> None:
        self._client = client
        self._plan = plan
        self._advance = advance
        self._watch = Watch(client)
        self._futures: dict[Task, Future[Any]] = {}
        self._ended: SimpleQueue[tuple[Task, Future[Any]]] = SimpleQueue()

    def work(self) -> None:
        """Run all tasks of the plan."""
        self._submit(self._plan.start())
        while not self._plan.is_done:
            try:
                task, future = self._ended.get(timeout=POLL_SECONDS)
            except Empty:
                self._watch.look()
                continue
            if self._plan.is_open(task):
                self._submit(self._end(task, future))
                self._advance(self._plan.summed_bytes, 0)

    def merged(self, tasks: Sequence[Task]) -> PassOf[Any]:
        """Merge the results of tasks: neighbours on workers, until one result is left."""
        futures = [self._futures[task] for task in tasks]
        while True:
            groups = [
                futures[i : i + MERGED_AT_ONCE] for i in range(0, len(futures), MERGED_AT_ONCE)
            ]
            futures = self._client.map(merge, groups, pure=False)
            if len(futures) == 1:
                result: PassOf[Any] = self._result(futures[0])
                return result

    def placed(self, task: Task, error: DataError) -> DataError:
        """Return an error with its line in the file in place of the line in its range."""
        before = self._plan.moments_before(task)
        return self._plan.placed(task, error, self.merged(before).lines if before else 0)

    def _submit(self, tasks: Sequence[Task]) -> None:
        if not tasks:
            return
        futures = self._client.map(perform, tasks, pure=False)
        for task, future in zip(tasks, futures, strict=True):
            self._futures[task] = future
            future.add_done_callback(partial(self._put, task))

    def _put(self, task: Task, future: Future[Any]) -> None:
        self._ended.put((task, future))

    def _end(self, task: Task, future: Future[Any]) -> list[Task]:
        """Record in the plan how a task ended; return the tasks that follow."""
        if task.gives_moments and future.status == "finished":
            return self._plan.finished(task)
        try:
            result = self._result(future)
            # a worker that was lost is replaced: the moments of its task come after all
            return self._plan.finished(task, None if task.gives_moments else result)
        except QuotesFoundError:
            self._client.cancel([self._futures.pop(other) for other in self._plan.beside(task)])
            return self._plan.found_quotes(task)
        except ClusterError:
            raise
        except DataError as error:
            self._plan.failed(task, error)
            return []

    def _result(self, future: Future[Any]) -> Any:  # noqa: ANN401 - any task's result
        """Wait for a result while the cluster can still work."""
        while True:
            try:
                return future.result(timeout=POLL_SECONDS)
            except TimeoutError:
                self._watch.look()
            except CancelledError as error:
                raise scheduler_gone() from error
            except KilledWorker as error:
                raise ClusterError(
                    "a task ended every worker that tried it",
                    hint="Start workers with more memory: dask worker ADDRESS --memory-limit 4GB",
                ) from error
