"""Linear restrictions on the weights of a model, such as ``beds = 2 * baths``.

The grammar, in which `=` may occur several times:

    restriction  sum, '=' sum ...; without '=', the sum is 0
    sum          product, '+' or '-' product ...
    product      value, '*' or '/' value ...
    value        a number, the name of a weight, or a sum in parentheses; with + or - before it

A name stands as it is, even with blanks or operators in it; the longest one counts. One that is a
number, or that could be taken for something else, goes in backquotes.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NoReturn

from flint import fmpq
from msgspec import Struct

from linreg_cli.errors import UsageError, nearest
from linreg_cli.exact import is_number, leading_number, parse

MAX_NAMED = 12
"""Maximum number of weights that a hint names."""
_WORD = re.compile(r"\w[\w.]*|.")


class Restriction(Struct, frozen=True, kw_only=True):
    """A linear equation of weights.

    Attributes
    ----------
    text
        The equation, as the user wrote its two sides.
    factors
        Of each weight, all weights in the order of the model.
    value
        What the sum of factors times weights is equal to.

    """

    text: str
    factors: tuple[fmpq, ...]
    value: fmpq


def parse_restrictions(
    texts: Sequence[str], weights: Mapping[str, int], count: int
) -> list[Restriction]:
    """Return the restrictions that texts state; a text with several `=` states several.

    Parameters
    ----------
    texts
        Equations of sums.
    weights
        The place of each name of a weight; several names can have one place.
    count
        The number of weights.

    Raises
    ------
    UsageError
        With the part that cannot be read, and what can stand there.

    """
    return [found for text in texts for found in _Parser(text, weights, count).restrictions()]


class _Linear(Struct, frozen=True):
    """A sum of factors times weights; the last factor is that of 1."""

    factors: tuple[fmpq, ...]

    @property
    def constant(self) -> fmpq | None:
        """The value if no weight is in it, else None."""
        return None if any(self.factors[:-1]) else self.factors[-1]

    def __add__(self, other: "_Linear") -> "_Linear":
        return _Linear(tuple(a + b for a, b in zip(self.factors, other.factors, strict=True)))

    def times(self, factor: fmpq) -> "_Linear":
        return _Linear(tuple(factor * a for a in self.factors))


class _Parser:
    """Reads one text from left to right; each method reads the part that it is named after."""

    def __init__(self, text: str, weights: Mapping[str, int], count: int) -> None:
        self.text, self.weights, self.count = text, weights, count
        self.names = sorted(
            (name for name in weights if name and not is_number(name)), key=len, reverse=True
        )
        self.place = 0

    def restrictions(self) -> Iterator[Restriction]:
        sides = [self._side()]
        while self._take("="):
            sides.append(self._side())
        if self._rest():
            self._fail(f"'{self._next_word()}' is not expected there")
        if len(sides) == 1:
            sides.append(("0", self._constant("0")))
        for (left_text, left), (right_text, right) in pairwise(sides):
            difference = left + right.times(fmpq(-1))
            if difference.constant is not None:
                self._fail("no weight is left in it")
            *factors, constant = difference.factors
            text = f"{left_text} = {right_text}"
            yield Restriction(text=text, factors=tuple(factors), value=-constant)

    def _side(self) -> tuple[str, _Linear]:
        """Return the text of the next sum, and the sum."""
        start = self.place
        total = self._sum()
        return self.text[start : self.place].strip(), total

    def _sum(self) -> _Linear:
        total = self._product()
        while sign := self._take("+", "-"):
            product = self._product()
            total += product if sign == "+" else product.times(fmpq(-1))
        return total

    def _product(self) -> _Linear:
        product = self._value()
        while operator := self._take("*", "/"):
            value = self._value()
            if operator == "*" and product.constant is not None:
                product, value = value, product
            if value.constant is None:
                self._fail("it is not linear: weights are multiplied or divided by a weight")
            if operator == "/" and not value.constant:
                self._fail("it divides by 0")
            product = product.times(value.constant if operator == "*" else 1 / value.constant)
        return product

    def _value(self) -> _Linear:
        rest = self._rest()
        for name in self.names:
            if rest.startswith(name) and not _goes_on(rest, name):
                self.place += len(name)
                return self._weight(name)
        if sign := self._take("+", "-"):
            return self._value().times(fmpq(1 if sign == "+" else -1))
        if number := leading_number(rest):
            self.place += len(number)
            return self._constant(number)
        if quoted := re.match(r"`([^`]*)`", rest):
            self.place += quoted.end()
            return self._weight(quoted[1])
        if self._take("("):
            total = self._sum()
            if not self._take(")"):
                self._fail("a parenthesis is not closed")
            return total
        if not rest:
            self._fail("a number or the name of a weight is missing at its end")
        return self._weight(self._next_word())

    def _constant(self, text: str) -> _Linear:
        try:
            number = parse(text)
        except ValueError as error:
            self._fail(f"'{text}' {error}")
        value = fmpq(number.integer, 10**number.decimals)
        return _Linear((*[fmpq(0)] * self.count, value))

    def _weight(self, name: str) -> _Linear:
        if name not in self.weights:
            near = nearest(name, self.names)
            self._fail(f"there is no weight '{name}'{'; ' + near if near else ''}")
        factors = [fmpq(0)] * (self.count + 1)
        factors[self.weights[name]] = fmpq(1)
        return _Linear(tuple(factors))

    def _take(self, *signs: str) -> str:
        """Return the next sign and go past it, if it is one of `signs`; else return nothing."""
        found = self._rest()[:1]
        if found not in signs:
            return ""
        self.place += 1
        return found

    def _rest(self) -> str:
        """Go to what is not blank, and return the text from there on."""
        self.place += len(self.text[self.place :]) - len(self.text[self.place :].lstrip())
        return self.text[self.place :]

    def _next_word(self) -> str:
        found = _WORD.match(self._rest())
        return found[0] if found else ""

    def _fail(self, problem: str) -> NoReturn:
        names = [_quoted(name) for name in self.weights]
        named = ", ".join(names[:MAX_NAMED]) + (", ..." if len(names) > MAX_NAMED else "")
        raise UsageError(
            f"'{self.text}': {problem}",
            hint=f"A restriction looks like '{names[-1]} = 0'; the weights are {named}.",
        )


def _goes_on(rest: str, name: str) -> bool:
    """Return whether a name is only the beginning of a longer word."""
    return name[-1].isalnum() and re.match(r"\w", rest[len(name) :]) is not None


def _quoted(name: str) -> str:
    return f"`{name}`" if is_number(name) else name
