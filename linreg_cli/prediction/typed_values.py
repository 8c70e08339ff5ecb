"""Values typed at the shell: numbers in the order of the model's x, or name=value."""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from linreg_cli.design import canonical
from linreg_cli.errors import FitError, UsageError, nearest
from linreg_cli.exact import ExactDecimal, is_number, parse, predict_row
from linreg_cli.prediction.prediction_columns import PredictionColumns
from linreg_cli.prediction.training_range import OutsideCounts

if TYPE_CHECKING:
    from linreg_cli.design import KnownLevels, Levels

_WAYS = ((",", "."), (".", ","), (" ", ","), (" ", "."), ("'", "."), ("", ","))
"""Thousands separators and decimal points that numbers are written with, the likeliest first."""
_NUMBER_HINT = "Type a number such as 1800, -3.5 or 1e6."
_KINDS = MappingProxyType({"days": "DATE", "bool": "YES_OR_NO"})
"""What to type for the column of each function of texts."""
_TEXT_HINTS = MappingProxyType(
    {"days": "Type a date such as 2024-12-31.", "bool": "Type a word such as yes or no."}
)


Cell = ExactDecimal | str
"""A number, or the level of a category."""


def value_hint(columns: PredictionColumns) -> str:
    """Return how to type values."""
    if not columns.levels and not columns.functions:
        return _NUMBER_HINT
    return f"Type values as {_example(columns.typed_inputs, columns.levels, columns.functions)}"


def are_values(
    inputs: Sequence[str],
    x: Sequence[str],
    levels: "Levels" = MappingProxyType({}),
    functions: Mapping[str, str] = MappingProxyType({}),
) -> bool:
    """Return whether the inputs are values for the columns x, not names of files.

    `levels` has those of the columns that are categories, `functions` the functions of the columns
    that are texts.

    Raises
    ------
    UsageError
        If some are and others are not.

    """
    found = _are_values(inputs, x, levels, functions)
    if any(found) and not all(found):
        text = inputs[found.index(False)]
        takes_texts = bool(levels or functions) and not Path(text).exists()
        raise UsageError(
            f"'{text}' is not a value, but other inputs are",
            hint=f"Type values as {_example(x, levels, functions)}"
            if takes_texts
            else "Give values or files, not both.",
        )
    return any(found)


def _are_values(
    inputs: Sequence[str], x: Sequence[str], levels: "Levels", functions: Mapping[str, str]
) -> list[bool]:
    """Return whether each of the inputs is a value."""
    return [
        is_number(text)
        or _split(text, x) is not None
        or (_is_text_value(text, levels, functions) and not Path(text).exists())
        for text in inputs
    ]


def _is_text_value(text: str, levels: "Levels", functions: Mapping[str, str]) -> bool:
    """Return whether a text is a level, or one of which a function of a column has a value."""
    level = canonical(text)
    return any(level in each for each in levels.values()) or any(
        _is_read(text, function) for function in functions.values()
    )


def _is_read(text: str, function: str) -> bool:
    from linreg_cli.design import TEXT_FUNCTIONS

    try:
        TEXT_FUNCTIONS[function](text)
    except ValueError:
        return False
    return True


def refuse_miswritten(
    inputs: Sequence[str], model: str, columns: PredictionColumns, decimal: str
) -> None:
    """Raise an error for numbers with separators that cannot be read, as in 1,800 or 1.234,50.

    Texts, such as a level ``1,800``, are left alone.

    Parameters
    ----------
    inputs, model
        What was typed: values or files, and the name of the model file.
    columns
        The columns of the model.
    decimal
        The decimal point that the user gave.

    Raises
    ------
    UsageError
        With the command to type.

    """
    better = [_rewritten(text, columns, decimal) for text in inputs]
    changed = [text for text, other in zip(inputs, better, strict=True) if text != other]
    if changed and all(
        _are_values(better, columns.typed_inputs, columns.levels, columns.functions)
    ):
        raise UsageError(
            f"'{changed[0]}' is not a number",
            hint="Type values with a decimal point and without separators: "
            f"{shlex.join(['linreg', 'predict', model, *better])}",
        )


def _rewritten(text: str, columns: PredictionColumns, decimal: str) -> str:
    """Return a number as it has to be typed, or the text itself if it is none or a file."""
    pair = _split(text, columns.typed_inputs, columns.levels)
    if Path(text).exists() or _is_of_text(text, pair, columns):
        return text
    number = text if pair is None else pair[1]
    name = "" if pair is None else f"{pair[0]}="
    plain = number.strip().replace("\u00a0", " ")
    if is_number(plain):
        return text
    for thousands, point in _WAYS:
        groups = rf"[+-]?\d{{1,3}}({re.escape(thousands)}\d{{3}})*" if thousands else r"[+-]?\d*"
        way = rf"{groups}({re.escape(point)}\d*)?"
        if decimal in {".", point} and re.fullmatch(way, plain, re.ASCII):
            written = (plain.replace(thousands, "") if thousands else plain).replace(point, ".")
            return f"{name}{written}" if is_number(written) else text
    return text


def _is_of_text(text: str, pair: tuple[str, str] | None, columns: PredictionColumns) -> bool:
    """Return whether what was typed is no value of a feature that is a number."""
    if pair is None:
        return _is_text_value(text, columns.levels, columns.functions)
    texts = {*columns.levels, *columns.functions}
    return pair[0] not in columns.typed_inputs or pair[0] in texts


def split_key(inputs: Sequence[str], by: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Return the values of the columns of a key, typed as name=value, and the other inputs.

    Raises
    ------
    UsageError
        If one of these columns is named twice, or one has a value and another has none.

    """
    pairs: dict[str, str] = {}
    others = []
    for text in inputs:
        name = next((name for name in by if text.startswith(f"{name}=")), None)
        if name is None or Path(text).exists():
            others.append(text)
            continue
        if name in pairs:
            raise UsageError(f"'{name}' is given twice", hint="Give each column once.")
        pairs[name] = text[len(name) + 1 :]
    absent = [name for name in by if name not in pairs]
    if pairs and absent:
        raise UsageError(
            f"no value for '{absent[0]}'",
            hint=f"The groups are by {', '.join(by)}: {absent[0]}=VALUE",
        )
    return pairs, others


def read_values(
    inputs: Sequence[str],
    x: Sequence[str],
    levels: "Levels" = MappingProxyType({}),
    functions: Mapping[str, str] = MappingProxyType({}),
) -> list[list[Cell]]:
    """Return rows of cells, in the order of the columns x.

    With one column every value is a row; with several the values, or the name=value pairs, are one
    row. `levels` has those of the columns that are categories, `functions` the functions of the
    columns that are texts.

    Raises
    ------
    UsageError
        If values are missing, too many, named twice or no numbers.

    """
    pairs = [_split(text, x, levels) for text in inputs]
    if any(pairs):
        return [_read_named(pairs, x, levels, functions)]
    if len(x) == 1:
        return [[_read(text, "", x[0], levels, functions)] for text in inputs]
    if len(inputs) != len(x):
        few = f"got {len(inputs)} of {len(x)} values"
        many = f"got {len(inputs)} values for {len(x)} features"
        raise UsageError(
            few if len(inputs) < len(x) else many,
            hint=f"The model needs {_example(x, levels, functions)}",
        )
    return [[*_read_in_order(inputs, x, levels, functions)]]


def _read_in_order(
    inputs: Sequence[str], x: Sequence[str], levels: "Levels", functions: Mapping[str, str]
) -> Iterator[Cell]:
    """Yield the values of all columns, which were typed without names."""
    for text, name in zip(inputs, x, strict=True):
        takes_number = name not in levels and name not in functions
        if takes_number and not is_number(text) and _is_text_value(text, levels, functions):
            raise UsageError(
                f"'{text}' stands in the place of {name}, and is not a number",
                hint=f"Type values as {_example(x, levels, functions)}",
            )
        yield _read(text, "", name, levels, functions)


def predict_values(
    inputs: Sequence[str], columns: PredictionColumns, counts: OutsideCounts
) -> Iterator[bytes]:
    """Yield a line for each row of values: its prediction columns, with tabs between them."""
    known = columns.model.known_levels
    x = columns.typed_inputs
    cells = read_values(inputs, x, columns.levels, columns.functions)
    rows = [_features(row, x, known) for row in cells]
    for row in rows:
        counts.count_row(row)
    for texts in _predict(rows, columns):
        yield ("\t".join(texts) + "\n").encode()


def _predict(
    rows: Sequence[Sequence[ExactDecimal]], columns: PredictionColumns
) -> Iterator[Sequence[str]]:
    model = columns.model
    if columns.is_plain:  # without NumPy, which takes longer to load than all of this
        return ([repr(predict_row(model.plane, row))] for row in rows)
    from linreg_cli.exact import Block

    found = columns.of_block(Block.of_rows(rows))
    return found if columns.inverse is None else _refuse_without(found, rows, columns)


def _refuse_without(
    found: Iterator[Sequence[str]],
    rows: Sequence[Sequence[ExactDecimal]],
    columns: PredictionColumns,
) -> Iterator[Sequence[str]]:
    """Yield the texts of rows, which must have a prediction.

    Raises
    ------
    FitError
        If a row has none, as no number in the range of float64 has this value of the target.

    """
    for row, texts in zip(rows, found, strict=True):
        if not texts[0]:
            value = predict_row(columns.model.plane, row)
            raise FitError(
                f"the prediction of {columns.model.y} is {value}, and no {columns.predicted} in "
                "the range of float64 has it",
                hint="Leave out --inverse.",
            )
        yield texts


def _features(
    cells: Sequence[Cell], x: Sequence[str], known: "KnownLevels | None"
) -> list[ExactDecimal]:
    """Return the features of a row."""
    if known is not None:
        return known.row(dict(zip(x, cells, strict=True)))
    return [cell for cell in cells if isinstance(cell, ExactDecimal)]


def _read_named(
    pairs: Sequence[tuple[str, str] | None],
    x: Sequence[str],
    levels: "Levels",
    functions: Mapping[str, str],
) -> list[Cell]:
    row: dict[str, Cell] = {}
    for pair in pairs:
        if pair is None:
            raise UsageError(
                "some values have a name and some have none",
                hint=f"Type values as {_example(x, levels, functions)}",
            )
        name, text = pair
        if name not in x:
            near = nearest(name, x)
            raise UsageError(
                f"the model has no feature '{name}'{'; ' + near if near else ''}",
                hint=f"It needs {_example(x, levels, functions)}",
            )
        if name in row:
            raise UsageError(f"'{name}' is given twice", hint="Give each feature once.")
        row[name] = _read(text, name, name, levels, functions)
    absent = [name for name in x if name not in row]
    if absent:
        raise UsageError(
            f"no value for '{absent[0]}'", hint=f"The model needs {_example(x, levels, functions)}"
        )
    return [row[name] for name in x]


def _split(
    text: str, x: Sequence[str], levels: "Levels" = MappingProxyType({})
) -> tuple[str, str] | None:
    """Split name=value at the name of a feature, or else at the first =.

    A file is not split, nor is a level.
    """
    for name in sorted(x, key=len, reverse=True):
        if text.startswith(f"{name}="):
            return name, text[len(name) + 1 :]
    if any(canonical(text) in each for each in levels.values()):
        return None
    name, sign, value = text.partition("=")
    return (name, value) if sign and not Path(text).exists() else None


def _read(
    text: str, title: str, column: str, levels: "Levels", functions: Mapping[str, str]
) -> Cell:
    """Return a value of a column; `title` is what messages call it, if not a value."""
    if column in functions:
        from linreg_cli.design import TEXT_FUNCTIONS

        try:
            TEXT_FUNCTIONS[functions[column]](text)
        except ValueError as error:
            raise UsageError(
                f"{title or 'value'} '{text}' {error}", hint=_TEXT_HINTS[functions[column]]
            ) from None
        return text
    if column in levels:
        return _read_level(text, column, levels[column])
    try:
        return parse(text)
    except ValueError as error:
        raise UsageError(f"{title or 'value'} '{text}' {error}", hint=_NUMBER_HINT) from None


def _read_level(text: str, column: str, levels: Sequence[str]) -> str:
    level = canonical(text)
    if level not in levels:
        from linreg_cli.design import first_of

        near = nearest(level, levels)
        raise UsageError(
            f"no training row has the level '{text}' of {column}{'; ' + near if near else ''}",
            hint=f"The levels are {first_of(levels)}.",
        )
    return level


def _example(x: Sequence[str], levels: "Levels", functions: Mapping[str, str]) -> str:
    """Return what to type: a name and the kind of value of each column."""
    kinds = {name: _KINDS[function] for name, function in functions.items()}
    return " ".join(
        f"{name}={kinds.get(name, 'LEVEL' if name in levels else 'NUMBER')}" for name in x
    )
