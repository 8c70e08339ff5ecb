"""Choosing the features and the target, as --x and --y name them."""

import shlex
from collections.abc import Sequence

from linreg_cli.errors import UsageError, refuse_named_twice
from linreg_cli.reading.csv import CsvOptions, open_table
from linreg_cli.reading.sources import Source


def choose_columns(
    x: Sequence[str],
    y: str | None,
    weights: str | None,
    sources: Sequence[Source],
    options: CsvOptions,
) -> tuple[str, ...]:
    """Return the features and, last, the target.

    Raises
    ------
    UsageError
        If no feature or no target is named: the message lists the columns of the first source;
        or if a column is named twice.

    """
    if not x or y is None:
        raise _not_named(x, y, sources[0], options)
    columns = [*x, y, *([] if weights is None else [weights])]
    options_used = "--x and --y" if weights is None else "--x, --y and --weights"
    refuse_named_twice(columns, options_used)
    return (*x, y)


def _not_named(x: Sequence[str], y: str | None, source: Source, options: CsvOptions) -> UsageError:
    with open_table(source, options) as table:
        names = table.names
    target = y or next((name for name in reversed(names) if name not in x), "COLUMN")
    features = x or [next((name for name in names if name != target), "COLUMN")]
    command = ["linreg", "train", "-" if source.is_stdin else source.name]
    for name in features:
        command += ["--x", name]
    command += ["--y", target]
    missing = " and ".join(option for option, is_there in (("--x", x), ("--y", y)) if not is_there)
    return UsageError(
        f"{missing} not given; the columns of {source.name} are: {', '.join(names)}",
        hint=f"For example: {shlex.join(command)}",
    )
