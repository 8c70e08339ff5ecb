"""Imports go down only, and the heavy ones come when they are needed."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import linreg_cli
from linreg_cli.fit import exact_model, pose
from linreg_cli.model import Settings
from linreg_cli.model_file import save_model
from linreg_cli.parts import Data
from tests.strategies import sums_of

PACKAGE = Path(linreg_cli.__file__).parent
STANDARD = sys.stdlib_module_names | {"compression"}  # which is new in Python 3.14
HEAVY = {"dask", "distributed", "flint", "fsspec", "matplotlib", "numpy", "onnx", "pandas", "rich"}
PACKAGES = HEAVY | {"typer", "pydantic"}

MAY_IMPORT = {
    "errors": "",
    "decimals": "",
    "ledger": "",
    "native": "",
    "latex": "",
    "plane": "decimals",
    "block": "numpy decimals",
    "gates": "errors decimals",
    "files": "errors",
    "signals": "",
    "file_lock": "files",
    "reading": "numpy pandas backports errors decimals native block",
    "rejects": "errors files reading",
    "columns": "errors reading",
    # the mathematics: arrays and values in, values out
    "rationals": "flint errors",
    "balls": "flint rationals",
    "distributions": "flint",
    "cholesky": "flint",
    "sums": "numpy flint decimals",
    "centers": "flint decimals plane rationals sums",
    "summation": "numpy flint native block sums",
    "parts": "numpy block sums",
    "once": "parts",
    "training.gradient_descent": "numpy",
    "training.least_squares": "flint sums",
    "miniature": "numpy flint errors rationals cholesky sums training.least_squares",
    "inference": "flint decimals rationals sums",
    "prediction": "numpy errors decimals native plane block",
    "notation": "",
    "histogram": "numpy decimals block",
    "one_column": "numpy flint errors decimals native block rationals histogram",
    "sampling": "numpy parts",
    # what was learned
    "stored_sums": "numpy pydantic decimals sums",
    "model": "pydantic decimals plane parts stored_sums",
    "model_file": "pydantic errors file_lock files model",
    "equation": "centers model",
    "saved_weights": "flint errors decimals rationals prediction stored_sums model",
    "scores": "flint rationals sums centers inference model",
    "training_range": "numpy decimals block model",
    "validation": "flint errors rationals sums training.least_squares inference model",
    "fit": (
        "flint numpy errors plane rationals sums centers parts training.gradient_descent "
        "training.least_squares miniature inference stored_sums model saved_weights validation"
    ),
    "unconverged": "errors fit",
    # what a model says
    "collinearity": "numpy flint sums",
    "summary": (
        "numpy flint errors rationals equation saved_weights balls cholesky collinearity "
        "distributions sums training.least_squares miniature inference model fit"
    ),
    "intervals": (
        "numpy flint errors decimals plane block rationals balls distributions sums centers "
        "training.least_squares miniature prediction model fit"
    ),
    "joining": "errors decimals ledger sums parts miniature stored_sums model",
    "export": "onnx errors decimals latex rationals centers model",
    "influence": "numpy flint errors decimals block rationals sums prediction model intervals",
    "answers": (
        "numpy decimals block reading prediction notation model training_range intervals influence"
    ),
    # from data to results
    "gather": "numpy errors decimals ledger block reading summation parts",
    "cluster": "fsspec dask distributed errors signals reading gather",
    "model_rows": "numpy block reading prediction model gather parts",
    "evaluation": (
        "numpy flint errors block reading rationals balls distributions sums "
        "training.least_squares prediction model scores intervals gather model_rows"
    ),
    "description": (
        "numpy errors decimals reading summation inference histogram one_column gather"
    ),
    "typed_values": "errors decimals block prediction training_range answers",
    "predicted_csv": "errors ledger native reading prediction training_range answers",
    "replay": "",
    "replay.origins": "decimals plane sums centers model",
    "replay.points": (
        "numpy plane reading parts prediction sampling model model_rows replay.origins"
    ),
    "replay.replay": (
        "flint errors plane rationals sums centers training.gradient_descent miniature inference "
        "model fit replay.origins replay.points"
    ),
    "replay.page": "rationals miniature sampling replay.points replay.replay",
    # what a plot shows, without any drawing
    "plots": (
        "numpy flint ledger errors decimals plane block rationals sums centers "
        "training.gradient_descent training.least_squares inference prediction sampling model "
        "equation saved_weights scores fit intervals"
    ),
    # the command line
    "terminal": (
        "numpy typer rich uniplot errors decimals ledger latex reading sums model equation "
        "saved_weights scores fit collinearity unconverged summary gather evaluation description "
        "one_column plots"
    ),
    "explain": (
        "numpy flint decimals ledger reading training.gradient_descent inference fit gather "
        "terminal"
    ),
    "picture_file": "numpy matplotlib errors files plots terminal",
    "commands": (
        "typer errors decimals ledger block gates files reading rejects columns parts once "
        "training.gradient_descent model model_file equation saved_weights training_range fit "
        "collinearity unconverged explain summary intervals influence joining export answers "
        "gather cluster model_rows evaluation description typed_values predicted_csv "
        "replay.points replay.replay replay.page plots terminal picture_file"
    ),
    "app": "typer errors signals native terminal commands",
    "__main__": "app",
}
"""What each module or package may import: ours, and of others all that is not Python's own."""


ENGINE = [
    "native",
    "decimals",
    "block",
    "rationals",
    "balls",
    "distributions",
    "cholesky",
    "sums",
    "summation",
    "parts",
    "training.gradient_descent",
    "training.least_squares",
    "miniature",
    "inference",
    "prediction",
    "histogram",
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
    assert loaded & PACKAGES == {"typer", "pydantic"}


def test_training_without_a_terminal_loads_what_it_computes_with(tmp_path: Path) -> None:
    (tmp_path / "houses.csv").write_text("feet,price\n500,150000\n2500,750000\n")
    _, loaded = loaded_by(tmp_path, "train", "houses.csv", "--x", "feet", "--y", "price", "--quiet")
    assert loaded & PACKAGES == {"typer", "pydantic", "numpy", "flint"}


def test_no_row_waits_for_what_learns(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "import linreg_cli.app, linreg_cli.columns, linreg_cli.gather, linreg_cli.rejects\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert loaded & PACKAGES == {"typer", "numpy"}


@pytest.mark.parametrize("arguments", [["--help"], ["train", "--help"], ["predict", "--help"]])
def test_help_loads_nothing_heavy(tmp_path: Path, arguments: list[str]) -> None:
    _, loaded = loaded_by(tmp_path, *arguments)
    assert "typer" in loaded
    assert not HEAVY & loaded
