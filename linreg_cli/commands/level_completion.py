"""Completion of the levels of categories: ``--reference city=DAVIS``, ``predict model.json city=``.

The levels are those in the first rows of the first file, or those of a model.
"""

import contextlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from linreg_cli.commands.completion import SHELL_VARIABLE, first_file, offer
from linreg_cli.commands.row_options import FileOptions
from linreg_cli.errors import LinregError

if TYPE_CHECKING:
    from linreg_cli.design import Codes
    from linreg_cli.reading.sources import Source

MAX_COMPLETED_BYTES = 16 << 20
"""A larger model file takes too long to read while a person waits."""
_CATEGORY = re.compile(r"\bC\(`?([^()`]+)`?\)")
"""A category in a formula or a term."""


def complete_reference(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the levels of the categories that the line names, as ``city=DAVIS``."""
    found: list[str] = []
    with contextlib.suppress(LinregError, OSError):
        source = first_file(ctx)
        if source is not None:
            found = list(_pairs(_levels_of(source, ctx)))
    return offer(found, incomplete)


def complete_value(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return levels and keys of a model, as ``city=DAVIS``; else files are offered."""
    found: list[str] = []
    model = ctx.params.get("model")
    if incomplete and model and model != "-":
        with contextlib.suppress(LinregError, OSError):
            found = [pair for pair in _pairs(_of_model(model)) if pair.startswith(incomplete)]
    if not found and os.environ.get(SHELL_VARIABLE) == "complete_zsh":
        return []  # Typer then lets zsh offer files
    return offer(found, incomplete)


def complete_group(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the keys of the groups of the model files that the line names."""
    from linreg_cli.model import GroupedModel, load_any_model, write_key

    given = ctx.params
    # while the value of an option is missing, Typer leaves the arguments in ctx.args
    named = [*(given.get("models") or ()), given.get("model"), *ctx.args]
    keys: dict[str, None] = {}
    for path in filter(None, named):
        with contextlib.suppress(LinregError, OSError):
            if Path(path).is_file() and Path(path).stat().st_size <= MAX_COMPLETED_BYTES:
                model = load_any_model(path)
                found = model.keys if isinstance(model, GroupedModel) else ()
                keys |= dict.fromkeys(map(write_key, found))
    return offer(list(keys), incomplete)


def _pairs(levels: Mapping[str, Sequence[str]]) -> Iterator[str]:
    return (f"{column}={level}" for column, each in levels.items() for level in each)


def _of_model(path: str) -> Mapping[str, Sequence[str]]:
    """Return the levels of categories, and the values of the keys of groups."""
    from linreg_cli.design import in_order
    from linreg_cli.model import GroupedModel, load_any_model

    model = load_any_model(path)
    found = dict(model.known_levels.levels) if model.known_levels else {}
    if isinstance(model, GroupedModel):
        for column, values in zip(model.by, zip(*model.keys, strict=True), strict=True):
            found[column] = in_order({value for value in values if value is not None})
    return found


def _levels_of(source: "Source", ctx: typer.Context) -> Mapping[str, Sequence[str]]:
    """Return the levels of the categories that a line names, in a model or in the first rows."""
    from linreg_cli.model import is_model_file
    from linreg_cli.reading.csv import open_table

    if source.path is not None and is_model_file(source.path):
        return _of_model(str(source.path))
    given = ctx.params
    written = [*(given.get("x") or ()), given.get("formula") or ""]
    named = [*(given.get("category") or ()), *_CATEGORY.findall(" ".join(written))]
    options = FileOptions.from_context(ctx).csv()
    with open_table(source, options) as table:
        columns = list(dict.fromkeys(name for name in named if name in table.names))
        if columns:
            parts = table.each(columns, lambda rows: rows, threads=1, texts=len(columns))
            for rows, _ in parts:
                return dict(zip(columns, _in_order(rows.categories), strict=True))
    return {}


def _in_order(categories: Sequence["Codes"]) -> Iterator[list[str]]:
    from linreg_cli.design import in_order

    return (in_order(each.levels) for each in categories)
