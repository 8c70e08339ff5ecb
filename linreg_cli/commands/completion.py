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
from typing import TYPE_CHECKING

import typer

from linreg_cli.commands.row_options import FileOptions
from linreg_cli.errors import LinregError

if TYPE_CHECKING:
    from linreg_cli.reading.sources import Source

SHELL_VARIABLE = "_LINREG_COMPLETE"
"""Where Typer's scripts say which shell asks."""
_SAFE = frozenset("_-.,/+%")
_BEFORE = "_LINREG_BEFORE"
"""What stands on the line of bash before the part that it completes, as ``city=``."""
_COMPSET = "compset -P '--*='"
"""What stands before the value in ``--x=value`` is no part of a name."""


def complete_column(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the columns that can be completed, without those that are already named."""
    given = ctx.params
    named = {
        *(given.get("x") or ()),
        *(given.get("category") or ()),
        *(given.get("without") or ()),
        *(given.get("by") or ()),
        *(given.get("by") or ()),
        given.get("y"),
        given.get("weights"),
    }
    return offer([name for name in _columns(ctx) if name not in named], incomplete)


def offer(names: Sequence[str], incomplete: str) -> list[str]:
    """Reply to the shell with names of which one is to be completed, or return them to Typer."""
    names = list(filter(_can_be_typed, names))
    reply = _REPLIES.get(os.environ.get(SHELL_VARIABLE, ""))
    if reply is None:
        return names
    typer.echo(reply(names, incomplete))
    sys.exit(0)


def _columns(ctx: typer.Context) -> Sequence[str]:
    """Read the columns of the first file."""
    from linreg_cli.reading.csv import read_names

    with contextlib.suppress(LinregError, OSError):
        source = first_file(ctx)
        return read_names(source, FileOptions.from_context(ctx).csv()) if source else ()
    return ()


def first_file(ctx: typer.Context) -> "Source | None":
    """Return the first file of DATA; None if there is none that can be read again."""
    from linreg_cli.reading.sources import find_sources

    # while the value of an option is missing, Typer leaves the arguments in ctx.args
    data = [*(ctx.params.get("data") or ()), *ctx.args]
    for source in find_sources(data[:1]):
        return source if source.size is not None else None
    return None


def join_words() -> None:
    """Join the words that bash took apart at ``=``, as in ``city=DAVIS``, for Typer to read.

    What stands before the part that bash completes is kept for the reply.
    """
    if os.environ.get(SHELL_VARIABLE) != "complete_bash":
        return
    words = os.environ.get("COMP_WORDS", "").split("\n")
    current = int(os.environ.get("COMP_CWORD", "0"))
    joined: list[str] = []
    place = {}
    for number, word in enumerate(words):
        before = joined[-1] if joined else "-"
        belongs = word == "=" or (before.endswith("=") and words[number - 1] == "=")
        if belongs and not before.startswith("-"):
            joined[-1] += word
        else:
            joined.append(word)
        place[number] = len(joined) - 1
    if current in place and len(joined) < len(words):
        os.environ["COMP_WORDS"] = "\n".join(joined)
        os.environ["COMP_CWORD"] = str(place[current])
        whole, part = joined[place[current]], words[current]
        part = "" if part == "=" else part
        os.environ[_BEFORE] = whole.removesuffix(part) if whole != part else ""


def _can_be_typed(name: str) -> bool:
    try:
        name.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return False
    return name.isprintable() and bool(name)


def _for_bash(names: Sequence[str], incomplete: str) -> str:
    quote = _open_quote(os.environ["COMP_WORDS"].split("\n"), int(os.environ["COMP_CWORD"]))
    before = os.environ.get(_BEFORE, "")
    fitting = (name.removeprefix(before) for name in names if name.startswith(incomplete))
    return "\n".join(_quoted(name, quote) for name in fitting)


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
