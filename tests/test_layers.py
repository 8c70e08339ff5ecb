"""Packages import only from those above them, only public names, and heavy modules late."""

import ast
import importlib
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

import linreg_cli

ROOT = Path(linreg_cli.__file__).parent
STANDARD = sys.stdlib_module_names | {"compression"}  # which is new in Python 3.14
EVERYWHERE = {"msgspec"}
"""What every package may import: its structs hold values, as frozen dataclasses do, but a struct
is defined forty times faster."""

MAY_IMPORT = {
    "errors": "",
    "files": "errors",
    "native": "",
    "exact": "flint numpy errors native",
    "design": "flint formulaic numpy errors exact",
    "moments": "flint numpy native exact design",
    "reading.sources": "backports numpy errors",
    "reading.csv": "numpy pandas errors native exact design reading.sources",
    "reading": "flint numpy errors files native exact design moments reading.sources reading.csv",
    "reading.cluster": "dask distributed fsspec errors reading.sources reading.csv reading",
    "model": "numpy errors files exact design moments",
    "training": "flint numpy errors exact design moments model",
    "prediction": (
        "flint numpy errors native exact design moments reading.sources reading.csv reading model "
        "training"
    ),
    "statistics": "flint numpy errors exact design moments model training prediction",
    "output": "numpy exact",
    "output.terminal": (
        "rich typer errors exact moments reading.sources reading model training statistics output"
    ),
    "output.explain": (
        "flint numpy rich errors exact design moments reading.csv reading training output.terminal"
    ),
    "output.plots": (
        "matplotlib numpy uniplot errors files design exact moments model training prediction "
        "statistics output output.terminal"
    ),
    "output.replay": (
        "flint numpy errors exact moments reading.csv reading model training prediction output"
    ),
    "output.export": "onnx design errors exact model training output",
    "commands": (
        "typer errors files exact design moments reading.sources reading.csv reading "
        "reading.cluster model training prediction statistics output.terminal output.explain "
        "output.plots output.replay output.export"
    ),
    "app": "typer errors native output.terminal commands",
    "__main__": "app",
}
"""What each package may import: ours, and of others all that is not Python's own.

A package stands below all that it imports, so that there is no cycle. A module at the root of
linreg_cli counts as a package.
"""

MATHEMATICS = ["native", "exact", "design", "moments", "training", "statistics"]
TERMINAL_AND_FILES = {"typer", "rich", "pandas", "uniplot", "matplotlib", "files"}
MAX_PACKAGES = 17
MAX_LINES = 400


def module_names() -> list[str]:
    """Return the dotted names below linreg_cli of all modules but the __init__ ones."""
    paths = (path.relative_to(ROOT).with_suffix("") for path in ROOT.rglob("*.py"))
    return sorted(".".join(path.parts) for path in paths if path.name != "__init__")


def package_of(module: str) -> str:
    """Return the package of the table that a module, or a name in a package, belongs to."""
    while module and module not in MAY_IMPORT:
        module = module.rpartition(".")[0]
    return module


def imports_of(module: str) -> Iterator[tuple[str, str]]:
    """Yield what a module imports, wherever in it: modules or packages, and the names from them."""
    path = ROOT.joinpath(*module.split(".")).with_suffix(".py")
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from ((str(node.module), alias.name) for alias in node.names)


def imported_packages(module: str) -> Iterator[str]:
    """Yield the packages that a module imports from: ours, and those of others."""
    for imported, name in imports_of(module):
        first, _, rest = imported.partition(".")
        if first not in {*STANDARD, "linreg_cli"}:
            yield first
        elif first == "linreg_cli":
            # a sub-package may be imported as a name of its parent
            yield package_of(f"{rest}.{name}".removeprefix(".")) or name


def public_names(package: str) -> set[str]:
    """Return the names that the __init__ of a package offers to other packages."""
    path = ROOT.joinpath(*package.split("."), "__init__.py")
    return {
        alias.asname or alias.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


@pytest.mark.parametrize("module", module_names())
def test_a_module_imports_what_its_package_may(module: str) -> None:
    package = package_of(module)
    assert package, f"say in the table what {module} may import"
    imported = set(imported_packages(module)) - {package, "lazy_exports"} - EVERYWHERE
    assert imported <= set(MAY_IMPORT[package].split())


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_packages_above_it(package: str) -> None:
    above = list(MAY_IMPORT)[: list(MAY_IMPORT).index(package)]
    ours = set(MAY_IMPORT[package].split()) & set(MAY_IMPORT)
    assert ours <= set(above)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_the_table_allows_no_import_that_nobody_needs(package: str) -> None:
    modules = [module for module in module_names() if package_of(module) == package]
    assert modules or package == "native", "the package does not exist"
    imported = {name for module in modules for name in imported_packages(module)}
    assert set(MAY_IMPORT[package].split()) <= imported


@pytest.mark.parametrize("module", module_names())
def test_a_module_imports_only_public_names_of_other_packages(module: str) -> None:
    here = package_of(module)
    for imported, name in imports_of(module):
        rest = imported.removeprefix("linreg_cli").removeprefix(".")
        if imported.split(".")[0] != "linreg_cli" or not rest:
            continue
        other = package_of(rest)
        if other == here or not (ROOT / other.replace(".", "/")).is_dir():
            continue
        if other in {"commands", "native"}:  # a command is its module, native is one module
            continue
        assert rest == other, f"{module} imports past the names of {other}: {imported}"
        assert name in public_names(other), f"{name} is no public name of {other}"


@pytest.mark.parametrize("package", [package for package in MAY_IMPORT if package != "commands"])
def test_what_a_package_offers_is_imported_when_it_is_used(package: str) -> None:
    folder = ROOT.joinpath(*package.split("."))
    if not folder.is_dir():
        return
    tree = ast.parse((folder / "__init__.py").read_text())
    assert ast.get_docstring(tree)
    offered = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module != "linreg_cli"
        for alias in node.names
    } - {"TYPE_CHECKING"}
    module = importlib.import_module(f"linreg_cli.{package}")
    for name in offered:  # a module that is offered is found as one
        assert find_spec(f"linreg_cli.{package}.{name}") or hasattr(module, name)


def test_the_root_holds_the_entry_and_the_packages() -> None:
    files = {path.name for path in ROOT.glob("*.py")}
    assert files == {"__init__.py", "__main__.py", "app.py", "errors.py", "files.py"}
    assert len([path for path in ROOT.iterdir() if (path / "__init__.py").exists()]) <= MAX_PACKAGES


def test_the_name_of_a_file_says_where_it_is() -> None:
    names = [path.name for path in ROOT.rglob("*.py") if not path.name.startswith("__")]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_no_file_is_longer_than_a_subject() -> None:
    lengths = {path.name: path.read_text().count("\n") for path in ROOT.rglob("*.py")}
    assert {name: lines for name, lines in lengths.items() if lines > MAX_LINES} == {}


@pytest.mark.parametrize("package", MATHEMATICS)
def test_the_mathematics_meets_no_file_and_no_terminal(package: str) -> None:
    allowed = set(MAY_IMPORT[package].split())
    assert not TERMINAL_AND_FILES & allowed
    assert not any(name.startswith("reading") for name in allowed)


@pytest.mark.parametrize("package", [name for name in MAY_IMPORT if name != "reading.csv"])
def test_only_the_csv_reader_knows_pandas(package: str) -> None:
    assert "pandas" not in MAY_IMPORT[package].split()
