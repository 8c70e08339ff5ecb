"""A line for each group: its key, rows, weights, R², RMSE and status."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from linreg_cli.errors import count_of
from linreg_cli.output.terminal.epochs import slope_names
from linreg_cli.output.terminal.page_width import NOTHING, note_lines, wrapped
from linreg_cli.output.terminal.printing import escape
from linreg_cli.output.terminal.report import MAX_NAMED
from linreg_cli.output.terminal.text_table import align, distribution, p_value, r2_name, r2_text

if TYPE_CHECKING:
    from linreg_cli.model import GroupedModel
    from linreg_cli.statistics import GroupScores, GroupTest, GroupTests

MOST_WEIGHTS = 4
"""Maximum number of features whose weights are columns of the table."""
DIGITS = 6
_P_DIGITS = 4
MOST_REASONS = 3
"""Maximum number of kinds of reasons that are named."""
_OWN_NUMBER = re.compile(r"(?<![\w'.])-?\d[\d.,/]*(?:e[+-]?\d+)?(?![\w'])")
"""A number that is not part of a name."""
_SINGULAR = re.compile(r"\brow does\b")


def table(
    model: "GroupedModel", groups: "Sequence[GroupScores]", *, all_weights: bool = False
) -> list[str]:
    """Return the lines of some groups below a header."""
    has_weights = all_weights or len(model.x) <= MOST_WEIGHTS
    names = ["b", *model.x] if has_weights else []
    if not model.settings.intercept:
        names = names[1:]
    shown = dict(zip(["b", *model.x], ["b", *slope_names(model.x)], strict=True))
    r2 = r2_name(has_intercept=model.settings.intercept)
    rows = [[*model.by, "rows", *(shown[name] for name in names), r2, "RMSE", "status"]]
    for group in groups:
        weights = [_number(group.weights.get(name)) for name in names]
        scores = [r2_text(group.r2, DIGITS) if group.is_fit else NOTHING, _number(group.rmse)]
        rows.append([*_values(group.key), f"{group.rows:,}", *weights, *scores, group.status])
    left = len(model.by)
    return [line.rstrip() for line in _aligned(rows, left)]


def _aligned(rows: Sequence[Sequence[str]], left: int) -> list[str]:
    """Return lines with the first columns and the last one aligned left, the others right."""
    numbers = align([["", *row[left:-1]] for row in rows])
    keys = [align([[row[j]] for row in rows]) for j in range(left)]
    wide = [max(map(len, column)) for column in keys]
    most = max(map(len, numbers))
    return [
        "  ".join(
            [
                *(column[i].ljust(width) for column, width in zip(keys, wide, strict=True)),
                numbers[i][2:].rjust(most - 2),
                row[-1],
            ]
        )
        for i, row in enumerate([list(map(escape, row)) for row in rows])
    ]


def _values(key: Sequence[str | None]) -> list[str]:
    return ["(missing)" if value is None else value for value in key]


def _number(value: float | None) -> str:
    return NOTHING if value is None else f"{value + 0.0:.{DIGITS}g}"


def counts(model: "GroupedModel") -> str:
    """Return how many groups there are, how many have a fit, and why the others have none."""
    fits = len(model.fit_keys)
    text = f"{count_of(len(model.groups), 'group')}, {fits:,} fitted"
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for group in model.groups:
        if group.reason is not None:
            kinds[_kind(group.reason)][group.reason] += 1
    if kinds:
        largest = sorted(kinds.values(), key=Counter.total, reverse=True)
        named = ", ".join(map(_named, largest[:MOST_REASONS]))
        more = ", ..." if len(largest) > MOST_REASONS else ""
        text += f", {len(model.groups) - fits:,} not: {named}{more}"
    return escape(text)


def _kind(reason: str) -> str:
    """Return what the reasons of a kind share: all but their numbers, which differ by group."""
    return _SINGULAR.sub("rows do", _OWN_NUMBER.sub("#", reason))


def _named(reasons: Counter[str]) -> str:
    """Return the most common reason of a kind, and the number of groups of this kind."""
    [(first, _)] = reasons.most_common(1)
    return f"{first}{', or similar' if len(reasons) > 1 else ''} ({reasons.total():,})"


def header(model: "GroupedModel") -> list[str]:
    """Return what was learned, from how many rows and in how many groups."""
    rows = sum(group.rows for group in model.groups)
    names = [term.name for term in model.design.design.terms] if model.design else model.x
    features = ", ".join(map(escape, names[:MAX_NAMED]))
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    weighted = f", weighted by {escape(model.weights)}" if model.weights else ""
    by = ", ".join(map(escape, model.by))
    lines = wrapped(
        f"{escape(model.y)} from {features}{more}{weighted} by {by}, {count_of(rows, 'row')}"
    )
    if model.rows_without_key:
        missing = " or ".join(map(escape, model.by))
        without = f"{count_of(model.rows_without_key, 'row')} without {missing}"
        lines += note_lines(f"{without} {'is' if model.rows_without_key == 1 else 'are'} left out")
    return [*lines, *wrapped(counts(model))]


def tests(model: "GroupedModel", found: "GroupTests") -> list[str]:
    """Return the tests of equal slopes and of equal lines, or why there are none."""
    rows = [
        [name, _f(test), p_value(test.p, _P_DIGITS)]
        for name, test in (("equal slopes", found.slopes), ("equal lines", found.lines))
        if test is not None
    ]
    if not rows:
        return wrapped(f"no F test of equal lines: {_why_no_test(model)}")
    return [
        *align([["test of the groups", "F", "p"], *rows]),
        *wrapped("p is the probability of an F of at least this size if the groups are equal."),
    ]


def _why_no_test(model: "GroupedModel") -> str:
    if any(model.settings.l2):
        return "it is for fits without a ridge penalty (--l2)"
    if len(model.keys) == 1:
        return "there is only one group"
    return "the groups leave no degrees of freedom"


def _f(test: "GroupTest") -> str:
    f = "undefined" if test.f is None else f"{test.f:.{DIGITS}g}"
    return f"{distribution('F', test.numerator, test.denominator)} = {f}"


def as_json(
    model: "GroupedModel", groups: "Iterable[GroupScores]", found: "GroupTests | None"
) -> str:
    """Return the groups, and the tests if there are any, as one JSON object with all digits."""
    fields = {
        "target": model.y,
        "features": model.x,
        "by": model.by,
        "solver": model.settings.solver,
        "rows_without_key": model.rows_without_key,
        "groups": [as_fields(group, model.by) for group in groups],
        **({} if found is None else {f"equal_{k}": test for k, test in asdict(found).items()}),
    }
    return json.dumps(fields, indent=2, ensure_ascii=False) + "\n"


def as_fields(group: "GroupScores", by: Sequence[str]) -> dict[str, Any]:
    """Return a group as an object of JSON."""
    return {
        "key": dict(zip(by, group.key, strict=True)),
        "rows": group.rows,
        "weights": dict(group.weights) or None,
        "r2": group.r2,
        "rmse": group.rmse,
        "status": group.status,
        "is_fit": group.is_fit,
    }
