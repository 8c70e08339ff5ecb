"""What standard output can show: its width, colours and Unicode."""

import os
import shutil
import sys
from dataclasses import dataclass

_POOR = {"dumb", "linux"}
"""Terminals without braille characters; linux is the console without a window system."""


@dataclass(frozen=True, kw_only=True)
class Screen:
    """What plots are drawn for: a width in characters, colours, and Unicode."""

    width: int = 80
    has_color: bool = False
    has_unicode: bool = True


def standard_output_screen() -> Screen:
    """Return what standard output can show: files have no colour, some terminals no Unicode."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    is_poor = os.environ.get("TERM") in _POOR  # in a pipe too, which often ends on this terminal
    return Screen(
        width=shutil.get_terminal_size().columns,
        has_color=is_terminal and not is_poor and "NO_COLOR" not in os.environ,
        has_unicode=encoding.lower().startswith("utf") and not is_poor,
    )
