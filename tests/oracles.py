"""Independent oracles: school arithmetic over the rows, none of linreg's code."""

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from flint import fmpq

Matrix: TypeAlias = Sequence[Sequence[Fraction]]
Floats: TypeAlias = npt.NDArray[np.float64]


def fraction(value: fmpq) -> Fraction:
    """Return a result of the engine as Python's own fraction."""
    return Fraction(int(value.p), int(value.q))


def floats(values: Sequence[Fraction] | Matrix) -> Floats:
    """Round fractions to an array of float64."""
    return np.array(values, dtype=np.float64)


def moments(rows: Matrix) -> list[list[Fraction]]:
    """Sum the products of all pairs of columns, the constant 1 first."""
    with_one = [[Fraction(1), *row] for row in rows]
    size = len(with_one[0])
    return [
        [sum((r[i] * r[j] for r in with_one), Fraction()) for j in range(size)] for i in range(size)
    ]


def rank(matrix: Matrix) -> int:
    """Count the independent columns, by elimination."""
    rest = [list(row) for row in matrix]
    found = 0
    for j in range(len(rest[0])):
        pivot = next((row for row in rest[found:] if row[j]), None)
        if pivot is None:
            continue
        rest.remove(pivot)
        rest = [
            row
            if i < found
            else [a - row[j] / pivot[j] * b for a, b in zip(row, pivot, strict=True)]
            for i, row in enumerate(rest)
        ]
        rest.insert(found, pivot)
        found += 1
    return found


def independent_columns(matrix: Matrix) -> list[int]:
    """Find the columns that are no combination of the columns before them."""
    ranks = [0, *(rank([row[: j + 1] for row in matrix]) for j in range(len(matrix[0])))]
    return [j for j in range(len(matrix[0])) if ranks[j + 1] > ranks[j]]


def least_squares(X: Matrix, y: Sequence[Fraction]) -> list[Fraction]:
    """Solve the normal equations of independent columns, by elimination."""
    size = len(X[0])
    table = [
        [sum((row[i] * row[j] for row in X), Fraction()) for j in range(size)]
        + [sum((row[i] * t for row, t in zip(X, y, strict=True)), Fraction())]
        for i in range(size)
    ]
    return [solution for (solution,) in eliminate(table)]


def eliminate(table: list[list[Fraction]]) -> list[list[Fraction]]:
    """Solve equations: a row has as many coefficients as there are rows, then right-hand sides."""
    size = len(table)
    for k in range(size):
        pivot = next(i for i in range(k, size) if table[i][k])
        table[k], table[pivot] = table[pivot], table[k]
        table[k] = [value / table[k][k] for value in table[k]]
        for i in range(size):
            if i != k:
                table[i] = [a - table[i][k] * b for a, b in zip(table[i], table[k], strict=True)]
    return [row[size:] for row in table]


def residuals(X: Matrix, y: Sequence[Fraction], weights: Sequence[Fraction]) -> list[Fraction]:
    """Return prediction less target, row by row."""
    return [
        sum((w * x for w, x in zip(weights, row, strict=True)), -target)
        for row, target in zip(X, y, strict=True)
    ]


def squared_error(X: Matrix, y: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction:
    """Sum the squared residuals."""
    return sum((r * r for r in residuals(X, y, weights)), Fraction())


def textbook_descent(X: Floats, y: Floats, *, learning_rate: float, epochs: int) -> list[Floats]:
    """Walk the textbook's loop over the rows; give the weights at the start and after each step."""
    n = len(y)
    w = np.zeros(X.shape[1])
    walked = [w]
    for _ in range(epochs):
        prediction = X @ w
        gradient = 2 * X.T @ (prediction - y) / n
        w = w - learning_rate * gradient
        walked.append(w)
    return walked
