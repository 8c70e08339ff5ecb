"""The pictures of README.md and the guides: small, whole without a network, of this linreg."""

import html
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.sessions import PAGES, ROOT, steps

README = (ROOT / "README.md").read_text(encoding="utf-8")
PICTURES = [
    page.parent / name
    for page in PAGES
    for name in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
]
IDS = [path.name for path in PICTURES]


def test_the_readme_opens_with_a_picture() -> None:
    before, _, _ = README.partition("\n## ")
    assert str(PICTURES[0].relative_to(ROOT)) in before


def test_every_picture_in_the_folder_is_shown() -> None:
    drawn = {path.name for path in (ROOT / "docs").iterdir() if path.suffix in {".svg", ".png"}}
    assert drawn == set(IDS)


@pytest.mark.parametrize("path", PICTURES, ids=IDS)
def test_a_picture_is_small_and_of_its_kind(path: Path) -> None:
    content = path.read_bytes()
    assert len(content) < 200_000
    assert content.startswith(b"\x89PNG\r\n" if path.suffix == ".png" else b"<")


@pytest.mark.parametrize("name", [name for name in IDS if name.endswith(".svg")])
def test_a_picture_needs_no_network(name: str) -> None:
    svg = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert not re.search(r"@import|@font-face|url\((?!#)|href=\"(?!#|data:)", svg)
    ET.fromstring(svg)  # noqa: S314  # our own


def test_the_picture_of_the_training_shows_what_the_session_prints() -> None:
    shown = PICTURES[0].read_text(encoding="utf-8")
    words = set(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())
    session = steps(README.partition("\n## A session\n")[2].partition("\n## ")[0])
    printed = [line for step in session for line in step.output.splitlines()]
    assert len(printed) > 15
    missing = {word for line in printed for word in line.split()} - words
    assert missing == set()
