"""linreg show: print the weights and statistics of a model."""

from typing import Annotated

from linreg_cli.commands import shared_options as shared
from linreg_cli.commands.option_kinds import flag
from linreg_cli.commands.typed_options import Typed
from linreg_cli.statistics import DEFAULT_CONFIDENCE


def show(
    model: shared.ModelArgument,
    *,
    confidence: shared.Confidence = DEFAULT_CONFIDENCE,
    json: shared.Json = False,
    markdown: Annotated[
        bool,
        flag("--markdown", "Print the weights and statistics as Markdown tables.", shared.OUTPUT),
    ] = False,
    latex: Annotated[
        bool,
        flag("--latex", "Print the weights and statistics as LaTeX tables.", shared.OUTPUT),
    ] = False,
    typed: Typed,
) -> None:
    """Show the weights and statistics of a model.

    linreg show model.json

    linreg show model.json --json | jq .r2
    """
    import json as json_format
    from dataclasses import asdict

    from linreg_cli.commands.overwriting import refuse_overwriting
    from linreg_cli.model import load_model
    from linreg_cli.output.terminal import standard_output, summary_tables as text
    from linreg_cli.statistics import summarize

    typed.refuse_together("json", "markdown", "latex")
    refuse_overwriting([model], "-")
    loaded = load_model(model)
    summary = summarize(loaded, confidence)
    if json:
        output = json_format.dumps(asdict(summary), indent=2, ensure_ascii=False)
    elif markdown or latex:
        output = text.paper_table(loaded, summary, "markdown" if markdown else "latex")
    else:
        output = text.report(loaded, summary)
    with standard_output() as write:
        write(f"{output}\n".encode())
