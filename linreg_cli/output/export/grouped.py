"""A model of groups for another program: the model of each group, chosen by its key."""

from importlib import import_module
from typing import TYPE_CHECKING

from linreg_cli.errors import UsageError

if TYPE_CHECKING:  # the help lists the targets without importing the model
    from linreg_cli.model import GroupedModel

MOST_IN_EXCEL = 56
"""The most groups for Excel, which takes 64 functions inside each other."""
_EXPRESSIONS = ("sql", "sqlite")
_TABLES = ("python", "javascript", "awk", "c")


def write_groups(model: "GroupedModel", target: str, *, inverse: bool = False) -> str:
    """Return the models of all groups for a target.

    An expression chooses by the columns of the key; a program has a table with the weights of each
    group. A group without a fit has no prediction.

    Raises
    ------
    UsageError
        If the target cannot hold them.
    FitError
        If no group has a fit.

    """
    if not model.fit_keys:
        model.model_of(model.keys[0])  # which has none
    if target in _EXPRESSIONS:
        return _as_case(model, target, inverse=inverse)
    if target == "excel":
        return _as_excel(model, inverse=inverse)
    if target not in _TABLES:
        raise _refused(target, "models of groups")
    if model.design is not None:
        from linreg_cli.output.export.group_programs import write_program

        return write_program(model, target, inverse=inverse)
    from linreg_cli.output.export.group_tables import write_table

    return write_table(model, target)


def _as_case(model: "GroupedModel", target: str, *, inverse: bool) -> str:
    """Return a CASE over the groups, NULL for other keys."""
    write = import_module(f"linreg_cli.output.export.{target}").write
    lines = []
    for key in model.fit_keys:
        conditions = map(_is_value, model.by, key)
        expression = write(model.model_of(key), inverse=inverse).strip()
        lines.append(f"  WHEN {' AND '.join(conditions)} THEN {expression}")
    return "\n".join(["(CASE", *lines, "END)", ""])


def _as_excel(model: "GroupedModel", *, inverse: bool) -> str:
    """Return an IF for each group inside that of the group before it.

    Raises
    ------
    UsageError
        If it is too long for Excel.

    """
    from linreg_cli.output.export import excel
    from linreg_cli.output.export.formula import Choice

    notation = excel.ExcelNotation()
    if len(model.fit_keys) > MOST_IN_EXCEL:
        raise _refused("excel", f"more than {MOST_IN_EXCEL} groups")
    text = '""'
    for key in reversed(model.fit_keys):
        conditions = [
            notation.is_level(Choice(name, ()), value or "")
            for name, value in zip(model.by, key, strict=True)
        ]
        condition = conditions[0] if len(conditions) == 1 else f"AND({','.join(conditions)})"
        formula = excel.write(model.model_of(key), inverse=inverse).strip().removeprefix("=")
        text = f"IF({condition},{formula},{text})"
    if len(text) >= excel.MAX_CHARACTERS:
        raise _refused("excel", f"a formula of {len(text) + 1:,} characters")
    return f"={text}\n"


def _refused(target: str, what: str) -> UsageError:
    return UsageError(
        f"--to {target} cannot hold {what}",
        hint="--group KEY exports the model of one group; --to sql exports all.",
    )


def _is_value(name: str, value: str | None) -> str:
    """Return the condition that a column has a value of a key."""
    doubled = name.replace('"', '""')
    column = f'"{doubled}"'
    if value is None:  # many programs read an empty cell as a text
        return f"COALESCE(TRIM(CAST({column} AS VARCHAR)), '') = ''"
    doubled = value.replace("'", "''")
    return f"{column} = '{doubled}'"
