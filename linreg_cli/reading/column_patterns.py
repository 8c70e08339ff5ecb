"""The columns that names, patterns and lists of names mean."""

import shlex
from collections.abc import Sequence
from fnmatch import fnmatchcase

from linreg_cli.design import canonical
from linreg_cli.errors import DataError, UsageError

_PATTERN = frozenset("*?[")


def find_features(  # noqa: PLR0913  # what the user says of columns
    x: Sequence[str],
    names: Sequence[str],
    *,
    without: Sequence[str],
    others: Sequence[str],
    source: str,
    option: str = "--x",
) -> tuple[list[str], tuple[str, ...]]:
    """Find the columns that names, patterns and lists of names mean.

    Parameters
    ----------
    x
        What was asked for. A name that exists is never a pattern or a list.
    names
        The names of all columns.
    without
        Columns to leave out, as names or patterns.
    others
        The target and the weights: no pattern means these.
    source
        The name of the first source.
    option
        The option that names the columns.

    Returns
    -------
    The features in the order of `x`, and notes on lists of names.

    Raises
    ------
    UsageError
        If a column is named and left out too, or none is left.
    DataError
        If a pattern matches no column, or a column to leave out is not there.

    """
    if not x:
        return [], ()
    excluded = {name for text in without for name in _matching(text, names, source, "--without")}
    given, notes = [], []
    for text in x:
        parts = _listed(text, names)
        if len(parts) > 1:
            notes.append(
                f"{option} {shlex.quote(text)} means {len(parts)} columns: {', '.join(parts)}"
            )
        given += parts
    explicit = {canonical(text) for text in given if not _is_pattern(text, names)}
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
    return features, tuple(notes)


def may_be_several(text: str) -> bool:
    """Return whether a text may be a pattern or a list of names, until the names are known."""
    return bool(_PATTERN & set(text)) or "," in text


def _is_pattern(text: str, names: Sequence[str]) -> bool:
    return bool(_PATTERN & set(text)) and canonical(text) not in names


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


def _listed(text: str, names: Sequence[str]) -> list[str]:
    """Return the names in a list with commas; the text itself if it is none."""
    if canonical(text) in names or "," not in text:
        return [text]
    parts = [part.strip() for part in text.split(",")]
    is_list = all(canonical(part) in names or _is_pattern(part, names) for part in parts)
    return parts if is_list else [text]
