"""The guides in docs/ name every command, option and field, and links lead somewhere."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from linreg_cli.app import app
from linreg_cli.model.record import Record
from tests.conftest import Linreg
from tests.sessions import PAGES, ROOT

README = ROOT / "README.md"
PROJECT_PAGES = [
    *PAGES,
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    ROOT / "data" / "README.md",
]
GUIDES = [page for page in PAGES if page != README]
COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]

CSV = "data.md"
GUIDES_OF = {
    "train": ("training.md", "plots.md", "models.md", "cluster.md", "groups.md", CSV),
    "predict": ("prediction.md", CSV),
    "show": ("statistics.md", "groups.md", CSV),
    "compare": ("statistics.md",),
    "test": ("statistics.md", CSV),
    "evaluate": ("statistics.md", CSV),
    "plot": ("plots.md", CSV),
    "columns": (CSV,),
    "update": ("models.md", CSV),
    "merge": ("models.md",),
    "export": ("models.md",),
    "replay": ("plots.md", CSV),
}
"""The guides that document the options of a command; the first documents the command."""


def text_of(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def code_in(text: str) -> set[str]:
    """Return what a page writes in backticks outside its sessions, word by word."""
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    spans = re.findall(r"`([^`\n]+)`", prose)
    return {word.strip(",'\"") for span in spans for word in span.split()}


def keys_in(value: Any) -> Iterator[str]:
    """Yield the names in a JSON object and the objects in it, without those of columns."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from keys_in(part if key != "m" else None)
    elif isinstance(value, list):
        for part in value:
            yield from keys_in(part)


# README


def test_the_readme_has_at_most_220_lines() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 220


@pytest.mark.parametrize("guide", GUIDES, ids=[guide.name for guide in GUIDES])
def test_the_readme_links_a_guide(guide: Path) -> None:
    listed = README.read_text(encoding="utf-8").partition("\n## Guides\n")[2]
    assert f"(docs/{guide.name})" in listed


def test_the_readme_has_an_example_of_every_command() -> None:
    table = README.read_text(encoding="utf-8").partition("\n## Commands\n")[2]
    examples = re.findall(
        r"^\| \[`(\w+)`\]\(\S+\) \| .+ \| `linreg (\w+) .+` \|$", table, re.MULTILINE
    )
    assert examples == [(name, name) for name in COMMANDS]


def test_the_figures_of_the_readme_are_those_of_the_benchmarks() -> None:
    compared = README.read_text(encoding="utf-8").partition("\n## How it compares\n")[2]
    rows = re.findall(r"^\| (\w[^|]*?) \|(.*)\|$", compared.partition("\n## ")[0], re.MULTILINE)
    assert len(rows) == 8
    details = text_of("benchmarks.md")
    for program, figures in rows:
        lines = re.findall(rf"^\| {re.escape(program)} \|(.*)\|$", details, re.MULTILINE)
        measured = [[cell.strip() for cell in line.split("|")][i] for line in lines for i in (0, 2)]
        assert [cell.strip() for cell in figures.split("|") if cell.strip()] == measured


# the other pages


def test_contributing_has_at_most_60_lines() -> None:
    assert len((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()) <= 60


def test_the_changelog_has_the_version_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## \[(.+?)\]", changes, flags=re.MULTILINE)
    assert versions[:2] == ["Unreleased", project["version"]]


# links


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(
    "page", PROJECT_PAGES, ids=[str(page.relative_to(ROOT)) for page in PROJECT_PAGES]
)
def test_a_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    links = re.findall(
        r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)", page.read_text(encoding="utf-8")
    )
    for path, anchor in links:
        target = page.parent / path if path else page
        assert target.exists(), path
        assert not anchor or anchor in anchors(target), f"{path}#{anchor}"


def test_the_paths_of_the_project_that_a_page_names_exist() -> None:
    named = {
        path
        for page in [*PAGES, ROOT / "CONTRIBUTING.md"]
        for path in re.findall(
            r"`((?:linreg_cli|tests|docs)/[\w/.-]*)`", page.read_text(encoding="utf-8")
        )
    }
    assert len(named) > 8
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


# commands and options


def test_every_command_has_its_guides() -> None:
    assert GUIDES_OF.keys() == COMMANDS.keys()
    for name, (first, *_) in GUIDES_OF.items():
        assert f"`linreg {name} " in text_of(first)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_in_a_guide(name: str) -> None:
    documented = set().union(*(code_in(text_of(guide)) for guide in GUIDES_OF[name]))
    options = [option for option in COMMANDS[name].params if option.param_type_name == "option"]
    spellings = {
        spelling for option in options for spelling in (*option.opts, *option.secondary_opts)
    }
    assert spellings - documented == {"--help", "-h"} & spellings


def test_the_options_of_linreg_itself_are_in_a_guide() -> None:
    assert code_in(text_of("command-line.md")) >= {
        "--help", "-h", "--version", "-V", "--install-completion", "--show-completion",
    }  # fmt: skip


@pytest.mark.parametrize("status", ["0", "2", "3", "4", "5", "6", "129, 143", "130"])
def test_every_exit_status_is_in_the_guide(status: str) -> None:
    assert f"\n| {status} | " in text_of("command-line.md")


# the model file


def fields_of_the_model_file() -> set[str]:
    """Return the names of the fields of the model file, and of the objects in it."""

    def below(record: type[Record]) -> Iterator[type[Record]]:
        for child in record.__subclasses__():
            yield child
            yield from below(child)

    return {name for record in below(Record) for name in record.__struct_fields__}


@pytest.mark.parametrize("field", sorted(fields_of_the_model_file()))
def test_every_field_of_the_model_file_is_in_the_guide(field: str) -> None:
    described = text_of("models.md").partition("\n## The model file\n")[2]
    assert field in code_in(described)


def test_the_fields_are_those_that_a_file_has(linreg: Linreg) -> None:
    # a guard of the test above: it has found the objects within objects
    rows = "".join(f"{i},{i * i},{1 + i % 3}\n" for i in range(40))
    made = linreg(
        *["train", "-", "--x", "x", "--y", "y", "--weights", "w", "--once", "--quiet"],
        *["--folds", "2", "--test-fraction", "0.2", "--output", "-"],
        stdin=f"x,y,w\n{rows}",
    )
    found = set(keys_in(json.loads(made.stdout)))
    assert {"tolerance", "logarithms", "cross_validation", "inputs", "test_moments"} <= found
    assert found <= fields_of_the_model_file()


@pytest.mark.parametrize("name", ["sums", "test_sums", "fold_sums", "dealt_by"])
def test_the_names_of_version_1_are_in_the_guide(name: str) -> None:
    assert name in code_in(text_of("models.md").partition("\n### Version 1\n")[2])


# objects of --json


OBJECTS = [
    ("training.md", "What training writes",
     "train data.csv --x x --y y --folds 2 --test-fraction 0.2 --json -o m.json"),
    ("statistics.md", "Fields of `show --json`", "show model.json --json"),
    ("statistics.md", "Fields of `evaluate --json`",
     "evaluate model.json data.csv --check-drift --json"),
    ("data.md", "linreg columns", "columns data.csv --y y --json"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("guide", "heading", "command"), OBJECTS, ids=[command.split()[0] for *_, command in OBJECTS]
)
def test_every_field_of_a_json_object_is_in_the_guide(
    linreg: Linreg, folder: Path, guide: str, heading: str, command: str
) -> None:
    rows = "".join(f"{i},{i * i},word {i}\n" for i in range(40))
    (folder / "data.csv").write_text(f"x,y,z\n{rows}")
    assert linreg(*["train", "data.csv", "--x", "x", "--y", "y", "--quiet"]).status == 0
    fields = set(keys_in(json.loads(linreg(*command.split()).stdout)))
    assert len(fields) > 12
    assert fields - code_in(text_of(guide).partition(f"# {heading}\n")[2]) == set()
