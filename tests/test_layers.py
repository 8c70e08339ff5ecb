"""Imports go down only, and the heavy ones come when they are needed."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import linreg_cli
from linreg_cli.fit import Data, exact_model, pose
from linreg_cli.model import Settings
from linreg_cli.model_file import save_model
from tests.strategies import sums_of

PACKAGE = Path(linreg_cli.__file__).parent
STANDARD = sys.stdlib_module_names | {"compression"}  # which is new in Python 3.14
HEAVY = {"numpy", "pandas", "flint", "rich", "matplotlib"}

MAY_IMPORT = {
    "errors": "",
    "decimals": "",
    "ledger": "",
    "block": "numpy decimals",
    "parts": "numpy block",
    "gates": "decimals errors",
    "files": "errors",
    "reading": "numpy pandas backports block decimals errors",
    "rejects": "errors files reading",
    "columns": "errors reading",
    # the mathematics: arrays and values in, values out
    "rationals": "flint errors",
    "balls": "flint rationals",
    "distributions": "flint",
    "sums": "numpy flint decimals",
    "summation": "numpy flint block sums",
    "training.gradient_descent": "numpy",
    "training.least_squares": "flint sums",
    "miniature": "numpy flint errors rationals sums training.least_squares",
    "inference": "flint decimals rationals sums",
    "prediction": "numpy block decimals errors",
    "sampling": "numpy block parts prediction",
    # what was learned
    "stored_sums": "numpy pydantic decimals sums",
    "model": "pydantic stored_sums",
    "model_file": "pydantic errors files model",
    "scores": "flint inference model rationals sums",
    "training_range": "numpy block decimals model",
    "validation": "flint errors inference model rationals sums training.least_squares",
    "fit": (
        "numpy flint errors inference miniature model rationals stored_sums sums "
        "training.gradient_descent training.least_squares validation"
    ),
    # what a model says
    "summary": (
        "numpy flint balls distributions errors fit inference miniature model rationals sums "
        "training.least_squares"
    ),
    "intervals": (
        "numpy flint balls block distributions errors fit miniature model prediction rationals "
        "sums training.least_squares"
    ),
    "answers": "block intervals model prediction training_range",
    # from data to results
    "gather": "numpy block decimals errors fit ledger model parts reading summation",
    "evaluation": (
        "numpy flint balls block distributions errors gather intervals model prediction "
        "rationals reading scores sums training.least_squares"
    ),
    "typed_values": "answers block decimals errors prediction training_range",
    "replay": "",
    "replay.points": "numpy block gather model reading sampling sums",
    "replay.replay": (
        "errors fit miniature model rationals replay.points sums training.gradient_descent"
    ),
    "replay.page": "miniature rationals replay.points replay.replay",
    "predicted_csv": "answers errors ledger model prediction reading training_range",
    # the command line
    "terminal": (
        "rich typer errors evaluation fit ledger model rationals reading summary scores gather"
    ),
    "commands": (
        "typer answers columns decimals errors evaluation files fit gates gather intervals ledger "
        "model model_file predicted_csv reading rejects replay.page "
        "replay.points replay.replay summary terminal "
        "training.gradient_descent training_range typed_values"
    ),
    "app": "typer commands errors reading terminal",
    "__main__": "app",
}
"""What each module or package may import: ours, and of others all that is not Python's own."""


ENGINE = [
    "decimals",
    "block",
    "parts",
    "rationals",
    "balls",
    "distributions",
    "sums",
    "summation",
    "training.gradient_descent",
    "training.least_squares",
    "miniature",
    "inference",
    "prediction",
    "sampling",
]
"""The mathematics, which neither reads nor writes."""


def part_of(module: str) -> str:
    """Give the entry of the table that a module of ours belongs to."""
    return module if module in MAY_IMPORT else module.split(".", maxsplit=1)[0]


def modules() -> list[str]:
    paths = (path.relative_to(PACKAGE).with_suffix("") for path in PACKAGE.rglob("*.py"))
    names = (".".join(path.parts).removesuffix(".__init__") for path in paths)
    return sorted(name for name in names if name not in {"__init__", "training"})


def imports_of(module: str) -> Iterator[str]:
    """Give what a module imports, wherever in it: our parts, and the packages of others."""
    path = PACKAGE.joinpath(*module.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names = [str(node.module)]
            if node.module == "linreg_cli":
                names = [f"linreg_cli.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            first, _, rest = name.partition(".")
            if first == "linreg_cli":
                yield part_of(rest)
            elif first not in STANDARD:
                yield first


@pytest.mark.parametrize("module", modules())
def test_a_module_imports_what_its_layer_may(module: str) -> None:
    part = part_of(module)
    assert part in MAY_IMPORT, f"say in the table what {module} may import"
    imported = set(imports_of(module)) - {part}
    assert imported <= set(MAY_IMPORT[part].split())


def test_the_table_names_only_modules_that_exist() -> None:
    assert set(MAY_IMPORT) == set(map(part_of, modules()))


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_a_part_imports_only_parts_above_it_in_the_table(part: str) -> None:
    above = list(MAY_IMPORT)[: list(MAY_IMPORT).index(part)]
    ours = set(MAY_IMPORT[part].split()) & set(MAY_IMPORT)
    assert ours <= set(above)


@pytest.mark.parametrize(
    "part", [part for part in MAY_IMPORT if part not in {"terminal", "commands", "app"}]
)
def test_only_the_command_line_knows_typer_and_rich(part: str) -> None:
    assert not {"typer", "rich"} & set(MAY_IMPORT[part].split())


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_the_table_allows_no_import_that_nobody_needs(part: str) -> None:
    imported = {
        name for module in modules() if part_of(module) == part for name in imports_of(module)
    }
    assert set(MAY_IMPORT[part].split()) <= imported


@pytest.mark.parametrize("part", ENGINE)
def test_the_engine_reaches_no_file_and_no_terminal(part: str) -> None:
    reached: set[str] = set()
    ahead = [part]
    while ahead:
        names = set(MAY_IMPORT.get(ahead.pop(), "").split()) - reached
        reached |= names
        ahead += names
    assert not {"typer", "rich", "pandas", "pydantic", "reading", "files"} & reached


@pytest.mark.parametrize("part", [part for part in MAY_IMPORT if part != "reading"])
def test_only_reading_knows_pandas(part: str) -> None:
    assert "pandas" not in MAY_IMPORT[part].split()


# what a command loads


def loaded_by(folder: Path, *arguments: str) -> tuple[str, set[str]]:
    """Run linreg by itself; give its output and the packages it has loaded at its end."""
    program = (
        "import atexit, sys\n"
        "atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
        "from linreg_cli.app import main\n"
        f"main({list(arguments)})\n"
    )
    environment = os.environ | {"COLUMNS": "80"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout, {name.split(".")[0] for name in done.stderr.split()}


def test_a_prediction_for_a_typed_value_loads_nothing_heavy(tmp_path: Path) -> None:
    sums = sums_of([("500", "150000"), ("2500", "750000")], ("square_feet", "price"))
    model = exact_model(pose(Data(sums=sums), Settings(solver="exact")))
    save_model(model, str(tmp_path / "model.json"))
    output, loaded = loaded_by(tmp_path, "predict", "model.json", "1800")
    assert output == "540000.0\n"
    assert "typer" in loaded
    assert not HEAVY & loaded


@pytest.mark.parametrize("arguments", [["--help"], ["train", "--help"], ["predict", "--help"]])
def test_help_loads_nothing_heavy(tmp_path: Path, arguments: list[str]) -> None:
    _, loaded = loaded_by(tmp_path, *arguments)
    assert "typer" in loaded
    assert not HEAVY & loaded
