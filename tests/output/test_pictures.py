"""The pictures of README.md: there, small, whole without a network, and of this linreg."""

import html
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PICTURES = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)


def test_the_readme_opens_with_a_picture() -> None:
    before, _, _ = README.partition("\n## ")
    assert PICTURES[0] in before


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_small_and_of_its_kind(name: str) -> None:
    content = (ROOT / name).read_bytes()
    assert len(content) < 200_000
    assert content.startswith(b"\x89PNG\r\n" if name.endswith(".png") else b"<")


@pytest.mark.parametrize("name", [name for name in PICTURES if name.endswith(".svg")])
def test_a_picture_needs_no_network(name: str) -> None:
    svg = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"@import|@font-face|url\((?!#)|href=\"(?!#|data:)", svg)
    ET.fromstring(svg)  # noqa: S314  # our own


def test_the_picture_of_the_training_shows_what_the_session_prints() -> None:
    shown = (ROOT / PICTURES[0]).read_text(encoding="utf-8")
    words = set(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())
    session = README.partition("## A session")[2].partition("The same weights")[0]
    printed = re.findall(r"^(?!```|\$)(.+)$", session, flags=re.MULTILINE)
    assert len(printed) > 15
    missing = {word for line in printed for word in line.split()} - words
    assert missing == set()
