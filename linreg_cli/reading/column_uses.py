"""How the user wrote the columns of numbers, for hints in case their cells are texts."""

from collections.abc import Collection, Iterator, Sequence

from msgspec.structs import replace

from linreg_cli.design import Input, Term, leaves, name_of
from linreg_cli.reading.csv import TextUse


def find_uses(
    terms: Sequence[Term],
    target: Term,
    weights: str | None,
    *,
    unnamed: Collection[str],
    in_formula: bool,
) -> dict[str, TextUse]:
    """Return how each input of the features, the target and the weights was written, by name.

    Parameters
    ----------
    terms
        The terms of the features.
    target
        The target.
    weights
        The column of weights, if there is one.
    unnamed
        The columns that a pattern or ``.`` means, and no name.
    in_formula
        Whether the terms stand in ``--formula``.

    """
    found: dict[str, TextUse] = {}
    if weights:
        found[weights] = TextUse(column=weights, role="weights", written=())
    for term in (*terms, target):
        for leaf, written in _inputs_of(term):
            [column] = Term((leaf,)).columns
            name = name_of(leaf)
            before = found[name].written if name in found else ()
            found[name] = TextUse(
                column=column,
                role="target" if term is target else "feature",
                written=tuple(dict.fromkeys((*before, written))),
                in_formula=in_formula,
            )
    return {
        name: _without_name(use) if use.column in unnamed else use for name, use in found.items()
    }


def _inputs_of(term: Term) -> Iterator[tuple[Input, str]]:
    """Yield the inputs of a term of numbers, and the factors that have them."""
    for factor in term.factors:
        for leaf in leaves(factor):
            yield leaf, Term((factor,)).name


def _without_name(use: TextUse) -> TextUse:
    """Return the use of a column without its bare name, which the user did not write."""
    return replace(use, written=tuple(text for text in use.written if text != use.column))
