"""Formulas in the grammar that R and Python share: log(price) ~ log(sqft)*C(type) + beds - 1.

A power of one factor is the power of its numbers, as in lot^2; R writes I(lot^2).
"""

import shlex
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from msgspec import Struct

from linreg_cli.design.factors import NAME_HINT
from linreg_cli.design.formula_parser import FormulaText
from linreg_cli.design.pieces import Piece
from linreg_cli.design.terms import (
    INTERCEPT,
    Call,
    Category,
    Column,
    Expression,
    Factor,
    Level,
    Term,
)
from linreg_cli.design.texts import TEXT_FUNCTIONS
from linreg_cli.errors import FormulaError

MOST_CORRECTIONS = 5
"""Maximum number of faults that a hint corrects."""
_Parsed = TypeVar("_Parsed")


class Formula(Struct, frozen=True, kw_only=True):
    """What a formula means.

    Attributes
    ----------
    target
        What is predicted.
    terms
        The terms of the features: products of fewer factors first, else in their order.
    has_intercept
        Whether there is an intercept.
    named
        The columns that it names; ``.`` names none.

    """

    target: Expression
    terms: tuple[Term, ...]
    has_intercept: bool
    named: frozenset[str]


def parse_formula(text: str, names: Sequence[str]) -> Formula:
    """Return what a formula means.

    Parameters
    ----------
    text
        The formula, with the target on its left side.
    names
        The names of the columns of the file. ``.`` means all that the formula does not name as
        target, as category or as text.

    Raises
    ------
    FormulaError
        If the formula does not parse, or a part of it is not supported.
    UsageError
        If the package formulaic is not installed.

    """
    return _parsed(lambda each: _parse_formula(each, names), text, "--formula")


def _parse_formula(text: str, names: Sequence[str]) -> Formula:
    formula = FormulaText.of(text, "--formula")
    pieces = formula.pieces(names)
    tilde = next((i for i, piece in enumerate(pieces) if _is_tilde(piece)), 0)
    if tilde == 0:
        hint = "A formula has the form target ~ features, such as 'price ~ sqft + C(city)'."
        raise formula.fault("there is no target", 0, hint)
    target = _number(formula, pieces[:tilde])
    targets = Term((target,)).columns
    sides = formula.parse(pieces, _others(names, [*targets, *_text_columns(pieces)]))
    terms = _by_degree(sides.right)
    if not terms:
        hint = "Name a column on the right side."
        raise formula.fault("there is no feature", len(text), hint)
    for piece in pieces[tilde:]:
        if piece.factor == target or (piece.factor and _columns(piece.factor) == targets):
            hint = "Leave it out of the right side."
            raise formula.fault(f"the target {target} is a feature too", piece.place, hint)
    named = frozenset(name for piece in pieces if piece.factor for name in _columns(piece.factor))
    has_intercept = INTERCEPT in sides.right
    return Formula(target=target, terms=terms, has_intercept=has_intercept, named=named)


def parse_terms(text: str, names: Sequence[str], option: str) -> tuple[Term, ...]:
    """Return the terms of a formula without ``~``, such as ``log(sqft)*C(type)``.

    Parameters
    ----------
    text
        The terms.
    names
        The names of the columns of the file; ``.`` is that of `parse_formula`.
    option
        The option that has the terms, for messages.

    Raises
    ------
    FormulaError
        If they do not parse, or a part of them is not supported.
    UsageError
        If the package formulaic is not installed.

    """
    return _parsed(lambda each: _parse_terms(each, names, option), text, option)


def _parse_terms(text: str, names: Sequence[str], option: str) -> tuple[Term, ...]:
    formula = FormulaText.of(text, option)
    pieces = formula.pieces(names)
    for i, piece in enumerate(pieces):
        if _is_tilde(piece):
            hint = f"Write --formula {shlex.quote(text)} in place of --x and --y."
            raise formula.fault("this is a whole formula", piece.place, hint)
        is_exponent = i > 0 and pieces[i - 1].text in {"^", "**"}
        if piece.text[0].isdigit() and not piece.factor and not is_exponent:
            raise formula.number_fault(piece.place, "a number is no feature")
    return _by_degree(formula.parse(pieces, _others(names, _text_columns(pieces))).right)


def _parsed(parse: Callable[[str], _Parsed], text: str, option: str) -> _Parsed:
    """Return what a text means; the hint of an error is the text without any fault, if clear."""
    try:
        return parse(text)
    except FormulaError as error:
        corrected = error.corrected
        for _ in range(MOST_CORRECTIONS):
            if not corrected:
                break
            try:
                parse(corrected)
            except FormulaError as other:
                corrected = other.corrected
            else:
                error.hint = f"Write {option} {shlex.quote(corrected)}"
                break
        raise


def parse_expression(text: str, names: Sequence[str], option: str) -> Expression:
    """Return the number that a text means, such as ``log(price)``.

    The parameters and errors are those of `parse_terms`.
    """
    formula = FormulaText.of(text, option)
    return _number(formula, formula.pieces(names))


def _number(formula: FormulaText, pieces: Sequence[Piece]) -> Expression:
    """Return the only factor of some pieces, which is no category."""
    if len(pieces) > 1:
        hint = "Write arithmetic inside I(...)."
        raise formula.fault("the target is one number", pieces[1].place, hint)
    [piece] = pieces
    if isinstance(piece.factor, Category | Level):
        raise formula.fault("the target is a number, not a category", piece.place)
    if piece.factor is None:
        raise formula.fault("this is no target", piece.place, NAME_HINT)
    return piece.factor


def _is_tilde(piece: Piece) -> bool:
    return piece.factor is None and "~" in piece.text


def _by_degree(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Return the terms but the intercept: products of fewer factors first, else in their order."""
    features = (term for term in terms if term != INTERCEPT)
    return tuple(sorted(features, key=lambda term: len(term.factors)))


def _text_columns(pieces: Iterable[Piece]) -> list[str]:
    """Return the columns that pieces name as categories or as texts."""
    return [
        column
        for piece in pieces
        if piece.factor and is_of_text(piece.factor)
        for column in _columns(piece.factor)
    ]


def is_of_text(factor: Factor) -> bool:
    """Return whether a factor reads a column as texts."""
    match factor:
        case Call(function, argument):
            return function in TEXT_FUNCTIONS or is_of_text(argument)
        case Category():
            return True
    return False


def _columns(factor: Factor) -> tuple[str, ...]:
    return Term((factor,)).columns


def _others(names: Iterable[str], used: Iterable[str]) -> list[Factor]:
    """Return the columns that are not used."""
    left_out = set(used)
    return [Column(name) for name in names if name not in left_out]
