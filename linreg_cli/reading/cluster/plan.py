"""Which task is next, and which error is the first: the plan of a run, which knows no cluster.

Each file is looked at; then its ranges are summed. Where one of them holds a quote, so that the
places where ranges were cut may be wrong, the file is divided exactly and summed again.

Tasks end in any order. An error counts only once all that lies before it has been read, as if one
process had read everything in order.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from linreg_cli.errors import DataError
from linreg_cli.reading.cluster.tasks import Job, Look, divide, look_at, sum_file, sum_range
from linreg_cli.reading.csv import QuotesFoundError, Range, guess_ranges
from linreg_cli.reading.sources import Source


@dataclass(frozen=True, eq=False, kw_only=True)
class Task:
    """A call for a worker.

    Attributes
    ----------
    source, number
        Its place in the data: the number of the source, and of the range therein; -1 for what
        comes before its ranges.
    function, arguments
        The call.
    size
        How many bytes of the data it sums.
    has_line
        Whether lines in its errors are those of the file.

    """

    source: int
    number: int
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    size: int = 0
    has_line: bool = True

    @property
    def place(self) -> tuple[int, int]:
        """What tasks are ordered by."""
        return self.source, self.number

    @property
    def gives_moments(self) -> bool:
        """Whether its result is sums, to be merged, and not what the plan goes on with."""
        return self.number >= 0


class Plan:
    """The tasks of a run: `start` gives the first, `finished` and `failed` those that follow."""

    def __init__(self, sources: Sequence[Source], job: Job) -> None:
        self._sources = sources
        self._job = job
        self._looks: dict[int, Look] = {}
        self._sums: dict[int, list[Task]] = {}
        self._open: set[Task] = set()
        self._faults: dict[Task, DataError] = {}
        self.summed_bytes = 0

    def start(self) -> list[Task]:
        """Give the first tasks."""
        return self._opened(
            Task(source=i, number=-1, function=look_at, arguments=(source, self._job))
            for i, source in enumerate(self._sources)
        )

    def is_open(self, task: Task) -> bool:
        """Tell whether the end of a task is still waited for."""
        return task in self._open

    @property
    def is_done(self) -> bool:
        """Whether no task is left to wait for: none at all, or none before the first error."""
        if self.fault is None:
            return not self._open
        first, _ = self.fault
        return all(first.place < task.place for task in self._open)

    @property
    def fault(self) -> tuple[Task, DataError] | None:
        """The first error so far in the order of the data, and whose it is."""
        return min(self._faults.items(), key=lambda item: item[0].place, default=None)

    @property
    def moments(self) -> list[Task]:
        """The tasks that give sums, in the order of the data."""
        return [task for i in range(len(self._sources)) for task in self._sums[i]]

    def beside(self, task: Task) -> list[Task]:
        """Give all tasks that sum the same file as one of them."""
        return self._sums[task.source]

    def moments_before(self, task: Task) -> list[Task]:
        """Give the tasks whose lines must be known to place an error of a task."""
        return [] if task.has_line else self._sums[task.source][: task.number]

    @property
    def numeric_headers(self) -> tuple[str, ...]:
        """Sources whose first row holds nothing but numbers and was yet taken for a header."""
        heads = (self._looks[i].head for i in range(len(self._sources)))
        return tuple(head.source for head in heads if head.has_numeric_header)

    def placed(self, task: Task, error: DataError, lines_before: int) -> DataError:
        """Give the error of a task with its line in the file; `moments_before` took so many."""
        if task.has_line:
            return error
        return error.moved(self._looks[task.source].head.first_line - 1 + lines_before)

    def finished(self, task: Task, result: Look | list[Range] | None = None) -> list[Task]:
        """Take the result of a task, unless it is sums; give the tasks that follow."""
        self._open.discard(task)
        if isinstance(result, Look):
            self._looks[task.source] = result
            return self._after_look(task, result)
        if result is not None:
            return self._summing(task, result)
        self.summed_bytes += task.size
        return []

    def failed(self, task: Task, error: DataError | QuotesFoundError) -> list[Task]:
        """Take the error of a task; give the tasks that follow."""
        self._open.discard(task)
        if isinstance(error, QuotesFoundError):
            for other in self._sums.pop(task.source):
                had_fault = self._faults.pop(other, None)  # perhaps it read what is quoted
                if other not in self._open and other is not task and not had_fault:
                    self.summed_bytes -= other.size
                self._open.discard(other)
            return self._dividing(task)
        self._faults[task] = error
        return []

    def _after_look(self, task: Task, look: Look) -> list[Task]:
        if look.size is None:
            source = self._sources[task.source]
            whole = Task(
                source=task.source,
                number=0,
                function=sum_file,
                arguments=(source, self._job),
                size=source.size or 0,
            )
            self._sums[task.source] = self._opened([whole])
            return self._sums[task.source]
        if look.has_quotes:
            return self._dividing(task)
        return self._summing(
            task, guess_ranges(look.head, look.start, look.size, self._job.range_bytes)
        )

    def _dividing(self, task: Task) -> list[Task]:
        arguments = (self._sources[task.source], self._looks[task.source], self._job)
        return self._opened(
            [Task(source=task.source, number=-1, function=divide, arguments=arguments)]
        )

    def _summing(self, task: Task, ranges: Sequence[Range]) -> list[Task]:
        look = self._looks[task.source]
        self._sums[task.source] = self._opened(
            Task(
                source=task.source,
                number=number,
                function=sum_range,
                arguments=(self._sources[task.source], look, part, self._job),
                size=int(min(part.end, look.size or 0)) - part.start,
                has_line=part.first_line is not None,
            )
            for number, part in enumerate(ranges)
        )
        return self._sums[task.source]

    def _opened(self, tasks: Iterable[Task]) -> list[Task]:
        opened = list(tasks)
        self._open.update(opened)
        return opened
