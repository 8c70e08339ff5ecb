"""The completions of options and arguments; their modules are imported when a shell asks."""

import typer


def complete_column(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the columns of the first file that the line names."""
    from linreg_cli.commands import completion

    return completion.complete_column(ctx, incomplete)


def complete_reference(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the levels of the categories that the line names, as ``city=DAVIS``."""
    from linreg_cli.commands import level_completion

    return level_completion.complete_reference(ctx, incomplete)


def complete_value(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return levels and keys of a model, as ``city=DAVIS``; else files are offered."""
    from linreg_cli.commands import level_completion

    return level_completion.complete_value(ctx, incomplete)


def complete_group(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the keys of the groups of the model files that the line names."""
    from linreg_cli.commands import level_completion

    return level_completion.complete_group(ctx, incomplete)
