"""Terms as --x, --y and --formula write them: which texts are more than names of columns."""

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from linreg_cli.design import Category, Column, Factor, Term, canonical
from linreg_cli.errors import UsageError
from linreg_cli.reading.column_patterns import listed

_SIGNS = frozenset(":^`+*(")
"""Each of the operators has one of these."""
_OPERATORS = r"[:^`+]|[\w)\s]\*{1,2}[\w(\s]|[^\W\d][\w.]*\("
"""What a text has that is more than a name: an operator, or a function before a parenthesis.

A ``*`` at the start or the end belongs to a pattern.
"""


def may_be_term(text: str) -> bool:
    """Return whether a text may be more than the name of a column."""
    return not _SIGNS.isdisjoint(text) and re.search(_OPERATORS, text) is not None


def is_term(text: str, names: Sequence[str]) -> bool:
    """Return whether a text is more than the name of a column or a pattern that fits one."""
    name = canonical(text)
    if name in names or not may_be_term(text):
        return False
    return not any(fnmatchcase(each, name) for each in names)


def find_terms(texts: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return the terms in texts, each of which may be a list with commas."""
    parts = (part for text in texts for part in listed(text, names))
    return [canonical(part) for part in parts if is_term(part, names)]


def columns_of_texts(terms: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return the columns that written terms read as texts: categories, and those of days()."""
    if not terms:
        return []
    from linreg_cli.design import is_of_text, parse_terms

    factors = (
        f for text in terms for term in parse_terms(text, names, "--x") for f in term.factors
    )
    return [
        column for factor in factors if is_of_text(factor) for column in Term((factor,)).columns
    ]


def read_target(text: str, names: Sequence[str]) -> Term:
    """Return the target that --y names.

    Raises
    ------
    FormulaError
        If the text means nothing.

    """
    if not is_term(text, names):
        return Term((Column(text),))
    from linreg_cli.design import parse_expression

    return Term((parse_expression(text, names, "--y"),))


def _read_terms(text: str, names: Sequence[str]) -> Sequence[Term]:
    """Return the terms of one text of --x."""
    if not is_term(text, names):
        return [Term((Column(text),))]
    from linreg_cli.design import parse_terms

    return parse_terms(text, names, "--x")


def read_terms(
    x: Sequence[str], names: Sequence[str], categories: Sequence[str]
) -> tuple[Term, ...]:
    """Return the terms that --x and --category name, each once, in their order.

    Parameters
    ----------
    x
        Names of columns, and texts for which `is_term` holds.
    names
        The names of the columns of the file.
    categories
        The columns that --category names; those that no term has are terms of their own.

    Raises
    ------
    FormulaError
        If a text means nothing.
    UsageError
        If a category is used as a number.

    """
    known = {canonical(name) for name in categories}
    terms = [_with_categories(term, known) for text in x for term in _read_terms(text, names)]
    used = {canonical(column) for term in terms for column in term.columns}
    terms += [Term((Category(name),)) for name in categories if canonical(name) not in used]
    return _each_once(terms)


def with_categories(terms: Sequence[Term], categories: Sequence[str]) -> tuple[Term, ...]:
    """Return the terms of a formula in which the columns of --category are categories.

    Raises
    ------
    UsageError
        If a category is used as a number, or no term has it.

    """
    used = {column for term in terms for column in term.columns}
    for name in categories:
        if canonical(name) not in used:
            raise UsageError(
                f"--category {name} is in no term of the formula",
                hint=f"Write C({Column(name)}) in the formula.",
            )
    known = {canonical(name) for name in categories}
    return _each_once(_with_categories(term, known) for term in terms)


def refuse_target(target: Term, terms: Sequence[Term]) -> None:
    """Raise an error if the target is a feature too.

    Raises
    ------
    UsageError
        If it is.

    """
    for term in terms:
        if set(target.columns) <= set(term.columns):
            raise UsageError(
                f"{term.name} is a feature, and {target.name} the target",
                hint=f"Leave {term.name} out of the features.",
            )


def refuse_same_names(terms: Sequence[Term], target: Term, weights: str | None) -> None:
    """Raise an error if a column of the file has the name of something that is computed.

    Raises
    ------
    UsageError
        If two different ones of the features, the target and the weights have one name.

    """
    others = [target, *([Term((Column(weights),))] if weights else [])]
    found: dict[str, Term] = {}
    for term in (*terms, *others):
        if found.setdefault(term.name, term) != term:
            raise UsageError(
                f"'{term.name}' is a column of the file, and a transform of another",
                hint=f"Leave out one of the two, or rename the column '{term.name}'.",
            )


def _each_once(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Return the first of the terms with the same factors, in any order of these."""
    found: dict[frozenset[Factor], Term] = {}
    for term in terms:
        found.setdefault(frozenset(term.factors), term)
    return tuple(found.values())


def _with_categories(term: Term, categories: set[str]) -> Term:
    """Return a term in which the columns of categories are categories."""
    return Term(tuple(dict.fromkeys(_as_category(each, categories) for each in term.factors)))


def _as_category(factor: Factor, categories: set[str]) -> Factor:
    if isinstance(factor, Column) and canonical(factor.name) in categories:
        return Category(factor.name)
    if not isinstance(factor, Category):
        for column in Term((factor,)).columns:
            if canonical(column) in categories:
                raise UsageError(
                    f"{factor} needs numbers, and --category makes '{column}' a category",
                    hint=f"Leave out --category {column}, or {factor}.",
                )
    return factor
