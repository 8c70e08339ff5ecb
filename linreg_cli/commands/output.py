"""What a command makes, in a file or on standard output."""

import contextlib
from collections.abc import Callable, Iterator

from linreg_cli import files
from linreg_cli.output.terminal import standard_output, warn


@contextlib.contextmanager
def open_output(output: str, what: str) -> Iterator[Callable[[bytes], object]]:
    """Open a file, written whole, or for ``-`` standard output; `what` it is called in an error.

    Raises
    ------
    DataError
        If it cannot be written.

    """
    if output == "-":
        with standard_output() as write:
            yield write
    else:
        with files.open_output(output, what, tell=warn) as file:
            yield file.write


def write_output(content: bytes, output: str, what: str) -> None:
    """Write all of it at once, as `open_output` does."""
    with open_output(output, what) as write:
        write(content)
