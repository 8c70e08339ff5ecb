"""Which sums by level the moments of a design follow from.

Each column of the moments is a part: a number in the rows that have some levels, and 0 in all
others. Both the number and the levels may be absent: the constant 1 has none of the two, a column
of the file no levels, and an indicator no number. The product of two parts is the product of their
numbers in the rows that have the levels of both, so its sum stands in a table by the levels of all
their categories.

    terms beds, C(city), C(city):sqft; target price
    by city            sums of 1, beds, sqft, price
    by city, of sqft   sums of sqft * beds, sqft * sqft, sqft * price
"""

from itertools import combinations_with_replacement
from typing import NamedTuple

from linreg_cli.design import Design, Term


class Part(NamedTuple):
    """The columns of one term: the cells of its categories, and the name of its number.

    The name is empty if the number is 1.
    """

    categories: tuple[str, ...]
    number: str

    @classmethod
    def of(cls, term: Term) -> "Part":
        """Return the part of a term."""
        return cls(term.categories, term.number.name if term.number else "")


class TableName(NamedTuple):
    """A table by the levels of some categories: of sums of products with one number.

    The name of the number is empty for the sums of the columns themselves.
    """

    categories: tuple[str, ...]
    number: str


class Place(NamedTuple):
    """Where the sums of the products of two parts stand: in a column of a table."""

    table: TableName
    column: str


class Layout(NamedTuple):
    """The tables of a design, and the columns that each has, in the order of the numbers."""

    categories: tuple[str, ...]
    numbers: tuple[str, ...]
    """The columns of numbers and, last, the target."""

    def place_of(self, first: Part, second: Part) -> Place:
        """Return where the sums of the products of two parts stand."""
        used = {*first.categories, *second.categories}
        categories = tuple(name for name in self.categories if name in used)
        order = ("", *self.numbers)
        number, column = sorted((first.number, second.number), key=order.index)
        return Place(TableName(categories, number), column)

    def tables(self, design: Design) -> dict[TableName, tuple[str, ...]]:
        """Return the tables and their columns; each of the columns themselves has the weights."""
        parts = [Part((), ""), *map(Part.of, design.terms), Part((), self.numbers[-1])]
        found: dict[TableName, set[str]] = {}
        for first, second in combinations_with_replacement(dict.fromkeys(parts), 2):
            table, column = self.place_of(first, second)
            if table.categories:
                found.setdefault(table, set()).add(column)
        return {
            table: tuple(name for name in self.numbers if name in columns)
            for table, columns in found.items()
        }
