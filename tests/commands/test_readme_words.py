"""README names the commands and options."""

from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"


WORDS = [
    "linreg show", "linreg evaluate", "--test-fraction", "--folds", "--weights", "--rejects",
    "--l2", "--interval", "--confidence", "--flag-extrapolation", "--fail-if", "--check-drift",
]  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_the_readme_tells_of_every_command_and_option(word: str) -> None:
    assert word in README.read_text(encoding="utf-8")
