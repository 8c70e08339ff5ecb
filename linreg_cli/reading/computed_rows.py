"""Rows with computed columns: a number that does not exist counts as missing."""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from linreg_cli.errors import DataError
from linreg_cli.reading.row_counts import Undefined

if TYPE_CHECKING:
    from linreg_cli.design import ComputedColumns
    from linreg_cli.reading.csv import Rows


def compute_rows(
    rows: "Rows", computed: "ComputedColumns", *, optional: int = 0
) -> "tuple[Rows, Undefined]":
    """Return rows with computed columns in place of what they are computed from.

    Parameters
    ----------
    rows
        Rows whose block has the inputs of the columns.
    computed
        The columns.
    optional
        How many of the columns, the last ones, may lack a number in a complete row.

    """
    if not computed.terms:
        return rows, Undefined()
    import numpy as np

    block, exists = computed.of_block(rows.block)
    required = len(computed.names) - optional
    is_there = np.logical_and.reduce(exists[:, :required], axis=1)
    complete = rows.complete.copy()
    if len(complete):  # it is empty where it does not matter which records are complete
        complete[complete] = is_there
    first_optional = len(computed.inputs) - computed.optional_inputs(optional)
    absent = []
    for j, name in enumerate(computed.names[required:], required):
        is_absent = ~exists[:, j]
        for place in computed.needs(name):
            if rows.absent and place >= first_optional:
                is_absent = is_absent | rows.absent[place - first_optional]
        absent.append(is_absent[is_there])
    lacking = np.count_nonzero(~exists[:, :required], axis=0).tolist()
    cells = {name: n for name, n in zip(computed.names, lacking, strict=False) if n}
    return (
        replace(
            rows,
            block=block.rows(is_there),
            complete=complete,
            categories=tuple(each.rows(is_there) for each in rows.categories),
            keys=tuple(each.rows(is_there) for each in rows.keys),
            absent=tuple(absent),
        ),
        Undefined(cells, int(np.count_nonzero(~is_there))),
    )


def refuse_undefined(rows: "Rows", computed: "ComputedColumns", *, optional: int = 0) -> None:
    """Raise an error at the first row that lacks a number which cannot be computed.

    The parameters are those of `compute_rows`.

    Raises
    ------
    DataError
        If there is one.

    """
    import numpy as np

    _, exists = computed.of_block(rows.block)
    lacks = ~exists[:, : len(computed.names) - optional]
    for row in np.flatnonzero(lacks.any(axis=1))[:1].tolist():
        name = computed.names[int(np.flatnonzero(lacks[row])[0])]
        raise DataError(
            f"{name} does not exist",
            source=rows.source,
            line=int(rows.complete_lines[row]),
            column=", ".join(computed.terms[name].columns),
            hint="--missing drop leaves such rows out.",
        )
