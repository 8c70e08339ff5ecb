"""Replays written by the command, and what their pages contain."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from tests.conftest import Linreg

DATA = Path(__file__).parents[2] / "data"
SACRAMENTO = str(DATA / "sacramento.csv")


class Elements(HTMLParser):
    """Collects the elements of a page, their attributes and their texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        self.found.append((f"/{tag}", {}, ""))

    def handle_data(self, data: str) -> None:
        if self.found:
            tag, attributes, text = self.found[-1]
            self.found[-1] = (tag, attributes, text + data)

    def texts(self, tag: str, **attributes: str) -> list[str]:
        return [
            text
            for its, has, text in self.found
            if its == tag and attributes.items() <= has.items()
        ]


def page_of(folder: Path, name: str = "replay.html") -> Elements:
    return Elements((folder / name).read_text(encoding="utf-8"))


def data_of(folder: Path) -> Any:
    [text] = page_of(folder).texts("script", id="data")
    return json.loads(text)


def train(linreg: Linreg, *arguments: str) -> None:
    trained = linreg("train", *arguments, "-q")
    assert trained.status == 0, trained.stderr  # it may warn that it did not converge


def replay(linreg: Linreg, *arguments: str) -> None:
    written = linreg("replay", "model.json", *arguments, "-q")
    assert (written.status, written.stdout, written.stderr) == (0, "", "")
