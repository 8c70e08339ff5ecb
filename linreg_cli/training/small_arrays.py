"""Vectors and matrices of a few floats, for a descent that needs no NumPy.

Importing NumPy takes as long as Typer and all of linreg; the descent of a line over its three
compressed rows takes a millisecond. These arrays have the operations that the trainer uses, with
the results of NumPy to the last bit: NumPy adds fewer than eight numbers one after the other, too.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import reduce
from operator import add, mul, sub
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from linreg_cli.exact import Floats

MOST_FEATURES = 1
"""With more features than this, the warning of collinear features needs NumPy anyway."""


def vector_of(values: Sequence[float], *, small: bool) -> "Floats":
    """Return a vector, of this module or of NumPy."""
    if small:
        return cast("Floats", Vector(values))
    import numpy as np

    return np.array(values, np.float64)


def matrix_of(rows: Sequence[Iterable[float]], columns: int, *, small: bool) -> "Floats":
    """Return a matrix, of this module or of NumPy."""
    if small:
        return cast("Floats", Matrix(map(Vector, rows), columns))
    import numpy as np

    return np.array(rows, np.float64).reshape(len(rows), columns)


def is_small(array: "Floats") -> bool:
    """Return whether an array is one of this module."""
    return isinstance(array, Vector | Matrix)


def ignoring_overflow(array: "Floats") -> AbstractContextManager[object]:
    """Let NumPy go on without a warning where numbers become infinite; small arrays do so anyway.

    Training has diverged when the loss is infinite.
    """
    if is_small(array):
        return nullcontext()
    import numpy as np

    return np.errstate(over="ignore", under="ignore", invalid="ignore")


class Vector:
    """Some floats, with the operations of a NumPy array of shape (size,)."""

    def __init__(self, values: Iterable[float]) -> None:
        self._values = tuple(values)

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[float]:
        return iter(self._values)

    def __add__(self, other: "Vector") -> "Vector":
        return self._with(add, other)

    def __sub__(self, other: "Vector") -> "Vector":
        return self._with(sub, other)

    def __mul__(self, other: "Vector") -> "Vector":
        return self._with(mul, other)

    def __rmul__(self, factor: float) -> "Vector":
        return Vector(factor * value for value in self._values)

    def sum(self) -> float:
        """Return the sum of the values, added from the first to the last."""
        return reduce(add, self._values) if self._values else 0.0

    def any(self) -> bool:
        """Return whether a value is not 0."""
        return any(self._values)

    def tolist(self) -> list[float]:
        """Return the values."""
        return list(self._values)

    def _with(self, combine: Callable[[float, float], float], other: "Vector") -> "Vector":
        return Vector(map(combine, self._values, other))


class Matrix:
    """Rows of floats, with the operations of a NumPy array of shape (rows, columns)."""

    def __init__(self, rows: Iterable[Vector], columns: int) -> None:
        self._rows = tuple(rows)
        self.shape = (len(self._rows), columns)

    @property
    def T(self) -> "Matrix":  # noqa: N802  # as NumPy calls it
        """The columns as rows."""
        rows, columns = self.shape
        return Matrix(
            (Vector(row.tolist()[j] for row in self._rows) for j in range(columns)), columns=rows
        )

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Vector]:
        return iter(self._rows)

    def __add__(self, other: "Matrix") -> "Matrix":
        return self._of(a + b for a, b in zip(self, other, strict=True))

    def __mul__(self, weights: Vector) -> "Matrix":
        return self._of(row * weights for row in self._rows)

    def __rmul__(self, factor: float) -> "Matrix":
        return self._of(factor * row for row in self._rows)

    def sum(self, axis: int) -> Vector:
        """Return the sum of each row, which is that along axis 1."""
        if axis != 1:
            raise NotImplementedError
        return Vector(row.sum() for row in self._rows)

    def any(self) -> bool:
        """Return whether a value is not 0."""
        return any(row.any() for row in self._rows)

    def tolist(self) -> list[list[float]]:
        """Return the rows."""
        return [row.tolist() for row in self._rows]

    def _of(self, rows: Iterable[Vector]) -> "Matrix":
        return Matrix(rows, self.shape[1])
