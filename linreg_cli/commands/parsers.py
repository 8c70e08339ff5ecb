"""Parse the value of an option; a value that cannot be used is an error with what is needed."""

import math
import re
from collections.abc import Callable
from typing import Literal

import typer

from linreg_cli.exact import decimals, is_number


class Bounds:
    """The range of a number; None for an end that is open."""

    def __init__(
        self,
        *,
        at_least: float | None = None,
        above: float | None = None,
        at_most: float | None = None,
        below: float | None = None,
    ) -> None:
        self.at_least = at_least
        self.above = above
        self.at_most = at_most
        self.below = below


class BadValueError(typer.BadParameter):
    """The value of an option cannot be used.

    Attributes
    ----------
    need
        What can be given, as "a number above 0" or "0.95 for 95 %".
    better
        The value that is probably meant, or nothing.

    """

    def __init__(self, problem: str, need: str, better: str = "") -> None:
        super().__init__(problem)
        self.need = need
        self.better = better


def number(bounds: Bounds) -> Callable[[str], float]:
    """Make the parser of an option that takes a finite number in a range."""
    need = "a number"
    if bounds.above is not None:
        need += f" above {bounds.above:g}"
    if bounds.at_least is not None:
        need += f" of at least {bounds.at_least:g}"
    if bounds.below is not None:
        need += f" and below {bounds.below:g}"

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            pointed = text.replace(",", ".")
            better = pointed if is_number(pointed) else ""
            problem = f"'{text}' is not a number"
            raise BadValueError(problem, better or need, better) from None
        if not math.isfinite(value):
            raise BadValueError(f"{text} is not finite", need)
        _check(text, value, bounds, need)
        return value

    return parse


def whole(bounds: Bounds) -> Callable[[str], int]:
    """Make the parser of an option that takes a whole number of at least some other."""
    need = f"a whole number of at least {bounds.at_least}"
    if bounds.at_most is not None:
        need = f"a whole number from {bounds.at_least} to {bounds.at_most}"

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            better = _as_whole(text)
            problem = f"'{text}' is not a whole number"
            raise BadValueError(problem, better or need, better) from None
        _check(text, value, bounds, need)
        return value

    return parse


def _check(text: str, value: float, bounds: Bounds, need: str) -> None:
    if bounds.above is not None and value <= bounds.above:
        raise BadValueError(f"{text} is not above {bounds.above}", need)
    if bounds.at_least is not None and value < bounds.at_least:
        raise BadValueError(f"{text} is below {bounds.at_least}", need)
    if bounds.at_most is not None and value > bounds.at_most:
        raise BadValueError(f"{text} is above {bounds.at_most}", need)
    if bounds.below is not None and value >= bounds.below:
        raise BadValueError(f"{text} is not below {bounds.below}", need)


def _as_whole(text: str) -> str:
    """Write out 1e5 or 10,000 as the whole number that it is."""
    plain = text.replace(",", "")
    if not is_number(plain):
        return ""
    exact = decimals.parse(plain)
    exact = decimals.shortest(exact.integer, exact.decimals)
    return "" if exact.decimals else str(exact)


def share(text: str) -> float:
    """Parse a number between 0 and 1, both excluded."""
    try:
        return number(Bounds(above=0, below=1))(text)
    except BadValueError as error:
        better = error.better
        need = better or "a number between 0 and 1, for example 0.95 for 95 %"
        percent = text.removesuffix("%").strip()
        if is_number(percent) and 1 < float(percent) < 100:  # noqa: PLR2004  # per cent
            exact = decimals.parse(percent)
            better = str(decimals.shortest(exact.integer, exact.decimals + 2))
            need = f"{better} for {percent} %"
        raise BadValueError(error.message, need, better) from None


def choice(*names: str) -> Callable[[str], str]:
    """Make the parser of an option that takes one of some names."""

    def parse(text: str) -> str:
        if text not in names:
            from difflib import get_close_matches

            listed = ", ".join(names)
            close = next(iter(get_close_matches(text.casefold(), names, n=1)), "")
            raise BadValueError(
                f"'{text}' is not one of {listed}", close or f"one of {listed}", close
            )
        return text

    return parse


def robust(*names: str) -> Callable[[str], str]:
    """Make the parser of an option that takes one of some names, or ``cluster:COLUMN``."""
    parse_name = choice(*names)

    def parse(text: str) -> str:
        prefix, colon, column = text.partition(":")
        if colon and prefix.casefold() == "cluster" and column:
            return f"cluster:{column}"
        try:
            return parse_name(text)
        except BadValueError as error:
            raise BadValueError(
                f"'{text}' is not one of {', '.join(names)}, cluster:COLUMN",
                error.better or f"one of {', '.join(names)}, or cluster: and a column",
                error.better,
            ) from None

    return parse


def cluster_column(text: str) -> str:
    """Parse ``cluster:COLUMN``, whose moments by cluster a training can keep."""
    prefix, _, column = text.partition(":")
    if prefix != "cluster" or not column:
        raise BadValueError(
            f"'{text}' is not cluster:COLUMN",
            "cluster: and a column, such as cluster:city; for the other kinds of linreg show "
            "--robust, train with --moments 4",
        )
    return text


def complete_choice(*names: str) -> Callable[[], list[str]]:
    """Make the completion of an option that takes one of some names.

    Typer completes no option that has a parser, and offers only names that begin as typed.
    """
    return lambda: list(names)


def penalties(text: str) -> tuple[float, ...]:
    """Parse ridge penalties: numbers of at least 0, with commas between them."""
    return tuple(map(number(Bounds(at_least=0)), text.split(",")))


def learning_rate(text: str) -> float | Literal["auto"]:
    """Parse a learning rate: ``auto`` or a number above 0."""
    if text == "auto":
        return "auto"
    try:
        return number(Bounds(above=0))(text)
    except BadValueError as error:
        need = error.need if error.better else f"auto, or {error.need}"
        raise BadValueError(error.message, need, error.better) from None


def cluster(text: str) -> str:
    """Parse where a cluster is: ``local``, or the address of a scheduler."""
    if text != "local" and not re.fullmatch(r"[a-z]+://.+", text):
        better = f"tcp://{text}" if re.fullmatch(r"[\w.-]+:\d+", text) else ""
        raise BadValueError(
            f"'{text}' is neither local nor an address",
            better or "local, or the address of a scheduler such as tcp://10.0.0.1:8786",
            better,
        )
    return text
