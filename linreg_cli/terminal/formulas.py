"""The formulas of an epoch: of names they are written in names, of numbers in numbers."""

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from operator import add

from linreg_cli.terminal.by_hand import Term

ONE = Term("1", Fraction(1))
TWO = Term("2", Fraction(2))

Terms = Sequence[Term]
"""Of weights: that of the intercept first, if there is one."""


def scaled(x: Term, center: Term, scale: Term) -> Term:
    """Scale a feature."""
    return (x - center if center.value else x) / scale


def prediction(weights: Terms, inputs: Terms) -> Term:
    """Predict from features, scaled or not."""
    intercept, slopes = weights[: len(weights) - len(inputs)], weights[-len(inputs) :]
    products = [m * x for m, x in zip(slopes, inputs, strict=True)]
    return reduce(add, [*products, *intercept])


def row_gradient(error: Term, inputs: Terms, *, has_intercept: bool) -> list[Term]:
    """Say how fast the squared error of a row rises with each weight."""
    double = TWO * error
    return [*[double] * has_intercept, *(double * x for x in inputs)]


def penalised_loss(mean: Term, l2: Term, squares: Term) -> Term:
    """Add the ridge penalty to the mean squared error."""
    return mean + l2 * squares


def penalised_gradient(mean: Term, l2: Term, weight: Term) -> Term:
    """Add the gradient of the ridge penalty, for a weight that it is on."""
    return mean + TWO * l2 * weight


def stepped(weight: Term, rate: Term, gradient: Term) -> Term:
    """Take a step against the gradient."""
    return weight - rate * gradient


def intercept_of_columns(b: Term, slopes: Terms, centers: Terms) -> Term:
    """Give the intercept in the units of the columns."""
    for m, center in zip(slopes, centers, strict=True):
        b = b - m * center if center.value else b
    return b


def step_factor(rate: Term, curvature: Term) -> Term:
    """Say what a step multiplies the distance from the best weights by."""
    return ONE - rate * curvature


def distance(direction: Terms, weights: Terms, best: Terms) -> Term:
    """Measure how far weights are from the best ones along a direction."""
    parts = [d * (w - o) for d, w, o in zip(direction, weights, best, strict=True)]
    return reduce(add, parts)
