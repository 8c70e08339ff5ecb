"""The descent that made a model, walked again: from its sums and settings, so no row is needed."""

from linreg_cli.errors import UsageError
from linreg_cli.model import Model
from linreg_cli.training import Descent, Epoch, Problem, prepare_descent, set_up_again

EVERY = 50
"""So many epochs are all given."""
GROWTH = 50
"""Later ones are a GROWTH-th of their number apart."""


def retrace(model: Model) -> tuple[Problem, Descent, list[Epoch]]:
    """Walk a model's descent again, to the epoch at which it ended.

    Returns
    -------
    What was to be learned, the descent, and its epochs: the first ones all, later ones fewer,
    and the last.

    Raises
    ------
    UsageError
        If the model was solved without a descent.

    """
    if model.training.stopped == "exact":
        raise UsageError(
            "the model was solved exactly: there is no descent to draw",
            hint="Train it with --solver gradient-descent, or draw --kind fit.",
        )
    problem = set_up_again(model, epochs=model.training.epochs)
    descent = prepare_descent(problem)
    epochs: list[Epoch] = []
    wanted = 0
    for epoch in descent.epochs(_next_shown):
        if epoch.number == wanted or epoch.stopped:
            epochs.append(epoch)
            wanted = _next_shown(epoch.number)
    return problem, descent, epochs


def _next_shown(number: int) -> int:
    return number + 1 + max(0, number - EVERY) // GROWTH
