"""Choosing the features and the target, as --x and --y name them."""

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.design import Column, Design, Term, canonical, is_computed
from linreg_cli.errors import UsageError, nearest, refuse_named_twice
from linreg_cli.reading.column_patterns import find_features, may_be_several
from linreg_cli.reading.column_uses import find_uses
from linreg_cli.reading.csv import CsvOptions, TextUse, open_table
from linreg_cli.reading.sources import Source
from linreg_cli.reading.written_terms import (
    columns_of_texts,
    find_terms,
    may_be_term,
    read_target,
    read_terms,
    refuse_same_names,
    refuse_target,
    with_categories,
)

_CALL = r"C\(.+\)"


class ChosenColumns(Struct, frozen=True):
    """What is learned from.

    Attributes
    ----------
    columns
        The columns of numbers: the features and, last, the target.
    sources
        Where the rows are: those that were asked for. Where names were read from a pipe, it can
        be read from its start again.
    notes
        What was understood in another way than it was written.
    design
        What features and target are computed from, if they are not all columns of the file.
    has_intercept
        Whether there is an intercept, if a formula says so.
    uses
        How the columns of numbers were written, for hints.

    """

    columns: tuple[str, ...]
    sources: Sequence[Source]
    notes: tuple[str, ...] = ()
    design: Design | None = None
    has_intercept: bool | None = None
    uses: Mapping[str, TextUse] = MappingProxyType({})


def choose_columns(  # noqa: PLR0913  # what the user says of columns and files
    x: Sequence[str],
    y: str | None,
    weights: str | None,
    sources: Sequence[Source],
    options: CsvOptions,
    *,
    without: Sequence[str] = (),
    rejects: str | None = None,
    categories: Sequence[str] = (),
    references: Sequence[str] = (),
    by: Sequence[str] = (),
) -> ChosenColumns:
    """Return the features and the target; an example in a hint repeats the options of reading.

    Parameters
    ----------
    x, y, weights
        The features, the target and the weights, as `find_features` takes them.
    sources, options
        The files, and how they are written.
    without
        Columns to leave out.
    categories
        Features that are categories; they may be in `x` too.
    references
        Reference levels, as ``city=DAVIS``.
    by
        The columns of the key of a group: a pattern does not mean them.

    Raises
    ------
    UsageError
        If no feature or no target is named: the message lists the columns of the first source;
        or if a column is named twice.
    DataError
        If a pattern matches no column.

    """
    if not (x or categories) or y is None:
        from linreg_cli.reading.csv import option_words

        others = [] if weights is None else ["--weights", weights]
        others += [word for name in by for word in ("--by", name)]
        others += option_words(options)
        others += [] if rejects is None else ["--rejects", rejects]
        raise _not_named(x, y, sources[0], options, others)
    notes: tuple[str, ...] = ()
    names: Sequence[str] = ()
    by_pattern: Sequence[str] = ()
    target = Term((Column(y),))
    written = (*x, *categories)
    calls = [name for name in categories if re.fullmatch(_CALL, name)]
    if without or any(map(may_be_several, written)) or any(map(may_be_term, (*x, y))) or calls:
        names, first = _read_names(sources[0], options)
        _refuse_calls(calls, names)
        sources = [first, *sources[1:]]
        target = read_target(y, names)
        others = [*target.columns, *([weights] if weights else []), *by]
        found_terms = find_terms(x, names)
        texts = columns_of_texts(found_terms, names)
        found = find_features(
            x,
            [*names, *found_terms],
            without=without,
            others=[*others, *texts],
            source=first.name,
        )
        x, notes = found.features, found.notes
        by_pattern = [name for name in x if canonical(name) not in found.named]
        found = find_features(
            categories,
            names,
            without=without,
            others=others,
            source=first.name,
            option="--category",
        )
        categories = found.features
        notes += found.notes
    refuse_named_twice(categories, "--category")
    terms = read_terms(x, names, categories)
    columns = [*x, *_not_among(categories, x), y, *([] if weights is None else [weights]), *by]
    options_used = [
        *(["--x"] if x else []),
        *(["--category"] if categories else []),
        "--y",
        *(["--weights"] if weights else []),
        *(["--by"] if by else []),
    ]
    refuse_named_twice(columns, f"{', '.join(options_used[:-1])} and {options_used[-1]}")
    uses = find_uses(terms, target, weights, unnamed=by_pattern, in_formula=False)
    return _chosen(terms, target, weights, references, ChosenColumns((), sources, notes, uses=uses))


def choose_by_formula(  # noqa: PLR0913  # what the user says of columns and files
    formula: str,
    weights: str | None,
    sources: Sequence[Source],
    options: CsvOptions,
    *,
    categories: Sequence[str] = (),
    references: Sequence[str] = (),
    by: Sequence[str] = (),
) -> ChosenColumns:
    """Return the features and the target of a formula.

    The other parameters are those of `choose_columns`.

    Raises
    ------
    FormulaError
        If the formula means nothing.
    UsageError
        If formulaic is not installed, or a reference level is of no category.

    """
    names, first = _read_names(sources[0], options)
    key = set(map(canonical, by))
    names = tuple(name for name in names if canonical(name) not in key)
    from linreg_cli.design import parse_formula

    found = parse_formula(formula, names)
    terms = with_categories(found.terms, categories)
    unnamed = [name for name in names if name not in found.named]
    target = Term((found.target,))
    chosen = ChosenColumns(
        (),
        [first, *sources[1:]],
        has_intercept=found.has_intercept,
        uses=find_uses(terms, target, weights, unnamed=unnamed, in_formula=True),
    )
    return _chosen(terms, target, weights, references, chosen)


def _chosen(
    terms: tuple[Term, ...],
    target: Term,
    weights: str | None,
    references: Sequence[str],
    chosen: ChosenColumns,
) -> ChosenColumns:
    """Return a choice with its columns of numbers, and the design if it needs one."""
    refuse_target(target, terms)
    refuse_same_names(terms, target, weights)
    computed = target if is_computed(target) else None
    categories = Design(terms=terms, references={}).categories
    if not categories and references:
        column = references[0].partition("=")[0]
        raise UsageError(
            f"--reference {references[0]} is of no category",
            hint=f"Add --category {shlex.quote(column)}.",
        )
    design = Design(
        terms=terms, references=find_references(references, categories), target=computed
    )
    numbers = [*design.numbers, target.name, *([weights] if weights else [])]
    refuse_named_twice(numbers, "the formula and --weights")
    needs_design = design.categories or design.computed
    return replace(
        chosen, columns=(*design.numbers, target.name), design=design if needs_design else None
    )


def _refuse_calls(calls: Iterable[str], names: Iterable[str]) -> None:
    """Refuse categories as formulas have them, such as C(city), that are no names of columns."""
    known = set(map(canonical, names))
    for text in calls:
        if canonical(text) not in known:
            name = text[len("C(") : -1].strip().strip("`")
            raise UsageError(
                f"--category {text}: C(...) stands in --x and --formula",
                hint=f"Name the column: --category {shlex.quote(name)}",
            )


def _not_among(names: Sequence[str], others: Sequence[str]) -> list[str]:
    """Return the names without those that other names mean too."""
    known = set(map(canonical, others))
    return [name for name in names if canonical(name) not in known]


def find_references(texts: Sequence[str], categories: Sequence[str]) -> dict[str, str]:
    """Return the reference level of each category that is named, from texts as ``city=DAVIS``.

    Raises
    ------
    UsageError
        If a text names no category, or a category is named twice.

    """
    found: dict[str, str] = {}
    for text in texts:
        longest = sorted(categories, key=len, reverse=True)
        column = next((name for name in longest if text.startswith(f"{name}=")), None)
        if column is None:
            name, sign, _ = text.partition("=")
            problem = "is of no category" if sign else "is not CATEGORY=LEVEL"
            near = nearest(name, categories) or f"The categories are {', '.join(categories)}."
            if name in categories:
                near = f"Name a level too: --reference {shlex.quote(f'{name}=LEVEL')}"
            raise UsageError(f"--reference {text} {problem}", hint=near)
        if column in found:
            raise UsageError(
                f"--reference names '{column}' twice", hint="Give each category one level."
            )
        found[column] = canonical(text[len(column) + 1 :])
    return found


def _read_names(source: Source, options: CsvOptions) -> tuple[tuple[str, ...], Source]:
    """Read the names of the columns, and return the source as it has to be read then."""
    if not source.is_stdin:
        with open_table(source, options) as table:
            return table.names, source
    from linreg_cli.reading.remembered_source import RememberedSource

    seen = RememberedSource(source.name)
    with open_table(seen, options) as table:
        return table.names, seen


def _not_named(
    x: Sequence[str], y: str | None, source: Source, options: CsvOptions, others: Sequence[str]
) -> UsageError:
    """Return the error for a missing feature or target, with an example that has other options."""
    with open_table(source, options) as table:
        names = [name for name in table.names if name]
    free = [name for name in names if name not in x and name not in others]
    target = y or next(reversed(free), "COLUMN")
    features = x or [next((name for name in free if name != target), "COLUMN")]
    command = ["linreg", "train", "-" if source.is_stdin else source.name]
    for name in features:
        command += ["--x", name]
    command += ["--y", target, *others]
    missing = " and ".join(option for option, is_there in (("--x", x), ("--y", y)) if not is_there)
    return UsageError(
        f"{missing} not given; the columns of {source.name} are: {', '.join(names)}",
        hint=f"For example: {shlex.join(command)}",
    )
