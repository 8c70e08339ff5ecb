"""The tests of the errors as text."""

from linreg_cli.output.terminal.page_width import NOTHING, in_blocks, wrapped
from linreg_cli.output.terminal.text_table import align, distribution, p_value
from linreg_cli.statistics import Diagnostics, DiagnosticTest


def diagnostics_lines(found: Diagnostics) -> list[str]:
    """Return the table of the tests, the shape of the residuals, and what a small p says."""
    rows = [["test of the errors", "statistic", "distribution", "p"], *map(_row, found.tests)]
    shape = [
        ["skewness of the residuals", _show(found.skewness)],
        ["kurtosis of the residuals (normal: 3)", _show(found.kurtosis)],
    ]
    return [
        *in_blocks(rows),
        "",
        *align(shape),
        "",
        *(line for test in found.tests for line in wrapped(f"{test.name}: {test.meaning}")),
    ]


def _row(test: DiagnosticTest) -> list[str]:
    kind = "F" if len(test.degrees_of_freedom) > 1 else "chi-squared"
    p = NOTHING if test.p is None else p_value(test.p, 4)
    return [test.name, _show(test.statistic), distribution(kind, *test.degrees_of_freedom), p]


def _show(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.7g}"
