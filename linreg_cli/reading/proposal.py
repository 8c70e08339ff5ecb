"""The features and the target that `linreg columns` proposes, and the options that they need."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct

from linreg_cli.reading.column_description import ColumnDescription
from linreg_cli.reading.csv import CsvOptions, Head, names_with
from linreg_cli.reading.trial import Trial

MOST_FEATURES = 10
"""The most features that are proposed."""

MOST_LEVELS = 20
"""The most levels of a category that is proposed."""


class Proposal(Struct, frozen=True, kw_only=True):
    """Features and a target of which a line can be learned.

    Attributes
    ----------
    x, y
        The features that are numbers, and the target.
    categories
        The features that are categories.
    options
        The options with which they are read.
    sets_aside
        Whether rows have to be set aside because cells in them are not numbers.

    """

    x: tuple[str, ...]
    y: str
    options: CsvOptions
    sets_aside: bool = False
    categories: tuple[str, ...] = ()


class _Candidate(NamedTuple):
    """A column, the number of its rows without a number, and those with one and a target."""

    name: str
    lost: int
    pairs: int = 0


class _Reading(Struct, frozen=True):
    """The columns that are numbers with some options."""

    options: CsvOptions
    candidates: tuple[_Candidate, ...]
    sets_aside: bool = False

    def has(self, y: str | None) -> bool:
        return y is None or any(each.name == y for each in self.candidates)

    def choose(self, rows: int, y: str | None) -> Proposal | None:
        """Return features and a target that surely have enough rows in common."""
        for target in reversed(self.candidates):
            if y in {None, target.name}:
                x = tuple(self._features(target, rows - target.lost)) or self._pair_of(target)
                if x:
                    options, sets_aside = self.options, self.sets_aside
                    return Proposal(x=x, y=target.name, options=options, sets_aside=sets_aside)
        return None

    def _features(self, target: _Candidate, sure: int) -> Iterator[str]:
        """Yield features; `sure` is the least number of rows that have a number in all columns."""
        weights = 2
        for each in self.candidates:
            if each != target and sure - each.lost >= weights and weights <= MOST_FEATURES + 1:
                sure -= each.lost
                weights += 1
                yield each.name

    def _pair_of(self, target: _Candidate) -> tuple[str, ...]:
        """Return the feature with most rows in common with the target, if that is known."""
        others = [each for each in self.candidates if each != target and each.pairs > 1]
        return tuple(each.name for each in sorted(others, key=lambda each: -each.pairs)[:1])


def propose(  # noqa: PLR0913  # what is known of the columns
    head: Head,
    columns: Sequence[ColumnDescription],
    rows: int,
    trial: Trial,
    y: str | None,
    *,
    options: CsvOptions | None,
) -> Proposal | str:
    """Return features and a target, or the reason why there are none.

    The target is `y`, or else the last column that can be one. There are at least as many rows
    with a number in all of these columns as there are weights to learn.

    Parameters
    ----------
    head
        The start of the first file.
    columns
        The columns, as they are read with the options that the user gave.
    rows
        The number of rows.
    trial
        The same columns, as they are read with options that make numbers of further cells.
    y
        The target that the user named, if there is one.
    options
        The options of the trial as they have to be given; None if they cannot be.

    """
    given = _Reading(head.options, _numbers(head.names, columns))
    helped = mostly = _Reading(head.options, ())
    if options is not None:
        names = names_with(head, options)
        helped = _Reading(options, _helped(names, columns, trial))
        mostly = _Reading(options, _mostly_numbers(names, columns, rows, trial), sets_aside=True)
    is_better = len(helped.candidates) > len(given.candidates) or not given.has(y)
    for reading in (helped, given, mostly) if is_better else (given, helped, mostly):
        chosen = reading.choose(rows, y)
        if chosen is not None:
            return chosen
    for reading in (given, helped):
        chosen = _of_categories(reading, columns, rows, y)
        if chosen is not None:
            return chosen
    return _why_not(helped if is_better else given, rows, y)


def _numbers(names: Sequence[str], columns: Sequence[ColumnDescription]) -> tuple[_Candidate, ...]:
    return tuple(
        _Candidate(column.name, column.missing, column.pairs or 0)
        for column in columns
        if column.kind == "number" and column.varies and _is_nameable(column.name, names)
    )


def _helped(
    names: Sequence[str], columns: Sequence[ColumnDescription], trial: Trial
) -> tuple[_Candidate, ...]:
    """Return the columns that are numbers with the options of the trial."""
    return tuple(
        _Candidate(name, trial.missing[j])
        for j, (name, column) in enumerate(zip(names, columns, strict=False))
        if not trial.left[j] and column.varies and _is_nameable(name, names)
    )


def _mostly_numbers(
    names: Sequence[str], columns: Sequence[ColumnDescription], rows: int, trial: Trial
) -> tuple[_Candidate, ...]:
    """Return the columns that have a number in at least half of the rows."""
    lost = [missing + left for missing, left in zip(trial.missing, trial.left, strict=True)]
    return tuple(
        _Candidate(name, lost[j])
        for j, (name, column) in enumerate(zip(names, columns, strict=False))
        if 2 * lost[j] <= rows and column.varies and _is_nameable(name, names)
    )


def _of_categories(
    reading: _Reading, columns: Sequence[ColumnDescription], rows: int, y: str | None
) -> Proposal | None:
    """Return categories as features where no second column is numbers."""
    names = [column.name for column in columns]
    for target in reversed(reading.candidates):
        if y not in {None, target.name}:
            continue
        sure, weights = rows - target.lost, 1
        found: list[str] = []
        for column in columns:
            is_category = column.kind in {"category", "boolean"} and _is_nameable(
                column.name, names
            )
            more = column.distinct_texts - 1
            fits = sure - column.missing > weights + more
            if is_category and 0 < more < MOST_LEVELS and fits and len(found) < MOST_FEATURES:
                sure, weights = sure - column.missing, weights + more
                found.append(column.name)
        if found:
            options = reading.options
            return Proposal(x=(), y=target.name, options=options, categories=tuple(found))
    return None


def _is_nameable(name: str, names: Sequence[str]) -> bool:
    """Return whether a name can be typed and means one column."""
    return name.isprintable() and name != "" and names.count(name) == 1


def _why_not(reading: _Reading, rows: int, y: str | None) -> str:
    if not rows:
        return "there is no row"
    if not reading.has(y):
        return f"'{y}' is not a column of numbers that vary"
    count = len(reading.candidates)
    if count < 2:  # noqa: PLR2004 - a feature and a target
        found = f"only '{reading.candidates[0].name}' is one" if count else "there is none"
        return f"a line needs two columns of numbers that vary, and {found}"
    return "no two columns of numbers are known to have two rows in common"
