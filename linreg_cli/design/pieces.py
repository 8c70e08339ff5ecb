"""A formula in pieces: factors, and the operators, parentheses and numbers between them."""

import re
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from linreg_cli.design.factors import Fault, read_factor
from linreg_cli.design.terms import Factor

if TYPE_CHECKING:
    from formulaic.parser.types import Token

MAX_POWER_OF_SUM = 4
"""Maximum exponent of a sum in parentheses: all products of this many of its terms are formed."""
_POWERS = ("^", "**", "^-", "**-")
_CLOSING = {"`": "`", "%": "%"}
"""What formulaic leaves out at the end of a token, by its first character."""
_BARS = re.compile(r"((?:`[^`]*`|[^`|])*)\|+")
"""The operator, and what stands before it; a name in backquotes may have one too."""


class Piece(NamedTuple):
    """A part of a formula.

    Attributes
    ----------
    text
        The part as it is written.
    place
        The place of its first character in the formula.
    factor
        What it means, if it is a factor.

    """

    text: str
    place: int
    factor: Factor | None = None


def split(
    formula: str, tokens: Sequence["Token"], names: Sequence[str], fault: Fault
) -> list[Piece]:
    """Return the pieces of a formula.

    Parameters
    ----------
    formula
        The formula as it is written.
    tokens
        The tokens that formulaic makes of it.
    names
        The names of the columns of the file.
    fault
        Makes the error at a place in the formula.

    """
    pieces: list[Piece] = []
    i = 0
    while i < len(tokens):
        place, last = tokens[i].source_start, i
        is_factor = tokens[i].kind.value in {"name", "python"}
        while is_factor and _is_power(tokens[last + 1 : last + 3]):
            last += 2
        piece = Piece(formula[place : _end(formula, tokens[last])], place)
        pieces.append(piece._replace(factor=_factor(piece, names, fault)) if is_factor else piece)
        _check(formula, pieces, fault)
        i = last + 1
    return pieces


def _is_power(tokens: Sequence["Token"]) -> bool:
    """Return whether tokens are an operator of powers and a number."""
    if [token.kind.value for token in tokens] != ["operator", "value"]:
        return False
    operator, value = tokens
    return operator.token in _POWERS and value.token[0].isdigit()


def _end(formula: str, token: "Token") -> int:
    """Return the place after a token."""
    closing = _CLOSING.get(formula[token.source_start], "")
    return int(token.source_end) + 1 + len(closing)


def _factor(piece: Piece, names: Sequence[str], fault: Fault) -> Factor:
    if piece.text.startswith("{"):
        raise fault("linreg has no braces", piece.place, "Write I(...).")
    return read_factor(
        piece.text,
        names,
        lambda problem, place, hint: fault(problem, piece.place + place, hint),
    )


def _check(formula: str, pieces: Sequence[Piece], fault: Fault) -> None:
    """Raise an error if the last piece is one that formulaic takes and linreg does not."""
    piece = pieces[-1]
    if piece.text[0] in "'\"":
        hint = "A name with spaces stands in backquotes: `living area`."
        raise fault("text in quotes means nothing in a formula", piece.place, hint)
    if "|" in piece.text and piece.factor is None:
        better = formula[: piece.place] + _BARS.sub(r"\1+", formula[piece.place :])
        hint = f"For another feature, write {shlex.quote(better)}"
        raise fault("linreg has no operator '|'", piece.place, hint)
    sum_to = [earlier.text for earlier in pieces[-3:-1]] in ([")", "^"], [")", "**"])
    if sum_to and piece.text.isdecimal() and int(piece.text) > MAX_POWER_OF_SUM:
        problem = f"parentheses have an exponent of at most {MAX_POWER_OF_SUM}"
        raise fault(problem, piece.place, "Write the products that you need, as in a:b:c.")
