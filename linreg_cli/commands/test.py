"""linreg test: whether the weights of a model satisfy linear restrictions."""

from typing import Annotated

import typer

from linreg_cli.commands import shared_options as shared
from linreg_cli.errors import UsageError


def test(
    model: shared.ModelArgument,
    restrictions: Annotated[
        list[str],
        typer.Argument(
            metavar="RESTRICTION",
            help="Linear equations of weights, for example 'sqft = 0' or 'beds = 2 * baths'.",
        ),
    ],
    json: shared.Json = False,  # noqa: PT028 - a command, not a test of pytest
) -> None:
    """Test linear restrictions on the weights of a model.

    linreg test model.json 'square_feet = 300'

    linreg test model.json 'square_feet = 300' 'b = 0' --json
    """
    import json as json_format
    from pathlib import Path

    from msgspec import to_builtins

    from linreg_cli.commands.overwriting import refuse_overwriting
    from linreg_cli.model import load_model
    from linreg_cli.output.terminal import standard_output, wald_table
    from linreg_cli.statistics import wald_test

    for text in restrictions:
        if Path(text).is_file():
            raise UsageError(
                f"{text} is a file, not a restriction",
                hint=f"linreg evaluate {model} {text} evaluates the model on its rows.",
            )
    refuse_overwriting([model], "-")
    tested = wald_test(load_model(model), restrictions)
    if json:
        output = json_format.dumps(to_builtins(tested), indent=2, ensure_ascii=False)
    else:
        output = wald_table.text_of(tested)
    with standard_output() as write:
        write(f"{output}\n".encode())
