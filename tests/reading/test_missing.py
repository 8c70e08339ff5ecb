"""Which cells count as missing by default: those of pandas, some of them in any letter case."""

import importlib
import itertools

import pytest

from linreg_cli.reading.csv.missing import MissingMarkers

PANDAS: set[str] = importlib.import_module("pandas._libs.parsers").STR_NA_VALUES
"""What pandas.read_csv takes for missing by default."""

WORDS_OF_ANY_CASE = ["", "na", "n/a", "nan", "null", "none"]


def spellings(word: str) -> set[str]:
    return {
        "".join(letters)
        for letters in itertools.product(*zip(word.lower(), word.upper(), strict=True))
    }


def test_each_default_marker_of_pandas_counts() -> None:
    markers = MissingMarkers()
    assert [text for text in PANDAS if not markers.has(text)] == []


def test_the_defaults_are_those_of_pandas_and_the_words_of_any_case() -> None:
    markers = MissingMarkers()
    assert all(markers.has(text) for word in WORDS_OF_ANY_CASE for text in spellings(word))
    found = markers.as_written | markers.any_case
    assert found - set(WORDS_OF_ANY_CASE) <= PANDAS
    assert {text.lower() for text in PANDAS} == {text.lower() for text in found}


@pytest.mark.parametrize(
    "text", ["0", "-", "?", ".", "missing", "#n/a", "<na>", "1.#ind", "nil", "inf", "NA NA", " NA"]
)
def test_other_texts_do_not_count(text: str) -> None:
    assert not MissingMarkers().has(text)


def test_an_added_marker_counts_as_it_is_written_beside_the_defaults() -> None:
    markers = MissingMarkers(added=("Unknown",))
    assert markers.has("Unknown")
    assert not markers.has("unknown")
    assert markers.has("NA")
    assert markers.has("")


def test_without_the_defaults_only_added_markers_count() -> None:
    markers = MissingMarkers(added=("?",), has_default=False)
    assert markers.has("?")
    assert [text for text in PANDAS if markers.has(text)] == []
