"""What a command makes, in a file or on standard output."""

from linreg_cli.files import open_output
from linreg_cli.terminal.console import standard_output, warn


def write_output(content: bytes, output: str, what: str) -> None:
    """Write to a file, whole, or for ``-`` to standard output; `what` it is called in an error.

    Raises
    ------
    DataError
        If it cannot be written.

    """
    if output == "-":
        with standard_output() as write:
            write(content)
    else:
        with open_output(output, what, tell=warn) as file:
            file.write(content)
