"""Levels: the different texts of a column, and how often each occurs."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from msgspec import Struct

from linreg_cli.design import MAX_LEVELS, TEXT_FUNCTIONS, canonical
from linreg_cli.reading.csv import shorten

MAX_TEXT = 100
"""Of a text with more characters only the start and a hash are kept."""

_START = 39


class Level(Struct, frozen=True):
    """A level and its count; a long text is cut."""

    text: str
    count: int

    @property
    def shown(self) -> str:
        """The text as a table shows it, cut if it is long."""
        return shorten(self.text)


class LevelCounts:
    """Exact counts of levels; none once there are more than `MAX_LEVELS`.

    Texts that differ only in blanks around them, or in how Unicode composes their letters, are one
    level, as in categories. The counts do not depend on the order in which texts are added.
    """

    __slots__ = ("_counts", "has_more")

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self.has_more = False

    def add(self, texts: Iterable[tuple[str, int]]) -> None:
        """Add texts with their counts; a text may occur several times."""
        if self.has_more:
            return
        counts = self._counts
        for text, count in texts:
            level = canonical(text)
            key = level if len(level) <= MAX_TEXT else _shortened(level)
            counts[key] = counts.get(key, 0) + count
            if len(counts) > MAX_LEVELS:
                self.has_more = True
                counts.clear()
                return

    @property
    def distinct(self) -> int:
        """The number of levels, at most `MAX_LEVELS`."""
        return MAX_LEVELS if self.has_more else len(self._counts)

    @property
    def are_booleans(self) -> bool:
        """Whether all levels are true/false, yes/no, t/f or y/n, in any letter case."""
        return bool(self._counts) and all(map(_is_truth_value, self._counts))

    @property
    def are_repeated(self) -> bool:
        """Whether there are few levels: on average, each occurs at least twice."""
        total = sum(self._counts.values())
        return not self.has_more and 0 < 2 * len(self._counts) <= total

    def most_frequent(self, number: int) -> Sequence[Level]:
        """Return some levels, the most frequent first; equally frequent ones by code point."""
        in_order = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        return [Level(_shown(text), count) for text, count in in_order[:number]]


def _shortened(text: str) -> str:
    """Return the start and the hash of a text; no text of a file holds the NUL between them."""
    digest = sha256(text.encode(errors="surrogatepass")).hexdigest()
    return f"{text[:_START]}\N{HORIZONTAL ELLIPSIS}\0{digest}"


def _shown(key: str) -> str:
    return key.partition("\0")[0]


def _is_truth_value(text: str) -> bool:
    """Return whether bool() of formulas reads a text."""
    try:
        TEXT_FUNCTIONS["bool"](text)
    except ValueError:
        return False
    return True
