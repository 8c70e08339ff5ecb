"""The design in the model file: the terms as they were written, and the levels of categories."""

from typing import Self

from linreg_cli.design import Category, Column, Design, KnownLevels, Term
from linreg_cli.model.record import Record


class StoredFactor(Record, frozen=True, kw_only=True):
    """A factor of a term: a column of numbers or a category."""

    column: str | None = None
    category: str | None = None

    def __post_init__(self) -> None:
        """Refuse a factor that is both or neither."""
        if (self.column is None) == (self.category is None):
            raise ValueError("a factor must be a 'column' or a 'category'")

    def restore(self) -> Column | Category:
        """Return the factor."""
        return Category(self.category) if self.category is not None else Column(self.column or "")


class StoredDesign(Record, frozen=True, kw_only=True):
    """What the features are computed from; `references` has the levels that the user chose."""

    terms: tuple[tuple[StoredFactor], ...]
    levels: dict[str, tuple[str, ...]]
    references: dict[str, str] | None = None

    def __post_init__(self) -> None:
        """Refuse levels that are not those of the categories."""
        design = self.design
        if tuple(self.levels) != design.categories:
            raise ValueError(
                "'levels' must have the levels of each category, in the order of 'terms'"
            )
        if any(not found or len(set(found)) < len(found) for found in self.levels.values()):
            raise ValueError("'levels' must have at least one level, and none twice")
        for column, level in design.references.items():
            if level not in self.levels.get(column, ()):
                raise ValueError(f"the reference of '{column}' is not among its levels")

    @classmethod
    def of(cls, known: KnownLevels) -> Self:
        """Return the stored form of a design."""
        return cls(
            terms=tuple((_stored(term),) for term in known.design.terms),
            levels={column: tuple(levels) for column, levels in known.levels.items()},
            references=dict(known.design.references) or None,
        )

    @property
    def design(self) -> Design:
        """The terms as they were written."""
        return Design(
            terms=tuple(Term((factor.restore(),)) for (factor,) in self.terms),
            references=self.references or {},
        )

    def known(self, *, has_intercept: bool) -> KnownLevels:
        """Return the design with its levels."""
        return KnownLevels(design=self.design, levels=self.levels, has_intercept=has_intercept)


def _stored(term: Term) -> StoredFactor:
    [factor] = term.factors
    if isinstance(factor, Category):
        return StoredFactor(category=factor.column)
    assert isinstance(factor, Column)  # noqa: S101 - there are no other factors yet
    return StoredFactor(column=factor.name)
