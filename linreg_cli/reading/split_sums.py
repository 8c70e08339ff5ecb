"""The moments of rows by part of a split; with categories, their sums by level too."""

import shlex
from collections.abc import Collection, Sequence
from functools import reduce
from math import prod
from operator import add
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

from linreg_cli.design import Category, Column
from linreg_cli.errors import DataError
from linreg_cli.exact import is_number
from linreg_cli.moments import PreparedMoments, SplitMoments, Summation

if TYPE_CHECKING:  # rows without categories are summed without NumPy
    from linreg_cli.design import Design, Term
    from linreg_cli.moments import LevelSums, Moments, PreparedSums
    from linreg_cli.reading.fast_sums import SummedPart
    from linreg_cli.reading.selection import Selection
    from linreg_cli.reading.term_sums import PreparedTerms, TermSums
    from linreg_cli.reading.used_rows import Part, UsedRows

Data_co = TypeVar("Data_co", covariant=True)
PreparedPart: TypeAlias = tuple[PreparedMoments, "PreparedSums | None", "PreparedTerms | None"]


class Sums(Protocol[Data_co]):
    """What adds the used rows of chunks up; see `Accumulator` for the threads."""

    def prepare(self, used: "UsedRows", /) -> Any:  # noqa: ANN401 - what `take` takes
        """Return what `take` adds for some rows."""

    def prepare_summed(self, part: "SummedPart", /) -> Any:  # noqa: ANN401 - as above
        """Return what `take` adds for rows that the extension has summed."""

    def take(self, prepared: Any, /) -> None:  # noqa: ANN401 - as above
        """Add what was prepared."""

    def refuse_too_many(self, source: str, /) -> None:
        """Raise an error if there are too many levels or groups to continue."""

    def data(self) -> Data_co:
        """Return the moments of all rows so far."""


class PartSums:
    """The moments of the rows of one part; with categories, their sums by level too."""

    def __init__(self, selection: "Selection") -> None:
        self._design = selection.design
        self._sums = _level_sums(self._design, selection.columns) if self._design else None
        self._terms: TermSums | None = None
        if self._design and selection.sums_fourth:
            self._terms = _term_sums(self._design, selection.columns[-1])
        self._summation = Summation(
            selection.columns,
            selection.weights,
            sums_fourth=selection.sums_fourth and not self._terms,
        )

    def prepare(self, part: "Part") -> PreparedPart:
        """Return what `take` adds for some rows."""
        return (
            self._summation.prepare(part.numbers, part.weights),
            self._sums.prepare(*part) if self._sums else None,
            self._terms.prepare(part) if self._terms else None,
        )

    def take(self, prepared: PreparedPart) -> None:
        """Add what was prepared."""
        moments, sums, terms = prepared
        self._summation.take(moments)
        if self._sums and sums:
            self._sums.take(sums)
        if self._terms and terms:
            self._terms.take(terms)

    def count_levels(self, term: "Term") -> int:
        """Return the number of levels of a category, or of combinations of those of several."""
        if not self._sums:
            return 0
        return prod(len(self._sums.levels(column)) for column in term.categories)

    def levels(self, term: "Term") -> set[str]:
        """Return the levels of the first category of a term."""
        return self._sums.levels(term.categories[0]) if self._sums else set()

    def total(self) -> "Moments":
        """Return the moments of all rows so far."""
        moments = self._summation.total()
        if self._design and self._sums:
            from linreg_cli.moments import with_levels_of

            moments = with_levels_of(moments, self._sums, self._design)
        return self._terms.added_to(moments) if self._terms else moments


def _level_sums(design: "Design", columns: Sequence[str]) -> "LevelSums":
    from linreg_cli.moments import LevelSums

    return LevelSums.of(design, columns)


def _term_sums(design: "Design", target: str) -> "TermSums":
    from linreg_cli.reading.term_sums import TermSums

    return TermSums(design, target)


class SplitSums:
    """The moments of rows, by part."""

    def __init__(self, selection: "Selection") -> None:
        self._selection = selection
        self._parts = [PartSums(selection) for _ in range(selection.split.parts)]

    def prepare(self, used: "UsedRows") -> list[PreparedPart]:
        """Return what `take` adds for some rows."""
        return [sums.prepare(part) for sums, part in zip(self._parts, used.parts(), strict=True)]

    def prepare_summed(self, part: "SummedPart") -> list[PreparedPart]:
        """Return what `take` adds for rows that the extension has summed."""
        return [(sums, None, None) for sums in part.sums]

    def take(self, prepared: list[PreparedPart]) -> None:
        """Add what was prepared."""
        for sums, part in zip(self._parts, prepared, strict=True):
            sums.take(part)

    def refuse_too_many(self, source: str) -> None:
        """Raise an error if a category has too many levels.

        Raises
        ------
        DataError
            If it has.

        """
        refuse_many_levels(self._parts, self._selection, source)

    def data(self) -> SplitMoments:
        """Return the moments of all rows so far."""
        return split_of([sums.total() for sums in self._parts], self._selection)


def split_of(parts: "Sequence[Moments]", selection: "Selection") -> SplitMoments:
    """Return the moments of the training rows, the test rows and the folds from those of parts."""
    training = list(parts)
    test = None if selection.split.test_fraction is None else training.pop(0)
    return SplitMoments(
        moments=reduce(add, training),
        test=test,
        folds=tuple(training) if len(training) > 1 else (),
        design=selection.design,
    ).with_same_columns()


def refuse_many_levels(parts: Collection[PartSums], selection: "Selection", source: str) -> None:
    """Raise an error if a category has too many levels in some part.

    Raises
    ------
    DataError
        If it has.

    """
    design = selection.design
    if design is None:
        return
    for term in design.terms:
        counts = [sums.count_levels(term) for sums in parts if term.categories]
        if max(counts, default=0) > design.max_levels:
            levels = max((sums.levels(term) for sums in parts), key=len)
            are_numbers = all(map(is_number, levels))
            remedies = _remedies(term.categories[0], are_numbers=are_numbers)
            # only a training has the options that the remedies name
            raise too_many_levels(
                term, design.max_levels, source, remedies if selection.uses else ""
            )


def too_many_levels(term: "Term", most: int, source: str, remedies: str) -> DataError:
    """Return the error of a category, or a product of categories, with too many levels.

    `remedies` are those beside a higher maximum.
    """
    column, *others = term.categories
    more = f"--max-levels {10 * most} allows more"
    if others:
        return DataError(
            f"{term.name} has more than {most:,} combinations of levels",
            source=source,
            hint=f"Leave out this product; {more}.",
        )
    return DataError(
        f"has more than {most:,} levels",
        source=source,
        column=column,
        hint=f"{remedies}{more} levels.",
    )


def _remedies(column: str, *, are_numbers: bool) -> str:
    """Return what can be done in a training with a category that has too many levels."""
    name = shlex.quote(column)
    found = f"Leave out the category, with --without {name} if a pattern means it"
    if are_numbers:
        found += f", or use its numbers: {Column(column)} in place of {Category(column)}"
    return f"{found}. In its place, --by {name} learns a model for each level. "
