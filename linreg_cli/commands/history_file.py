"""The file of the epochs that a training showed, which is kept even if the training diverged."""

import contextlib
from collections.abc import Iterator, Sequence

from linreg_cli.errors import FitError


@contextlib.contextmanager
def history_file(path: str | None, history: Sequence[Sequence[object]]) -> Iterator[None]:
    """Write the history before the block, and keep it unless the block cannot write the model."""
    if path is None:
        yield
        return
    from linreg_cli.files import open_output
    from linreg_cli.output.terminal import standard_output, warn
    from linreg_cli.reading.csv import record

    content = b"".join(map(record, history))
    divergence = None
    with contextlib.ExitStack() as stack:
        if path != "-":
            hint = "Write it to another place: --history FILE"
            file = stack.enter_context(open_output(path, "history", hint=hint, tell=warn))
            file.write(content)
            file.flush()
        try:
            yield
        except FitError as error:  # how it diverged is worth keeping
            divergence = error
    try:
        if path == "-":  # after the model, which does not depend on who reads the history
            with standard_output() as write:
                write(content)
    finally:
        if divergence is not None:
            raise divergence
