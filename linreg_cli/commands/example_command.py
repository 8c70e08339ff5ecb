"""A linreg train command that can be pasted."""

import shlex
from collections.abc import Sequence

from linreg_cli.reading import Proposal
from linreg_cli.reading.csv import option_words

_REJECTS = "rejects.csv"


def train_command(data: Sequence[str], proposal: Proposal | str, rejects: str | None) -> str:
    """Return the command that learns what is proposed from the data; nothing if that is a reason.

    `rejects` is the file that the user named for rows that are set aside, if there is one.
    Nothing is returned either if a word of the command cannot be printed.
    """
    if isinstance(proposal, str):
        return ""
    words = ["linreg", "train", *map(_as_file, data)]
    for name in proposal.x:
        words += ["--x", name]
    for name in proposal.categories:
        words += ["--category", name]
    words += ["--y", proposal.y, *option_words(proposal.options)]
    if rejects is not None or proposal.sets_aside:
        words += ["--rejects", rejects or _REJECTS]
    return shlex.join(words) if all(word.isprintable() for word in words) else ""


def _as_file(argument: str) -> str:
    """Return a name of a file so that it is not taken for an option."""
    is_option = argument.startswith("-") and argument != "-"
    return f"./{argument}" if is_option else argument
