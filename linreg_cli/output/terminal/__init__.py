"""Text for the terminal: messages, progress and tables.

Results go in; lines on standard error or standard output come out.
"""

from typing import TYPE_CHECKING

from linreg_cli import lazy_exports

if TYPE_CHECKING:
    from linreg_cli.output.terminal import (
        comparison_table as comparison_table,
        description_table as description_table,
        evaluation_table as evaluation_table,
        group_table as group_table,
        report as report,
        summary_tables as summary_tables,
        wald_table as wald_table,
    )
    from linreg_cli.output.terminal.epochs import (
        MAX_WEIGHTS as MAX_WEIGHTS,
        EpochDisplay as EpochDisplay,
        cut as cut,
        epoch_display as epoch_display,
        slope_names as slope_names,
    )
    from linreg_cli.output.terminal.printing import (
        abandon_standard_output as abandon_standard_output,
        console as console,
        escape as escape,
        escape_lines as escape_lines,
        flush_standard_output as flush_standard_output,
        is_terminal as is_terminal,
        note as note,
        say as say,
        show_error as show_error,
        show_usage_error as show_usage_error,
        standard_output as standard_output,
        system_error as system_error,
        warn as warn,
    )
    from linreg_cli.output.terminal.progress import (
        reading_progress as reading_progress,
        training_progress as training_progress,
    )
    from linreg_cli.output.terminal.result import (
        Result as Result,
        as_json as as_json,
        as_text as as_text,
    )
    from linreg_cli.output.terminal.text_table import (
        align as align,
        r2_name as r2_name,
        r2_text as r2_text,
    )
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "epochs": ("MAX_WEIGHTS", "EpochDisplay", "cut", "epoch_display", "slope_names"),
            "printing": (
                "abandon_standard_output",
                "console",
                "escape",
                "escape_lines",
                "flush_standard_output",
                "is_terminal",
                "note",
                "say",
                "show_error",
                "show_usage_error",
                "standard_output",
                "system_error",
                "warn",
            ),
            "progress": ("reading_progress", "training_progress"),
            "result": ("Result", "as_json", "as_text"),
            "text_table": ("align", "r2_name", "r2_text"),
        },
    )
