"""Find the option or command for a name that other programs use: --lr for --learning-rate."""

from collections.abc import Sequence
from difflib import get_close_matches

from linreg_cli.model import Settings
from linreg_cli.statistics import DEFAULT_CONFIDENCE

_OPTIONS = {
    "--x": "feature features predictor predictors independent regressor regressors input inputs "
    "x-column x-columns xcol",
    "--without": "exclude drop except omit drop-column drop-columns ignore",
    "--y": "target label labels response dependent outcome y-column ycol",
    "--weights": "weight sample-weight sample-weights case-weights",
    "--by": "group group-by groupby groups grouped per-group",
    "--learning-rate": "lr alpha eta rate step step-size learning",
    "--epochs": "iterations iteration iters iter max-iter max-iters max-iterations n-iter "
    "num-iterations num-epochs max-epochs n-epochs steps",
    "--tolerance": "tol eps epsilon precision threshold",
    "--solver": "method algorithm optimizer optimiser",
    "--scale": "normalize normalise standardize standardise scaling normalization",
    "--no-scale": "no-normalize no-normalise no-standardize no-standardise no-scaling raw",
    "--intercept": "fit-intercept bias constant",
    "--no-intercept": "no-bias no-constant no-fit-intercept no-const through-origin",
    "--l2": "ridge lambda reg regularization regularisation penalty weight-decay alpha",
    "--seed": "random-state random-seed rng",
    "--start": "init initialization initialisation",
    "--log-every": "verbose verbosity debug print-every log",
    "--history": "log-file trace",
    "--test-fraction": "test-size test-split holdout hold-out validation-split val-split "
    "validation-fraction test test-ratio",
    "--folds": "cv fold k-folds kfold kfolds k-fold n-folds cross-validate cross-validation",
    "--delimiter": "sep separator field-separator delim fs",
    "--decimal": "decimal-separator dec decimal-point decimal-sign decimal-comma",
    "--thousands": "thousands-separator thousand group-separator",
    "--encoding": "charset codec",
    "--no-header": "noheader header no-headers skip-header headerless",
    "--missing": "on-missing nan dropna",
    "--na": "na-value na-values missing-value missing-values null-values",
    "--na-only": "keep-default-na",
    "--strip": "currency currency-symbol remove unit units",
    "--comment": "comments comment-char comment-prefix",
    "--skip": "skiprows skip-rows skip-lines skip-first",
    "--skip-initial-space": "skipinitialspace initial-space skip-space skip-blanks",
    "--rejects": "reject skip-bad-lines skip-errors on-bad-lines ignore-errors",
    "--threads": "jobs n-jobs workers cores processes thread num-threads parallel",
    "--cluster": "dask scheduler distributed",
    "--output": "out outfile out-file output-file save save-to model model-file dest file",
    "--quiet": "silent no-progress",
    "--column": "name column-name output-column",
    "--only": "predictions-only no-input values-only",
    "--robust": "vce cov-type cov hc vcov sandwich white heteroskedasticity",
    "--interval": "pi prediction-interval",
    "--confidence": "ci level confidence-level confidence-interval conf",
    "--fail-if": "fail assert gate check",
    "--check-drift": "drift chow",
    "--kind": "type plot-type",
    "--to": "format target language lang type",
    "--markdown": "md",
    "--latex": "tex",
    "--version": "ver",
}
"""The names, without their dashes, by which other programs and courses call an option."""
_COMMANDS = {
    "train": "fit learn regress run lm",
    "predict": "apply infer predictions",
    "show": "summary summarize info print weights coefficients",
    "compare": "anova models stargazer esttab summary-col nested",
    "test": "wald testparm restrict restrictions hypothesis linear-hypothesis f-test t-test",
    "evaluate": "score validate eval check",
    "plot": "draw graph chart",
    "columns": "describe inspect head stats summary-of-data data",
    "update": "add append remove partial-fit",
    "merge": "join combine reduce",
    "export": "convert save write",
    "replay": "animate animation watch html",
}
_EXAMPLES = {
    "--learning-rate": "0.1",
    "--epochs": str(Settings().epochs),
    "--l2": "0.1",
    "--log-every": "100",
    "--folds": "5",
    "--test-fraction": "0.2",
    "--cluster": "local",
    "--history": "history.csv",
    "--rejects": "rejects.csv",
    "--delimiter": ",",
    "--confidence": str(DEFAULT_CONFIDENCE),
    "--interval": str(DEFAULT_CONFIDENCE),
    "--na": "?",
    "--na-only": "?",
    "--strip": "$",
    "--comment": "#",
    "--skip": "1",
}
"""Values for options that were typed without one."""
_TRUTHS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def options_meant(typed: str, options: Sequence[str]) -> list[str]:
    """Return the options of a command that an unknown one may stand for, the likeliest first.

    Parameters
    ----------
    typed
        The unknown option, with its dashes and without a value.
    options
        The options that the command has.

    """
    name = typed.lstrip("-").casefold().replace("_", "-")
    if len(name) > 1 and f"--{name}" in options:
        return [f"--{name}"]
    known = [option for option, names in _OPTIONS.items() if name in names.split()]
    long = [option.removeprefix("--") for option in options if option.startswith("--")]
    close = get_close_matches(name, long, n=1) if len(name) > 1 else []
    return [option for option in known if option in options] or [f"--{each}" for each in close]


def command_meant(typed: str, commands: Sequence[str]) -> str:
    """Return the command that an unknown one stands for, or nothing."""
    name = typed.casefold()
    known = [command for command, names in _COMMANDS.items() if name in names.split()]
    return next(iter([*known, *get_close_matches(name, commands, n=1)]), "")


def corrected(args: Sequence[str], typed: str, meant: str, *, is_flag: bool) -> list[str]:
    """Return the arguments with the option that is meant in place of the one that was typed.

    Parameters
    ----------
    args
        What was typed behind the command.
    typed, meant
        The unknown option, and the one that takes its place.
    is_flag
        Whether the option that is meant takes no value.

    """
    place = next(i for i, word in enumerate(args) if word.partition("=")[0] == typed)
    before, after = list(args[:place]), list(args[place + 1 :])
    value = args[place].partition("=")[2]
    if is_flag:
        return [*before, *_flag(meant, value, after)]
    if not value and after and not after[0].startswith("--"):
        value = after.pop(0)
    values = [value or _EXAMPLES.get(meant, "VALUE")]
    if meant == "--x":
        values = [name.strip() for name in value.split(",")]
    return [*before, *(word for each in values for word in (meant, each)), *after]


def _flag(meant: str, value: str, after: list[str]) -> list[str]:
    """Return a flag and the words after it, without the truth value that the flag replaces."""
    if not value and after and after[0].casefold() in _TRUTHS:
        value = after.pop(0)
    is_on = _TRUTHS.get(value.casefold(), True)
    return [meant if is_on else f"--no-{meant.removeprefix('--')}", *after]
