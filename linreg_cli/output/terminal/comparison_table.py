"""Models side by side as text: a table as papers have it, and what the tests say."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Literal, TypeAlias

from msgspec import to_builtins

from linreg_cli.errors import count_of
from linreg_cli.output.terminal.page_width import NOTHING, in_blocks, note_lines, wrapped
from linreg_cli.output.terminal.printing import escape
from linreg_cli.output.terminal.text_table import distribution, draw, p_equals, r2_name
from linreg_cli.statistics import ComparedModel, Comparison, NestedTests, Pair, WeightStatistics

_STARS = ((0.001, "***"), (0.01, "**"), (0.05, "*"))
_LEGEND = "* p < 0.05, ** p < 0.01, *** p < 0.001"
_BELOW = "standard errors in parentheses"
_DIGITS = 4

Figure: TypeAlias = float | int | str | None


def report(comparison: Comparison, *, has_stars: bool) -> str:
    """Return the table, and a sentence about each model and the one before it."""
    lines = in_blocks(_rows(comparison, has_stars=has_stars))
    lines += ["", *wrapped(_legend(has_stars=has_stars)), ""]
    for pair in comparison.pairs:
        lines += wrapped(escape(sentence(pair)), indent="  ")
    for each in comparison.models:
        for note in each.summary.notes:
            lines += note_lines(f"{each.name}: {note}")
    return "\n".join(lines)


def paper_table(
    comparison: Comparison, style: Literal["markdown", "latex"], *, has_stars: bool
) -> str:
    """Return the table alone, for a paper."""
    return draw(_rows(comparison, has_stars=has_stars), style)


def as_csv(comparison: Comparison) -> str:
    """Return the table with all digits: a row for each figure, a column for each model."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["name", "figure", *(each.name for each in comparison.models)])
    for name in _names(comparison):
        found = [_weight(each, name) for each in comparison.models]
        for figure in ("least_squares", "standard_error", "t", "p"):
            cells = ("" if each is None else _all_digits(getattr(each, figure)) for each in found)
            writer.writerow([name, "weight" if figure == "least_squares" else figure, *cells])
    for figure, values in _figures(comparison).items():
        writer.writerow(["", figure, *map(_all_digits, values)])
    return text.getvalue().removesuffix("\n")


def as_json(comparison: Comparison) -> str:
    """Return everything as one JSON object."""
    models = [
        {"name": each.name, "rmse": each.rmse, **to_builtins(each.summary)}
        for each in comparison.models
    ]
    pairs = [{**to_builtins(pair), "text": sentence(pair)} for pair in comparison.pairs]
    return json.dumps({"models": models, "pairs": pairs}, indent=2, ensure_ascii=False)


def sentence(pair: Pair) -> str:
    """Return what the comparison of two models says."""
    first, second = pair.names
    if pair.obstacle:
        return f"{first} and {second} are not compared: {pair.obstacle}."
    tests = "" if pair.nested is None else f"{_tests(pair, pair.nested)} "
    return f"{tests}{_criteria(pair)}"


def _tests(pair: Pair, tests: NestedTests) -> str:
    first, second = pair.names
    added = f"{second} adds {', '.join(tests.added)} to {first}: "
    if tests.f is None:
        return f"{added}it fits perfectly."
    degrees = count_of(tests.numerator, "degree")
    f = distribution("F", tests.numerator, tests.denominator)
    f_p = p_equals(tests.f_p, _DIGITS)
    likelihood_p = p_equals(tests.likelihood_ratio_p, _DIGITS)
    return (
        f"{added}{f} = {tests.f:.{_DIGITS}g}, p {f_p}; "
        f"likelihood ratio {tests.likelihood_ratio:.{_DIGITS}g} with {degrees} of freedom, "
        f"p {likelihood_p}."
    )


def _criteria(pair: Pair) -> str:
    """Return which model AIC and BIC prefer."""
    first, second = pair.names
    if pair.aic_difference is None or pair.bic_difference is None:
        return f"AIC and BIC of {first} and {second} are not compared, since a fit is perfect."
    (aic, by_aic), (bic, by_bic) = (
        (second if difference < 0 else first, f"{abs(difference):.{_DIGITS}g}")
        for difference in (pair.aic_difference, pair.bic_difference)
    )
    if aic == bic:
        return f"AIC and BIC prefer {aic}: they are smaller by {by_aic} and by {by_bic}."
    return f"AIC prefers {aic}: it is smaller by {by_aic}. BIC prefers {bic}: by {by_bic}."


def _legend(*, has_stars: bool) -> str:
    return f"{_BELOW}; {_LEGEND}" if has_stars else _BELOW


def _rows(comparison: Comparison, *, has_stars: bool) -> list[list[str]]:
    """Return a header, a weight with its standard error below in each two rows, and figures."""
    models = comparison.models
    rows = [["", *(escape(each.name) for each in models)]]
    for name in _names(comparison):
        found = [_weight(each, name) for each in models]
        rows.append([escape(name), *(_shown_weight(each, has_stars=has_stars) for each in found)])
        rows.append(["", *map(_shown_error, found)])
    for figure, values in _figures(comparison).items():
        rows.append([figure, *map(_shown, values)])
    return rows


def _names(comparison: Comparison) -> list[str]:
    """Return the names of all weights, each once, in the order of the models."""
    return list(dict.fromkeys(w.name for each in comparison.models for w in each.summary.weights))


def _weight(model: ComparedModel, name: str) -> WeightStatistics | None:
    return next((weight for weight in model.summary.weights if weight.name == name), None)


def _figures(comparison: Comparison) -> dict[str, Sequence[Figure]]:
    """Return the figures of the fits, by their names; the targets if they differ."""
    summaries = [each.summary for each in comparison.models]
    targets = [each.target for each in summaries]
    figures: dict[str, Sequence[Figure]] = {"target": targets} if len(set(targets)) > 1 else {}
    figures["rows"] = [each.rows for each in summaries]
    for is_uncentered in sorted({each.r2_is_uncentered for each in summaries}):
        name = r2_name(has_intercept=not is_uncentered)
        has_it = [each.r2_is_uncentered == is_uncentered for each in summaries]
        pairs = list(zip(has_it, summaries, strict=True))
        figures[name] = [each.r2 if has else None for has, each in pairs]
        figures[f"adjusted {name}"] = [each.adjusted_r2 if has else None for has, each in pairs]
    figures["AIC"] = [each.aic for each in summaries]
    figures["BIC"] = [each.bic for each in summaries]
    figures["RMSE"] = [each.rmse for each in comparison.models]
    return figures


def _shown(value: Figure) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return escape(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:.7g}"


def _all_digits(value: Figure) -> str:
    return "" if value is None else str(value)


def _shown_weight(weight: WeightStatistics | None, *, has_stars: bool) -> str:
    if weight is None:
        return ""
    stars = stars_of(weight.p) if has_stars else ""
    return f"{weight.least_squares:.7g}{stars}"


def stars_of(p: float | None) -> str:
    """Return the stars of a weight with a p-value."""
    return "" if p is None else next((stars for bound, stars in _STARS if p < bound), "")


def _shown_error(weight: WeightStatistics | None) -> str:
    if weight is None:
        return ""
    error = weight.standard_error
    return f"({NOTHING})" if error is None else f"({error:.5g})"
