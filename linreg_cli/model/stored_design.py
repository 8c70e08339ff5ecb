"""The design in the model file: the terms as they were written, and the levels of categories."""

from math import prod
from typing import TYPE_CHECKING, Annotated, Self

from msgspec import Meta

from linreg_cli.model.record import Record

if TYPE_CHECKING:  # most models have no design, and what reads one is not imported for them
    from linreg_cli.design import Category, Design, Expression, Factor, KnownLevels, Term

MAX_PRODUCTS = 1_000_000
"""More combinations of levels than the moments of any model have, which a short file may name."""


class StoredFactor(Record, frozen=True, kw_only=True):
    """A factor of a term: a column of numbers, a category, or an expression such as log(lot)."""

    column: str | None = None
    category: str | None = None
    expression: str | None = None

    def __post_init__(self) -> None:
        """Refuse a factor that is not exactly one of them, or means nothing."""
        kinds = (self.column, self.category, self.expression)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("a factor must be a 'column', a 'category' or an 'expression'")
        if self.expression is not None:
            from linreg_cli.design import read_expression

            read_expression(self.expression)

    @classmethod
    def of(cls, factor: "Factor") -> Self:
        """Return the stored form of a factor."""
        from linreg_cli.design import Category, Column, Level

        assert not isinstance(factor, Level)  # noqa: S101 - terms are stored as they were written
        if isinstance(factor, Column):
            return cls(column=factor.name)
        if isinstance(factor, Category):
            return cls(category=factor.column)
        return cls(expression=str(factor))

    def restore(self) -> "Expression | Category":
        """Return the factor."""
        from linreg_cli.design import Category, Column, read_expression

        if self.category is not None:
            return Category(self.category)
        if self.expression is not None:
            return read_expression(self.expression)
        return Column(self.column or "")


StoredTerm = Annotated[tuple[StoredFactor, ...], Meta(min_length=1)]
"""A product of factors."""


class StoredDesign(Record, frozen=True, kw_only=True):
    """What features and target are computed from; `references` has levels that the user chose.

    `target` is there if the target is not a column of the file, and `max_levels` if it is not the
    default.
    """

    terms: tuple[StoredTerm, ...]
    levels: dict[str, tuple[str, ...]]
    references: dict[str, str] | None = None
    target: StoredFactor | None = None
    max_levels: Annotated[int, Meta(ge=1)] | None = None

    def __post_init__(self) -> None:
        """Refuse terms that there cannot be, and levels that are not those of the categories."""
        if self.target is not None and self.target.category is not None:
            raise ValueError("the target must be a number")
        design = self.design
        if tuple(self.levels) != design.categories:
            raise ValueError(
                "'levels' must have the levels of each category, in the order of 'terms'"
            )
        if any(not found or len(set(found)) < len(found) for found in self.levels.values()):
            raise ValueError("'levels' must have at least one level, and none twice")
        if any(len(set(term)) < len(term) for term in self.terms):
            raise ValueError("a term has a factor twice")
        if any(self._count_products(term) > MAX_PRODUCTS for term in design.terms):
            raise ValueError("a term has too many combinations of levels")
        for column, level in design.references.items():
            if level not in self.levels.get(column, ()):
                raise ValueError(f"the reference of '{column}' is not among its levels")

    def _count_products(self, term: "Term") -> int:
        return prod(len(self.levels[column]) for column in term.categories)

    @classmethod
    def of(cls, known: "KnownLevels") -> Self:
        """Return the stored form of a design."""
        from linreg_cli.design import MAX_LEVELS

        design = known.design
        return cls(
            terms=tuple(tuple(map(StoredFactor.of, term.factors)) for term in design.terms),
            levels={column: tuple(levels) for column, levels in known.levels.items()},
            references=dict(design.references) or None,
            target=StoredFactor.of(design.target.factors[0]) if design.target else None,
            max_levels=design.max_levels if design.max_levels != MAX_LEVELS else None,
        )

    @property
    def design(self) -> "Design":
        """The terms as they were written."""
        from linreg_cli.design import MAX_LEVELS, Design, Term

        return Design(
            terms=tuple(Term(tuple(factor.restore() for factor in term)) for term in self.terms),
            references=self.references or {},
            target=Term((self.target.restore(),)) if self.target else None,
            max_levels=self.max_levels or MAX_LEVELS,
        )

    def known(self, *, has_intercept: bool) -> "KnownLevels":
        """Return the design with its levels."""
        from linreg_cli.design import KnownLevels

        return KnownLevels(design=self.design, levels=self.levels, has_intercept=has_intercept)
