"""The two streams: messages for people on standard error, data on standard output."""

import contextlib
import errno
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from typer._click.exceptions import ClickException, NoArgsIsHelpError

from linreg_cli.errors import DataError, FormulaError, LinregError

if TYPE_CHECKING:
    from rich.console import Console

_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def escape(text: str) -> str:
    """Return a text with control characters as escapes: names and cells are data, not commands."""
    if text.isprintable():
        return text
    import unicodedata

    return "".join(
        repr(character)[1:-1] if unicodedata.category(character) in _UNSEEN else character
        for character in text
    )


def escape_lines(text: str) -> str:
    """Return a text with control characters as escapes, except tabs and line ends."""
    ends = re.split(r"(\r?\n|\t)", text)
    return "".join(part if i % 2 else escape(part) for i, part in enumerate(ends))


def is_terminal(*, of_data: bool = False) -> bool:
    """Return whether standard error, or standard output, is a terminal."""
    stream = sys.stdout if of_data else sys.stderr
    return stream is not None and stream.isatty()


def console(*, of_data: bool = False) -> "Console":
    """Return the Rich console of standard error, or of standard output, which reads no markup."""
    from rich.console import Console

    return Console(stderr=not of_data, markup=False, highlight=False, emoji=False)


def say(text: str = "") -> None:
    """Print lines on standard error."""
    _print(*map(escape, text.split("\n")))


def _print(*lines: str) -> None:
    """Print to standard error, in one piece that Ctrl-C does not cut; if it is closed, nothing."""
    if sys.stderr is None:  # closed, as by 2>&-; print would take standard output instead
        return
    with contextlib.suppress(OSError):
        sys.stderr.write("\n".join([*lines, ""]))
        sys.stderr.flush()


def warn(text: str, hint: str = "") -> None:
    """Print a warning, and a hint if there is one, even with ``--quiet``."""
    _print(f"Warning: {escape(text)}", *([f"Hint: {escape(hint)}"] if hint else []))


def note(text: str) -> None:
    """Print how something was understood that can be understood in another way."""
    _print(f"Note: {escape(text)}")


def show_usage_error(error: ClickException) -> None:
    """Print an error in the command line that Typer found, in the form of Typer."""
    if not isinstance(error, NoArgsIsHelpError):  # its message is the help
        error.message = escape(error.message)
    with contextlib.suppress(OSError):
        error.show()


def show_error(error: LinregError) -> None:
    """Print an error and its hint."""
    label, hint = "Error:", "Hint:"
    if is_terminal() and "NO_COLOR" not in os.environ:
        label, hint = f"\x1b[1;31m{label}\x1b[0m", f"\x1b[36m{hint}\x1b[0m"
    _print(f"{label} {escape(error.message)}")
    if isinstance(error, FormulaError):
        _print(f"  {escape(error.formula)}", f"  {_blanks_below(error)}^")
    if error.hint:
        _print(f"{hint} {escape(error.hint)}")


def _blanks_below(error: FormulaError) -> str:
    """Return blanks as wide as what stands before the fault in a formula."""
    import unicodedata

    before = escape(error.formula[: error.place])
    width = sum(1 + (unicodedata.east_asian_width(character) in "FW") for character in before)
    marks = sum(unicodedata.combining(character) > 0 for character in before)
    return " " * (width - marks)


@contextlib.contextmanager
def standard_output(*, is_drawn: bool = False) -> Iterator[Callable[[bytes | memoryview], object]]:
    """Yield the function that writes data to standard output.

    On a terminal, control characters are written as escapes. A picture (`is_drawn`) is an
    exception: its control characters are colours, and its names are escaped already. If the reader
    closes the pipe (``| head -1``) the program ends quietly; a full disk is an error.
    """
    if sys.stdout is None:  # closed, as by >&-
        raise DataError(
            "cannot write standard output: it is closed", hint="Redirect it to a file or a pipe."
        )
    try:
        yield _write_whole if is_drawn or not is_terminal(of_data=True) else _write_shown
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        abandon_standard_output()
        raise typer.Exit(0) from None
    except OSError as error:
        abandon_standard_output()
        raise DataError(
            f"cannot write standard output: {error.strerror}",
            hint="Free some space, or write to another disk.",
        ) from None


def _write_whole(data: bytes | memoryview) -> None:
    """Write all of it: without a buffer (PYTHONUNBUFFERED), a write may take only a part.

    Raises
    ------
    OSError
        If it cannot be written.

    """
    left = memoryview(data)
    while left:
        count = sys.stdout.buffer.write(left)
        if count is None:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        left = left[count:]


def _write_shown(data: bytes | memoryview) -> None:
    """Write text to a terminal, control characters as escapes."""
    text = escape_lines(bytes(data).decode(errors="surrogateescape"))
    _write_whole(text.encode(errors="backslashreplace"))


def flush_standard_output() -> None:
    """Flush standard output while an error can still be reported."""
    if sys.stdout is not None:
        sys.stdout.flush()


def system_error(error: OSError) -> DataError:
    """Return the message for an error of the operating system that no command handles."""
    if not _has_current_folder():
        return DataError("the current folder was deleted", hint="cd to another folder.")
    if error.filename is None:
        problem = f"cannot read or write: {error.strerror}"
        return DataError(problem, hint="Is the disk full?" if error.errno == errno.ENOSPC else "")
    return DataError(f"{error.filename}: {error.strerror}", hint="Check the file and its folder.")


def _has_current_folder() -> bool:
    try:
        Path.cwd()
    except FileNotFoundError:
        return False
    return True


def abandon_standard_output() -> None:
    """Discard what is left in the buffer, so that the exit does not fail on it again."""
    if sys.stdout is None:
        return
    with contextlib.suppress(OSError):  # a stream in a test has no file descriptor
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
