"""Where a command's result goes: a file, or standard output."""

from pathlib import Path

from linreg_cli.errors import DataError
from linreg_cli.files import write_whole
from linreg_cli.terminal.console import standard_output


def write_output(content: bytes, output: str, what: str) -> None:
    """Write to a file, whole, or for ``-`` to standard output.

    Raises
    ------
    DataError
        If it cannot be written; the message says `what` it is.

    """
    if output == "-":
        with standard_output() as write:
            write(content)
        return
    try:
        write_whole(Path(output), content)
    except OSError as error:
        raise DataError(
            f"{output}: cannot write the {what}: {error.strerror}",
            hint="--output names another place.",
        ) from error
