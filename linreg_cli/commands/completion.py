"""Completion of column names: the shell offers the columns of the file that its line names.

Typer installs the scripts and finds out which option is completed. Its replies do not quote what
the shell would take apart (typer 0.29), so bash and zsh are answered here:

    bash   puts a line of the reply on its command line as it is: names are quoted
    zsh    evaluates the reply: compadd then quotes names as the word on the line needs it
    fish   quotes names itself

Where names cannot be read there is nothing to offer, and nothing is said.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import typer

from linreg_cli.commands.row_options import FileOptions
from linreg_cli.commands.shared_options import COLUMNS
from linreg_cli.errors import LinregError

SHELL_VARIABLE = "_LINREG_COMPLETE"
"""Where Typer's scripts say which shell asks."""
_SAFE = frozenset("_-.,/+%")
_COMPSET = "compset -P '--*='"
"""What stands before the value in ``--x=value`` is no part of a name."""


def column_option(help_text: str, *names: str, panel: str = COLUMNS) -> Any:  # noqa: ANN401
    """Return an option that takes the name of a column; `names` if not that of the parameter."""
    return typer.Option(
        *names,
        metavar="COLUMN",
        help=help_text,
        autocompletion=complete_column,
        rich_help_panel=panel,
    )


def complete_column(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the columns that can be completed, without those that are already named."""
    given = ctx.params
    named = {
        *(given.get("x") or ()),
        *(given.get("category") or ()),
        *(given.get("without") or ()),
        *(given.get("by") or ()),
        given.get("y"),
        given.get("weights"),
    }
    names = [name for name in _columns(ctx) if name not in named and _can_be_typed(name)]
    reply = _REPLIES.get(os.environ.get(SHELL_VARIABLE, ""))
    if reply is None:
        return names
    typer.echo(reply(names, incomplete))
    sys.exit(0)


def _columns(ctx: typer.Context) -> Sequence[str]:
    """Read the columns of the first file; nothing that would not be there to read again."""
    from linreg_cli.reading.csv import read_names
    from linreg_cli.reading.sources import find_sources

    given = ctx.params
    # while the value of an option is missing, Typer leaves the arguments in ctx.args
    data = [*(given.get("data") or ()), *ctx.args]
    with contextlib.suppress(LinregError, OSError):
        options = FileOptions.from_context(ctx).csv()
        for source in find_sources(data[:1]):
            is_file = source.size is not None
            return read_names(source, options) if is_file else ()
    return ()


def _can_be_typed(name: str) -> bool:
    try:
        name.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return False
    return name.isprintable() and bool(name)


def _for_bash(names: Sequence[str], incomplete: str) -> str:
    quote = _open_quote(os.environ["COMP_WORDS"].split("\n"), int(os.environ["COMP_CWORD"]))
    return "\n".join(_quoted(name, quote) for name in names if name.startswith(incomplete))


def _open_quote(words: Sequence[str], current: int) -> str:
    """Return the quote with which the word on the line begins, or nothing."""
    first = words[current][:1] if current < len(words) else ""
    return first if first in {'"', "'"} else ""


def _quoted(name: str, quote: str) -> str:
    """Write a name as bash reads it behind an open quote, or without one."""
    if quote == "'":
        return name.replace("'", r"'\''")
    if quote == '"':
        return "".join(f"\\{sign}" if sign in '\\"$`' else sign for sign in name)
    return "".join(sign if sign.isalnum() or sign in _SAFE else f"\\{sign}" for sign in name)


def _for_zsh(names: Sequence[str], incomplete: str) -> str:
    """Write all names; zsh chooses those that begin with `incomplete`."""
    del incomplete
    return f"{_COMPSET}; compadd -- {' '.join(map(_in_ansi_c, names))}" if names else ""


def _in_ansi_c(name: str) -> str:
    r"""Write a name as ``$'a\x20b'``, in which nothing is left to be split or expanded."""
    signs = (
        sign if sign.isalnum() or not sign.isascii() else f"\\x{ord(sign):02x}" for sign in name
    )
    return f"$'{''.join(signs)}'"


_REPLIES: dict[str, Callable[[Sequence[str], str], str]] = {
    "complete_bash": _for_bash,
    "complete_zsh": _for_zsh,
}
