"""The errors that linreg reports, and the exit status of each.

LinregError
├── UsageError       2   the command line asks for something that cannot be done
│   └── FormulaError         at a place in a formula
├── DataError        3   the data cannot be read, or a result cannot be written
│   ├── NoRowsError      none of its rows can be used
│   └── ClusterError     the cluster cannot do its work
├── ModelFileError   4   a model file cannot be read or written
├── FitError         5   no fit: diverged, collinear or constant columns, too few rows
└── ConditionError        6   a condition of --fail-if holds

Exit status 1 is left to bugs, which keep their traceback.
"""

import signal
from collections.abc import Iterable, Sequence
from typing import ClassVar, Self

ENDING = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
)  # Windows has no SIGHUP
"""The signals that ask the program to end: it exits with 128 + their number."""


class LinregError(Exception):
    """An error that the user can correct: one message, and a hint with the remedy."""

    exit_code: ClassVar[int]

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(LinregError):
    """The command line contradicts itself or the file it names."""

    exit_code = 2


class FormulaError(UsageError):
    """A formula does not parse, or a part of it is not supported.

    Attributes
    ----------
    formula
        The formula as it is written.
    place
        The place of the fault in it, from 0.
    corrected
        The formula without this fault; empty if it is not clear. It may have others.

    """

    def __init__(
        self, problem: str, *, formula: str, place: int, hint: str, corrected: str = ""
    ) -> None:
        super().__init__(problem, hint=hint)
        self.formula = formula
        self.place = place
        self.corrected = corrected


class DataError(LinregError):
    """The data cannot be read as asked, at a place that is named where it is known."""

    exit_code = 3

    def __init__(
        self,
        problem: str,
        *,
        source: str = "",
        line: int | None = None,
        column: str = "",
        hint: str = "",
    ) -> None:
        place = [source] if source else []
        if line is not None:
            place.append(f"line {line}")
        if column:
            place.append(f"column '{column}'")
        super().__init__(": ".join(filter(None, [", ".join(place), problem])), hint=hint)
        self.problem = problem
        self.source = source
        self.line = line
        self.column = column

    def moved(self, lines: int) -> Self:
        """Return the same error with its line number increased by `lines`."""
        return type(self)(
            self.problem,
            source=self.source,
            line=None if self.line is None else self.line + lines,
            column=self.column,
            hint=self.hint,
        )


class NoRowsError(DataError):
    """The data was read, but none of its rows can be used."""


class ClusterError(DataError):
    """There is no scheduler, no worker, or a worker that cannot do its work."""


class ModelFileError(LinregError):
    """A model file cannot be read, understood or written."""

    exit_code = 4


class FitError(LinregError):
    """The numbers can be read but determine no fit."""

    exit_code = 5


class ConditionError(LinregError):
    """A condition of --fail-if holds."""

    exit_code = 6


def nearest(name: str, names: Iterable[str]) -> str:
    """Return the clause "did you mean 'price'?" for the closest of `names`, or nothing."""
    close = closest(name, names)
    return f"did you mean '{close}'?" if close else ""


def closest(name: str, names: Iterable[str]) -> str:
    """Return the closest of `names`, or nothing if none is close."""
    from difflib import get_close_matches

    candidates = {candidate.casefold(): candidate for candidate in names}
    close = get_close_matches(name.casefold(), candidates, n=1, cutoff=0.6)
    return candidates[close[0]] if close else ""


def refuse_named_twice(columns: Sequence[str], options: str) -> None:
    """Raise an error if a column is named twice by some options.

    Raises
    ------
    UsageError
        For the first column that was named before.

    """
    named: set[str] = set()
    for name in columns:
        if name in named:
            raise UsageError(
                f"column '{name}' is named twice in {options}", hint="Name each column once."
            )
        named.add(name)


def count_of(number: int, noun: str) -> str:
    """Write a count with its noun: 1 row, 2 rows."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
