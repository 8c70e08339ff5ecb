"""linreg test: whether the weights of a model satisfy linear restrictions."""

import glob
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from linreg_cli.commands import shared_options as shared
from linreg_cli.commands.group_option import GroupKey, load_one_model
from linreg_cli.commands.robust_option import Robust, RobustInput, check_robust, find_covariance
from linreg_cli.commands.row_options import RowOptions
from linreg_cli.commands.typed_options import Typed
from linreg_cli.errors import UsageError


def test(
    model: shared.ModelArgument,
    restrictions: Annotated[
        list[str],
        typer.Argument(
            metavar="[DATA] RESTRICTION",
            help="Linear equations of weights, for example 'sqft = 0' or 'beds = 2 * baths'. "
            "Files are the training rows, for --robust.",
        ),
    ],
    *,
    group: GroupKey = None,  # noqa: PT028 - a command, not a test of pytest
    robust: Robust = None,  # noqa: PT028 - as above
    json: shared.Json = False,  # noqa: PT028 - as above
    rows: RowOptions,
    typed: Typed,
) -> None:
    """Test linear restrictions on the weights of a model.

    linreg test model.json 'square_feet = 300'

    linreg test model.json 'square_feet = 300' 'b = 0' --json

    linreg test model.json houses.csv 'square_feet = 300' --robust hc3
    """
    import json as json_format

    from msgspec import to_builtins

    from linreg_cli.commands.overwriting import refuse_overwriting
    from linreg_cli.output.terminal import standard_output, wald_table
    from linreg_cli.statistics import wald_test

    data, equations = _separated(restrictions)
    check_robust(typed, robust, data)
    if not equations:
        raise UsageError(
            "RESTRICTION is missing",
            hint=f"linreg test {model} {' '.join(data)} 'COLUMN = 0' tests the weight of a column.",
        )
    refuse_overwriting([model], "-")
    one = load_one_model(model, group, command="test")
    covariance = None
    if robust:
        covariance = find_covariance(
            RobustInput(
                name=model,
                model=one.model,
                kind=robust,
                data=data,
                group=one.group,
                command="linreg test MODEL DATA RESTRICTION",
            ),
            rows,
        )
    tested = wald_test(one.model, equations, covariance)
    if json:
        output = json_format.dumps(to_builtins(tested), indent=2, ensure_ascii=False)
    else:
        output = wald_table.text_of(tested)
    with standard_output() as write:
        write(f"{output}\n".encode())


def _separated(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the files among some arguments, and the other arguments, which are restrictions."""
    data = [text for text in arguments if _is_data(text)]
    return data, [text for text in arguments if text not in data]


def _is_data(text: str) -> bool:
    is_file = text == "-" or "://" in text or Path(text).is_file()
    # Path.glob knows no absolute pattern
    return is_file or ("=" not in text and glob.has_magic(text) and bool(glob.glob(text)))  # noqa: PTH207
