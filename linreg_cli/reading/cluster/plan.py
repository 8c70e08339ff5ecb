"""The plan of a run: which task comes next, and which error is the first. It knows no cluster.

The start of each file is read first; then its ranges are summed. Where a range holds a quote, the
borders of the ranges may be wrong: then the file is divided exactly and summed again.

Tasks end in any order. An error is reported once all rows before it have been read, as if one
process had read everything in order.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from msgspec import Struct

from linreg_cli.errors import DataError
from linreg_cli.reading.cluster.tasks import FileStart, Job, divide, read_start, sum_file, sum_range
from linreg_cli.reading.csv import Groupings, Range, find_doubts, guess_ranges
from linreg_cli.reading.sources import Source


class Task(Struct, frozen=True, eq=False, kw_only=True):
    """A function that a worker calls.

    Attributes
    ----------
    source, number
        Its place in the data: the number of the source, and of the range in it; -1 for a task
        that comes before the ranges.
    function, arguments
        The call.
    size
        The number of bytes that it sums.
    has_line
        Whether the lines in its errors are lines of the file, not of the range.

    """

    source: int
    number: int
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    size: int = 0
    has_line: bool = True

    @property
    def place(self) -> tuple[int, int]:
        """The key by which tasks are ordered."""
        return self.source, self.number

    @property
    def gives_moments(self) -> bool:
        """Whether its result is moments, which are merged at the end."""
        return self.number >= 0


class Plan:
    """The tasks of a run: `start` returns the first, `finished` and `failed` those that follow."""

    def __init__(self, sources: Sequence[Source], job: Job) -> None:
        self._sources = sources
        self._job = job
        self._starts: dict[int, FileStart] = {}
        self._sums: dict[int, list[Task]] = {}
        self._open: set[Task] = set()
        self._faults: dict[Task, DataError] = {}
        self.summed_bytes = 0

    def start(self) -> list[Task]:
        """Return the first tasks."""
        return self._opened(
            Task(source=i, number=-1, function=read_start, arguments=(source, self._job))
            for i, source in enumerate(self._sources)
        )

    def is_open(self, task: Task) -> bool:
        """Return whether a task has not ended yet."""
        return task in self._open

    @property
    def is_done(self) -> bool:
        """Whether all tasks have ended, or all that lie before the first error."""
        if self.fault is None:
            return not self._open
        first, _ = self.fault
        return all(first.place < task.place for task in self._open)

    @property
    def fault(self) -> tuple[Task, DataError] | None:
        """The first error so far, in the order of the data, and its task."""
        return min(self._faults.items(), key=lambda item: item[0].place, default=None)

    @property
    def moments(self) -> list[Task]:
        """The tasks whose results are moments, in the order of the data."""
        return [task for i in range(len(self._sources)) for task in self._sums[i]]

    def beside(self, task: Task) -> list[Task]:
        """Return all tasks that sum the same file as this one."""
        return self._sums[task.source]

    def moments_before(self, task: Task) -> list[Task]:
        """Return the tasks whose lines must be counted to place an error of this one."""
        return [] if task.has_line else self._sums[task.source][: task.number]

    @property
    def numeric_headers(self) -> tuple[str, ...]:
        """The sources whose first record was taken for a header although it holds only numbers."""
        heads = (self._starts[i].head for i in range(len(self._sources)))
        return tuple(head.source for head in heads if head.has_numeric_header)

    def notes(self, groupings: Groupings) -> tuple[str, ...]:
        """Return what is in doubt about the files, whose numbers have these groupings."""
        columns = self._job.selection.all_columns
        heads = (self._starts[i].head for i in range(len(self._sources)))
        return tuple(note for head in heads for note in find_doubts(head, columns, groupings))

    def placed(self, task: Task, error: DataError, lines_before: int) -> DataError:
        """Return the error of a task with its line in the file.

        `lines_before` is the number of lines that `moments_before` read.
        """
        if task.has_line:
            return error
        return error.moved(self._starts[task.source].head.first_line - 1 + lines_before)

    def finished(self, task: Task, result: FileStart | list[Range] | None = None) -> list[Task]:
        """Take the result of a task, unless it is moments; return the tasks that follow."""
        self._open.discard(task)
        if isinstance(result, FileStart):
            self._starts[task.source] = result
            return self._after_start(task, result)
        if result is not None:
            return self._summing(task, result)
        self.summed_bytes += task.size
        return []

    def failed(self, task: Task, error: DataError) -> None:
        """Keep the error of a task: which one is the first is known when all tasks have ended."""
        self._open.discard(task)
        self._faults[task] = error

    def found_quotes(self, task: Task) -> list[Task]:
        """Drop the ranges of a file whose ends are guesses; return the task that divides it."""
        self._open.discard(task)
        for other in self._sums.pop(task.source):
            had_fault = self._faults.pop(other, None)  # perhaps it read quoted text as rows
            if other not in self._open and other is not task and not had_fault:
                self.summed_bytes -= other.size
            self._open.discard(other)
        return self._dividing(task)

    def _after_start(self, task: Task, file_start: FileStart) -> list[Task]:
        if file_start.size is None:
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
        if file_start.has_quotes:
            return self._dividing(task)
        return self._summing(
            task,
            guess_ranges(file_start.head, file_start.start, file_start.size, self._job.range_bytes),
        )

    def _dividing(self, task: Task) -> list[Task]:
        arguments = (self._sources[task.source], self._starts[task.source], self._job)
        return self._opened(
            [Task(source=task.source, number=-1, function=divide, arguments=arguments)]
        )

    def _summing(self, task: Task, ranges: Sequence[Range]) -> list[Task]:
        file_start = self._starts[task.source]
        self._sums[task.source] = self._opened(
            Task(
                source=task.source,
                number=number,
                function=sum_range,
                arguments=(self._sources[task.source], file_start, part, self._job),
                size=int(min(part.end, file_start.size or 0)) - part.start,
                has_line=part.first_line is not None,
            )
            for number, part in enumerate(ranges)
        )
        return self._sums[task.source]

    def _opened(self, tasks: Iterable[Task]) -> list[Task]:
        opened = list(tasks)
        self._open.update(opened)
        return opened
