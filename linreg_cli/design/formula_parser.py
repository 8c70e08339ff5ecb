"""formulaic's parser, which reads the operators between the factors of a formula.

formulaic sees each factor as a name, so that what a factor means is decided elsewhere:

    log(sqft)*C(type) - 1   is   f0 * f1 - 1   which means   f0, f1, f0:f1
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any, NamedTuple, Self

from msgspec import Struct

from linreg_cli.design.names import canonical
from linreg_cli.design.pieces import Piece, split
from linreg_cli.design.terms import Factor, Term
from linreg_cli.errors import FormulaError, UsageError, closest
from linreg_cli.exact import is_number

_FAULT = "\u29db"
"""What stands before the fault in a message of formulaic."""
_NUMBER = "a number other than 0 and 1 stands inside I(...)"
_NO_OPERATOR = "an operator is missing before this"
_UNCLOSED = "ended before quote context"
_NO_PARTNER = "matching context marker"
_PROBLEMS = (
    (_NO_PARTNER, "this parenthesis has no partner"),
    ("Missing operator", _NO_OPERATOR),
    ("right-hand argument", "an exponent is a positive integer"),
    ("umeric", _NUMBER),
)
"""Parts of formulaic's messages, and what they mean."""


class Sides(NamedTuple):
    """The terms of a formula, in their order; the left side is empty if there is no ``~``."""

    left: list[Term]
    right: list[Term]


class FormulaText(Struct, frozen=True):
    """A formula as it is written, and the option that has it."""

    text: str
    option: str

    @classmethod
    def of(cls, text: str, option: str) -> Self:
        """Return a formula with its letters composed, as they are in the names of columns."""
        return cls(unicodedata.normalize("NFC", text), option)

    def fault(
        self, problem: str, place: int, hint: str = "", *, corrected: str = ""
    ) -> FormulaError:
        """Return an error at a place, and the formula without it if that is clear."""
        return FormulaError(
            f"{self.option}: {problem}",
            formula=self.text,
            place=place,
            hint=hint,
            corrected=corrected,
        )

    def number_fault(self, place: int, problem: str = _NUMBER) -> FormulaError:
        """Return the error of a number that stands outside of I(...)."""
        first, last = self._summand(place)
        summand = self.text[first:last]
        if is_number(summand):
            hint = "--no-intercept leaves out the intercept; another number is no feature."
            return self.fault(problem, place, hint)
        product = summand.replace(":", "*")
        corrected = f"{self.text[:first]}I({product}){self.text[last:]}"
        return self.fault(problem, place, corrected=corrected)

    def _summand(self, place: int) -> tuple[int, int]:
        """Return the ends of the part around a place that + and - or parentheses enclose."""
        first = place - _length_of_summand(self.text[:place][::-1], opening=")", closing="(")
        last = place + _length_of_summand(self.text[place:], opening="(", closing=")")
        text = self.text[first:last]
        return first + len(text) - len(text.lstrip()), last - len(text) + len(text.rstrip())

    def pieces(self, names: Sequence[str]) -> list[Piece]:
        """Return the pieces of the formula; the columns of its factors are among some names.

        Raises
        ------
        FormulaError
            If a part of the formula is not supported.
        UsageError
            If formulaic is not installed.

        """
        try:
            from formulaic.errors import FormulaParsingError
            from formulaic.parser.algos.tokenize import tokenize
        except ImportError:
            raise UsageError(
                f"{self.option} {self.text} needs the package formulaic",
                hint="pip install 'linreg-cli[formula]'",
            ) from None
        try:
            tokens = list(tokenize(self.text))
        except FormulaParsingError as error:
            place = max(str(error).partition("\n\n")[2].find(_FAULT), 0)
            if _UNCLOSED in str(error):
                raise self._unclosed(place, names) from None
            raise self.fault(_problem(str(error), self.text[place:]), place) from None
        return split(self.text, tokens, names, self.fault)

    def _unclosed(self, place: int, names: Sequence[str]) -> FormulaError:
        """Return the error for a backquote, or a parenthesis after a place, without a partner."""
        if self.text.count("`") % 2:
            quote = self.text.rindex("`")
            rest = canonical(self.text[quote + 1 :])
            begun = [name for name in names if name and rest.startswith(name)]
            name = max(begun, key=len, default="") or closest(rest, names) or rest
            return self.fault("this backquote has no partner", quote, f"Write `{name}`.")
        opened = self._opened(place)
        if opened:
            return self.fault("this parenthesis has no partner", opened[-1], "Close it with ')'.")
        return self.fault("this is not closed", place)

    def _opened(self, place: int) -> list[int]:
        """Return the places of the parentheses after a place that are not closed."""
        opened: list[int] = []
        for i, character in enumerate(self.text[place:], place):
            if character == "(":
                opened.append(i)
            elif character == ")" and opened:
                opened.pop()
        return opened

    def parse(self, pieces: Sequence[Piece], dot: Iterable[Factor]) -> Sides:
        """Return the terms that the pieces mean.

        Parameters
        ----------
        pieces
            The pieces of the formula.
        dot
            The factors that ``.`` means.

        Raises
        ------
        FormulaError
            If the pieces stand in a wrong order.

        """
        from formulaic.errors import FormulaParsingError
        from formulaic.parser import DefaultFormulaParser

        dots = list(dot)
        written = [piece.factor for piece in pieces if piece.factor is not None]
        codes = {factor: f"f{i}" for i, factor in enumerate(dict.fromkeys([*written, *dots]))}
        words = [codes[piece.factor] if piece.factor else piece.text for piece in pieces]
        parser = DefaultFormulaParser(feature_flags=DefaultFormulaParser.FeatureFlags.TWOSIDED)
        columns = {"__formulaic_variables_available__": [codes[factor] for factor in dots]}
        try:
            terms = parser.get_terms(" ".join(words), context=columns)
        except FormulaParsingError as error:
            raise self._misplaced(str(error), pieces, words) from None
        factor_of = {code: factor for factor, code in codes.items()}
        if hasattr(terms, "rhs"):
            return Sides(*(self._terms(side, factor_of) for side in (terms.lhs, terms.rhs)))
        return Sides([], self._terms(terms.root, factor_of))

    def _terms(self, terms: Iterable[Any], factor_of: Mapping[str, Factor]) -> list[Term]:
        """Return formulaic's terms as ours."""
        found = []
        for term in terms:
            names = [factor.expr for factor in term.factors]
            numbers = [name for name in names if name not in factor_of]
            if numbers and names != ["1"]:
                number = re.search(rf"(?<![\w.]){re.escape(numbers[0])}(?![\w.])", self.text)
                raise self.number_fault(number.start() if number else 0)
            found.append(Term(tuple(factor_of[name] for name in names if name not in numbers)))
        return found

    def _misplaced(
        self, message: str, pieces: Sequence[Piece], words: Sequence[str]
    ) -> FormulaError:
        """Return the error for a message of formulaic about the words that it was given."""
        if _NO_PARTNER in message and self._opened(0):
            return self._unclosed(0, ())
        place = message.partition("\n\n")[2].find(_FAULT)
        ends = list(accumulate(len(word) + 1 for word in words))
        number = bisect_right(ends, max(place, 0)) + ("Missing operator" in message)
        piece = pieces[min(number, len(pieces) - 1)]
        problem = _problem(message, piece.text)
        if problem == _NUMBER:
            numbers = (each for each in pieces[number:] if each.text[0].isdigit())
            return self.number_fault(next(numbers, piece).place)
        corrected = self._corrected(piece, problem, is_last=piece == pieces[-1])
        return self.fault(problem, piece.place, corrected=corrected)

    def _corrected(self, piece: Piece, problem: str, *, is_last: bool) -> str:
        """Return the formula without a fault in its operators; nothing where it is not clear."""
        before, after = self.text[: piece.place], self.text[piece.place + len(piece.text) :]
        if problem == _NO_OPERATOR:
            return f"{before}+ {piece.text}{after}"
        if problem != _misplaced(piece.text) or (piece.text == "~" and not is_last):
            return ""
        if after.lstrip()[:1].isdigit():  # its sign may be a part of the operator, as in x*-1
            return ""
        kept = piece.text.split()[0] if " " in piece.text and not is_last else ""
        return " ".join(f"{before} {kept} {after}".split())


def _length_of_summand(text: str, *, opening: str, closing: str) -> int:
    """Return the number of characters before the first + or -, or parenthesis without partner."""
    depth = 0
    for i, character in enumerate(text):
        if depth == 0 and character in f"+-~{closing}":
            return i
        depth += (character == opening) - (character == closing)
    return len(text)


def _problem(message: str, text: str) -> str:
    """Return what a message of formulaic about a part of a formula means."""
    known = (meaning for part, meaning in _PROBLEMS if part in message)
    return next(known, _misplaced(text))


def _misplaced(text: str) -> str:
    return f"'{text}' cannot stand here"
