"""What to write in place of a column whose cells are texts: a category, days() or bool()."""

import shlex
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Literal

from msgspec import Struct

from linreg_cli.exact import ExactDecimal
from linreg_cli.reading.csv.cell_numbers import is_missing, parse_cell
from linreg_cli.reading.csv.csv_options import CsvOptions


class TextUse(Struct, frozen=True, kw_only=True):
    """How the user wrote a column of numbers, for hints in case its cells are texts.

    Attributes
    ----------
    column
        The column.
    role
        What the column is used for.
    written
        What the user wrote with it, such as ``city`` or ``log(city)``, each once; nothing if a
        pattern or ``.`` means it.
    in_formula
        Whether it stands in ``--formula``; weights never do.

    """

    column: str
    role: Literal["feature", "target", "weights"]
    written: tuple[str, ...]
    in_formula: bool = False

    @property
    def instead(self) -> str:
        """What to do if nothing makes the column a number."""
        if self.role == "feature":
            return "leave the column out"
        option = "--weights" if self.role == "weights" else "--y"
        return "name another target" if self.in_formula else f"name another column with {option}"

    def remedies(self, cells: Sequence[str], options: CsvOptions) -> str:
        """Return what to write so that a column with such cells can be used, or nothing.

        Parameters
        ----------
        cells
            Cells of the column.
        options
            How the file is written.

        """
        if self.role == "weights":
            return ""
        texts = [cell for cell in cells if not is_missing(cell, options)]
        ways = [self._as_number(term) for term in islice(self._numbers(texts, options), 1)]
        if self.role == "feature":
            ways.append(self._as_category())
        return "; ".join(ways)

    def _numbers(self, texts: Sequence[str], options: CsvOptions) -> Iterator[str]:
        """Return the terms that make numbers of the texts."""
        from linreg_cli.design import TEXT_FUNCTIONS, Column

        name = str(Column(self.column))
        ways: dict[str, Callable[[str], ExactDecimal]] = {}
        ways[name] = partial(parse_cell, options=options)
        ways |= {f"{function}({name})": read for function, read in TEXT_FUNCTIONS.items()}
        return (term for term, read in ways.items() if all(_is_read(read, text) for text in texts))

    def _as_number(self, term: str) -> str:
        if self.role == "target" and not self.in_formula:
            return f"--y {shlex.quote(term)} makes it a number"
        return f"{self._put(term)} makes it a number"

    def _as_category(self) -> str:
        from linreg_cli.design import Category

        is_plain = self.written == (self.column,)
        if not self.written or (is_plain and not self.in_formula):
            return f"--category {shlex.quote(self.column)} makes it a category"
        return f"{self._put(str(Category(self.column)))} makes it a category"

    def _put(self, term: str) -> str:
        """Return where a term has to be written."""
        if not self.written:
            return f"+ {term} in the formula" if self.in_formula else f"--x {shlex.quote(term)}"
        written = [self._as_written(text) for text in self.written]
        new = term if self.in_formula else shlex.quote(term)
        return f"{new} in place of {' and '.join(written)}"

    def _as_written(self, text: str) -> str:
        if not self.in_formula:
            return shlex.quote(text)
        from linreg_cli.design import Column

        return str(Column(text)) if text == self.column else text


def _is_read(read: Callable[[str], ExactDecimal], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True
