"""What is shown of a training, and its warnings."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from linreg_cli.output.terminal import warn
from linreg_cli.training import Epoch, is_doubling

if TYPE_CHECKING:
    from linreg_cli.output.explain import FirstRow


class TrainingDisplay(Struct, frozen=True, kw_only=True):
    """What is shown and written of a training.

    Attributes
    ----------
    is_quiet
        Print nothing but warnings.
    log_every
        Show every Nth epoch; None for epochs 0, 1, 2, 4, 8 and so on. The last is always shown.
    history
        A CSV file for the shown epochs, ``-`` for standard output, or None.
    explained
        The rows for which the first epochs are calculated step by step; empty without --explain.
    requires_convergence
        Whether a descent that does not converge is an error.
    trained
        The model file that ``linreg train`` trains again with other settings; empty if the
        command that is running takes them itself.
    prints_json
        Whether the result goes to standard output as JSON.

    """

    is_quiet: bool = False
    log_every: int | None = None
    history: str | None = None
    explained: "Sequence[FirstRow]" = ()
    requires_convergence: bool = False
    trained: str = ""
    prints_json: bool = False

    def shows(self, epoch: Epoch) -> bool:
        """Return whether an epoch is shown."""
        if self.log_every is None:
            return bool(epoch.stopped) or is_doubling(epoch.number)
        return bool(epoch.stopped) or epoch.number % self.log_every == 0


class Warnings:
    """The warnings of a training, each printed at once."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def add(self, text: str, hint: str = "") -> None:
        """Print a warning, and a remedy if there is one."""
        self.texts.append(text)
        warn(text, hint)
