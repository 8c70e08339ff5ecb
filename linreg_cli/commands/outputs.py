"""What a command writes, in a file or on standard output; and what cannot be written there."""

import contextlib
import io
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from linreg_cli import files
from linreg_cli.errors import UsageError


class Sink(Struct, frozen=True):
    """Where output is written.

    Attributes
    ----------
    write
        Writes.
    file
        What it writes to, as it is; None if it writes control characters as escapes.

    """

    write: Callable[[bytes], object]
    file: BinaryIO | None

    def descriptor(self) -> int | None:
        """Return the descriptor of the file, with all written that was given; None without one."""
        if self.file is None:
            return None
        self.file.flush()
        try:
            return self.file.fileno()
        except io.UnsupportedOperation:
            return None


@contextlib.contextmanager
def open_output(output: str, what: str) -> Iterator[Sink]:
    """Open a file, which is replaced whole, or standard output for ``-``.

    Parameters
    ----------
    output
        The path, or ``-``.
    what
        What the content is called in an error.

    Raises
    ------
    DataError
        If it cannot be written.

    """
    from linreg_cli.output.terminal import is_terminal, standard_output, warn

    if output == "-":
        with standard_output() as write:
            yield Sink(write, None if is_terminal(of_data=True) else sys.stdout.buffer)
    else:
        with files.open_output(output, what, tell=warn) as file:
            yield Sink(file.write, file)


def write_output(content: bytes, output: str, what: str) -> None:
    """Write all of it at once, as `open_output` does."""
    with open_output(output, what) as sink:
        sink.write(content)


def check_outputs(**outputs: str | None) -> None:
    """Refuse outputs without a name, and two of them on standard output.

    Rejects are written while rows are read, and the format of a picture follows from the name of
    its file, so that neither can go to standard output.

    Parameters
    ----------
    outputs
        The file of each option, by its name.

    Raises
    ------
    UsageError
        For the first of them.

    """
    taken = ""
    for name, path in outputs.items():
        can_be_printed = name in {"output", "history"}
        if path == "":
            also = ", or - for standard output" if can_be_printed else ""
            raise UsageError(f"--{name} is empty", hint=f"Name a file{also}.")
        if path == "-":
            if not can_be_printed or taken:
                why = f": --{taken} is - already" if can_be_printed else ""
                raise UsageError(f"--{name} cannot be -{why}", hint="Name a file for it.")
            taken = name


def refuse_standard_input_twice(model: str, data: Iterable[str]) -> None:
    """Refuse a model and data that both are standard input.

    Raises
    ------
    UsageError
        If they are.

    """
    if model == "-" and "-" in data:
        raise UsageError(
            "- is given for both the model and the data",
            hint="Write one of the two to a file, and name the file.",
        )


def refuse_pipe(model: str) -> None:
    """Refuse a model that is no file, which cannot be written to the place it came from.

    Raises
    ------
    UsageError
        If it is a pipe, as of ``<(...)``, or a device.

    """
    path = Path(model)
    if model != "-" and path.exists() and not (path.is_file() or path.is_dir()):
        raise UsageError(
            f"{model} is not a file, so the model cannot be written back to it",
            hint="Name a model file: --output model.json",
        )
