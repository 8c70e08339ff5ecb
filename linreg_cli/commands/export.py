"""linreg export: write a model as code or a formula for another tool."""

from typing import Annotated

from linreg_cli.commands import shared_options as shared
from linreg_cli.commands.group_option import GroupKey, OneModel, choose_group
from linreg_cli.commands.option_kinds import choice, flag, output_file
from linreg_cli.errors import UsageError
from linreg_cli.output.export import TARGETS


def export(
    model: shared.ModelArgument,
    to: Annotated[
        str,
        choice(
            TARGETS,
            f"What to write: {', '.join(TARGETS[:-1])} or {TARGETS[-1]}.",
            shared.OUTPUT,
            metavar="TARGET",
        ),
    ],
    group: GroupKey = None,
    output: Annotated[
        str,
        output_file("File to write, or - for standard output.", shared.OUTPUT),
    ] = "-",
    inverse: Annotated[
        bool,
        flag(
            "--inverse",
            "For a model of a transformed target, such as log(price): predict the price.",
            shared.OUTPUT,
        ),
    ] = False,
) -> None:
    """Write a model as code or as a formula.

    linreg export model.json --to sql

    linreg export model.json --to python -o price.py

    linreg export cities.json --to sql --group DAVIS
    """
    from linreg_cli.commands.original_scale import inverse_of, note_of_median
    from linreg_cli.commands.outputs import check_outputs, write_output
    from linreg_cli.commands.overwriting import refuse_overwriting
    from linreg_cli.model import load_any_model
    from linreg_cli.output.export import write, write_groups

    check_outputs(output=output)
    refuse_overwriting([model], output)
    loaded = load_any_model(model)
    chosen = choose_group(loaded, model, group)
    undone = inverse_of(loaded) if inverse else None
    if isinstance(chosen, OneModel):
        written = write(chosen.model, to, inverse=inverse)
    else:
        written = write_groups(chosen, to, inverse=inverse)
    if isinstance(written, bytes):
        _refuse_terminal(output, to)
    write_output(written if isinstance(written, bytes) else written.encode(), output, "export")
    if undone is not None:
        note_of_median(loaded, undone)


def _refuse_terminal(output: str, target: str) -> None:
    """Refuse to write bytes where a person looks."""
    from linreg_cli.output.terminal import is_terminal

    if output == "-" and is_terminal(of_data=True):
        raise UsageError(
            f"--to {target} writes a binary file, not text for a terminal",
            hint="Add --output FILE.",
        )
