"""The rule for options that have no effect beside others: a warning, or an error.

An option that only says how a step is done is ignored with a warning if the step is not done. An
option whose result would be missing (a file, an explanation, other rows) is an error.
"""

from collections.abc import Iterable, Mapping

from linreg_cli.commands.typed_options import Typed
from linreg_cli.errors import UsageError

RESULTS = frozenset(
    {
        *("history", "explain", "plot", "rejects"),
        *(
            "weights",
            "category",
            "formula",
            "reference",
            "test_fraction",
            "folds",
            "missing",
            "moments",
            "robust",
        ),
        *("by", "keep_missing"),
        *("residuals", "leverage", "cooks_distance"),
    }
)
"""Options whose result would be missing if they were ignored."""


def ignore(typed: Typed, names: Iterable[str], because: str) -> None:
    """Warn of options that the user typed and that have no effect with `because`, or refuse them.

    Raises
    ------
    UsageError
        For the first of them whose result would be missing.

    """
    ignore_all(typed, dict.fromkeys(names, because))


def ignore_all(typed: Typed, reasons: Mapping[str, str]) -> None:
    """Warn of options, as `ignore` does, each with its own reason."""
    without_effect = {name: why for name, why in reasons.items() if name in typed}
    for name, why in without_effect.items():
        if name in RESULTS:
            refuse(typed, [name], why)
    for name, why in without_effect.items():
        ignore_what(typed.spelling(name), why)


def ignore_what(what: str, because: str) -> None:
    """Warn that something has no effect."""
    from linreg_cli.output.terminal import warn

    warn(f"{what} has no effect with {because}")


def refuse(
    typed: Typed, names: Iterable[str], because: str, hint: str = "Leave out one of the two."
) -> None:
    """Refuse options that the user typed and that have no effect with `because`.

    Raises
    ------
    UsageError
        For the first of them.

    """
    for name in names:
        if name in typed:
            raise UsageError(
                f"{typed.spelling(name)} has no effect with {because}",
                hint=hint,
            )
