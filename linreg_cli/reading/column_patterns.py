"""The columns that names, patterns and lists of names mean."""

import shlex
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct

from linreg_cli.design import canonical
from linreg_cli.errors import DataError, UsageError

_PATTERN = frozenset("*?[")


class FoundFeatures(Struct, frozen=True):
    """What names, patterns and lists mean.

    Attributes
    ----------
    features
        The names, in the order in which they were asked for.
    named
        Those that no pattern found.
    notes
        What was read as a list.

    """

    features: list[str]
    named: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


def find_features(  # noqa: PLR0913  # what the user says of columns
    x: Sequence[str],
    names: Sequence[str],
    *,
    without: Sequence[str],
    others: Sequence[str],
    source: str,
    option: str = "--x",
) -> FoundFeatures:
    """Find the columns that names, patterns and lists of names mean.

    Parameters
    ----------
    x
        What was asked for. A name that exists is never a pattern or a list.
    names
        The names of all columns, and the terms in `x`.
    without
        Columns to leave out, as names or patterns.
    others
        The target, the weights and the like: no pattern means these.
    source
        The name of the first source.
    option
        The option that names the columns.

    Raises
    ------
    UsageError
        If a column is named and left out too, or none is left.
    DataError
        If a pattern matches no column, or a column to leave out is not there.

    """
    if not x:
        return FoundFeatures([])
    excluded = {name for text in without for name in _matching(text, names, source, "--without")}
    given, notes = [], []
    for text in x:
        parts = listed(text, names)
        if len(parts) > 1 and any(_is_known(part, names) for part in parts):
            notes.append(f"{option} {shlex.quote(text)} is a list: {', '.join(parts)}")
            given += parts
        else:
            given.append(text)
    explicit = frozenset(canonical(text) for text in given if not _is_pattern(text, names))
    features: list[str] = []
    for text in given:
        if not _is_pattern(text, names):
            if canonical(text) in excluded:
                raise UsageError(
                    f"column '{text}' is in {option} and in --without",
                    hint="Leave out one of the two.",
                )
            features.append(text)
            continue
        skipped = {*excluded, *explicit, *features, *map(canonical, others)}
        found = _matching(text, names, source, option)
        features += [name for name in found if name not in skipped]
    if not features:
        raise UsageError(
            f"{option} and --without leave no column of {source}",
            hint=f"Name a column: {option} COLUMN",
        )
    return FoundFeatures(features, explicit, tuple(notes))


def may_be_several(text: str) -> bool:
    """Return whether a text may be a pattern or a list of names, until the names are known."""
    return bool(_PATTERN & set(text)) or "," in text


def _is_pattern(text: str, names: Sequence[str]) -> bool:
    return bool(_PATTERN & set(text)) and canonical(text) not in names


def _is_known(text: str, names: Sequence[str]) -> bool:
    return canonical(text) in names or _is_pattern(text, names)


def _matching(text: str, names: Sequence[str], source: str, option: str) -> list[str]:
    """Return the columns that a name or a pattern means."""
    if canonical(text) in names:
        return [canonical(text)]
    found = [name for name in names if name and fnmatchcase(name, canonical(text))]
    if not found:
        raise DataError(
            f"no column matches {option} '{text}'; the columns are {', '.join(names)}",
            source=source,
            hint=f"Give a name or a pattern in quotes: {option} '{names[0][:1] or 'a'}*'",
        )
    return list(dict.fromkeys(found))


def listed(text: str, names: Sequence[str]) -> list[str]:
    """Return the parts of a list with commas; the text itself if it is the name of a column.

    Commas inside parentheses, brackets and backquotes separate nothing.

    >>> listed("log(sqft), beds", ()), listed("a,b", ("a,b",)), listed("log(x, 2),`a,b`", ())
    (['log(sqft)', 'beds'], ['a,b'], ['log(x, 2)', '`a,b`'])
    """
    if canonical(text) in names:
        return [text]
    ends = [*_commas(text), len(text)]
    starts = [0, *(end + 1 for end in ends[:-1])]
    parts = (text[start:end].strip() for start, end in zip(starts, ends, strict=True))
    return [part for part in parts if part] or [text]


def _commas(text: str) -> Iterator[int]:
    """Yield the places of the commas that separate."""
    depth, is_quoted = 0, False
    for place, character in enumerate(text):
        if character == "`":
            is_quoted = not is_quoted
        elif not is_quoted:
            depth += (character in "([") - (character in ")]")
            if character == "," and depth <= 0:
                yield place
