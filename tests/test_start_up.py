"""A command imports what it uses and nothing else, so that it starts at once."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from linreg_cli import native
from linreg_cli.app import COMMANDS
from linreg_cli.model.model_file import save_model
from tests.model_texts import houses

pytestmark = pytest.mark.shell

SLOW = {
    *(
        "asyncio",
        "concurrent.futures",
        "ctypes",
        "dataclasses",
        "email",
        "hashlib",
        "http",
        "importlib.metadata",
    ),
    *("json", "logging", "multiprocessing", "random", "statistics", "tempfile", "unittest"),
}
"""Modules of Python that take a millisecond or more, and that not every command needs."""
TYPER = {"annotated_doc", "shellingham", "typer"}
MSGSPEC = {"msgspec", "typing_extensions"}
QUIET = ("epochs", "printing", "progress")
"""The modules of the terminal that a training loads which prints nothing."""
PREDICT = "commands design errors exact files model moments output prediction reading"
TRAIN = "commands design errors exact files model moments native output reading training"


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What a command printed, and the modules that it loaded beyond those of Python's start."""

    stdout: str
    modules: set[str]

    @property
    def of_others(self) -> set[str]:
        """The packages that belong neither to Python nor to linreg."""
        packages = {name.partition(".")[0] for name in self.modules}
        return packages - sys.stdlib_module_names - {"linreg_cli"}

    @property
    def ours(self) -> set[str]:
        """The packages and modules at the root of linreg."""
        return {name.split(".")[1] for name in self.modules if name.startswith("linreg_cli.")}

    def modules_of(self, package: str) -> set[str]:
        """Return the names of the modules of one of linreg's packages."""
        prefix = f"linreg_cli.{package}."
        return {name.removeprefix(prefix) for name in self.modules if name.startswith(prefix)}

    @property
    def slow(self) -> set[str]:
        """The slow modules of Python."""
        return SLOW & self.modules


def modules_of(folder: Path, program: str) -> tuple[str, set[str]]:
    """Run a program; return its output, and the modules that it has loaded at its end."""
    printing = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr))"
    done = subprocess.run(
        [sys.executable, "-c", f"{printing}\n{program}"],
        cwd=folder,
        env=os.environ | {"COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout, set(done.stderr.split())


def loaded_by(folder: Path, *arguments: str) -> Loaded:
    """Run linreg by itself."""
    _, at_start = modules_of(folder, "")
    program = f"from linreg_cli.app import main; main({list(arguments)})"
    stdout, modules = modules_of(folder, program)
    return Loaded(stdout=stdout, modules=modules - at_start)


def test_a_prediction_for_a_typed_value_needs_no_numbers_of_others(tmp_path: Path) -> None:
    save_model(houses(), str(tmp_path / "model.json"))
    loaded = loaded_by(tmp_path, "predict", "model.json", "1800")
    assert loaded.stdout == "540000.0\n"
    assert {"typer", "msgspec"} <= loaded.of_others <= TYPER | MSGSPEC
    assert loaded.ours == {"app", *PREDICT.split()}
    assert loaded.modules_of("reading") == {"row_counts"}
    assert loaded.modules_of("design") == {"computed_columns", "names", "terms"}
    assert not loaded.modules_of("model") & {"group_keys", "grouped_model", "refusals"}
    assert not loaded.modules_of("commands") & {"completion", "level_completion", "original_scale"}
    assert loaded.slow == set()
    assert "fractions" not in loaded.modules


@pytest.mark.skipif(not native.IS_AVAILABLE, reason="the general reader computes with arrays")
def test_predictions_for_a_file_need_no_numbers_of_others(tmp_path: Path) -> None:
    save_model(houses(), str(tmp_path / "model.json"))
    (tmp_path / "new.csv").write_text("id,square_feet\n1,1800\n")
    loaded = loaded_by(tmp_path, "predict", "model.json", "new.csv", "--column", "guess")
    assert loaded.stdout == "id,square_feet,guess\n1,1800,540000.0\n"
    assert loaded.of_others <= TYPER | MSGSPEC
    assert not loaded.modules_of("model") & {"group_keys", "grouped_model"}
    assert loaded.modules_of("design") == {"computed_columns", "names", "terms"}


def test_a_report_from_the_model_alone_loads_no_reader_of_rows(tmp_path: Path) -> None:
    save_model(houses(), str(tmp_path / "model.json"))
    loaded = loaded_by(tmp_path, "show", "model.json")
    assert loaded.stdout.startswith("target ")
    assert not loaded.modules_of("reading")
    assert not loaded.modules_of("model") & {"group_keys", "grouped_model"}
    assert not loaded.modules_of("output.terminal") & {"diagnostics_table", "group_table"}


def test_an_evaluation_of_one_model_loads_nothing_of_groups(tmp_path: Path) -> None:
    save_model(houses(), str(tmp_path / "model.json"))
    (tmp_path / "new.csv").write_text("square_feet,price\n1800,540001\n2000,600001\n")
    loaded = loaded_by(tmp_path, "evaluate", "model.json", "new.csv")
    assert "largest error -1: new.csv, line 2" in loaded.stdout
    assert not {name for name in loaded.modules if "group" in name and "linreg" in name} - {
        "linreg_cli.commands.option_groups",
        "linreg_cli.commands.group_option",
        "linreg_cli.reading.csv.grouping",
    }
    assert not loaded.modules_of("statistics") & {"diagnostics", "drift"}
    general = {"cells", "general_reader", "numbers", "remedies"}
    assert not loaded.modules_of("reading.csv") & general or not native.IS_AVAILABLE


def test_training_loads_what_it_computes_with(tmp_path: Path) -> None:
    (tmp_path / "houses.csv").write_text("feet,price\n500,150000\n2500,750000\n")
    loaded = loaded_by(tmp_path, "train", "houses.csv", "--x", "feet", "--y", "price", "--quiet")
    cython = {name for name in loaded.of_others if "cython" in name}  # which built FLINT
    assert loaded.of_others - cython <= TYPER | MSGSPEC | {"numpy", "flint"}
    assert {"numpy", "flint"} <= loaded.of_others
    assert loaded.ours == {"app", *TRAIN.split()}
    assert loaded.slow <= {"ctypes", "json"}
    assert loaded.modules_of("design") <= {"computed_columns", "design", "names", "terms"}
    assert not loaded.modules_of("model") & {"group_keys", "grouped_model"}
    assert not loaded.modules_of("moments") & {"groups", "level_ranges", "level_sums"}
    assert loaded.modules_of("output") == {"terminal", *map("terminal.{}".format, QUIET)}
    assert not loaded.modules_of("commands") & {"completion", "group_option", "level_completion"}
    assert not {"fractions", "glob"} & loaded.modules


@pytest.mark.skipif(not native.IS_AVAILABLE, reason="the general reader makes rows")
def test_rows_that_the_extension_sums_need_no_general_reader(tmp_path: Path) -> None:
    (tmp_path / "houses.csv").write_text("feet,price\n500,150000\n2500,750000\n")
    loaded = loaded_by(tmp_path, "train", "houses.csv", "--x", "feet", "--y", "price", "--quiet")
    general = {"csv.general_reader", "csv.offsets", "csv.rows", "computed_rows", "used_rows"}
    assert not loaded.modules_of("reading") & {*general, "nines", "sources.zip_archive"}


@pytest.mark.parametrize("arguments", [["--help"], ["train", "--help"], ["predict", "--help"]])
def test_help_loads_no_numbers(tmp_path: Path, arguments: list[str]) -> None:
    loaded = loaded_by(tmp_path, *arguments)
    assert {"typer"} <= loaded.of_others <= TYPER | MSGSPEC
    assert loaded.slow == set()


def test_the_list_of_commands_loads_none_of_them(tmp_path: Path) -> None:
    loaded = loaded_by(tmp_path, "--help")
    assert loaded.of_others <= TYPER
    assert not loaded.modules_of("commands") & {*COMMANDS, "option_groups", "row_options"}


def test_the_help_of_a_command_loads_no_other_command(tmp_path: Path) -> None:
    loaded = loaded_by(tmp_path, "columns", "--help")
    assert loaded.modules_of("commands") & COMMANDS.keys() == {"columns"}


def test_the_version_is_shown_without_numbers(tmp_path: Path) -> None:
    loaded = loaded_by(tmp_path, "--version")
    assert {"typer"} <= loaded.of_others <= TYPER | MSGSPEC


def test_only_the_version_reads_the_metadata_of_packages(tmp_path: Path) -> None:
    assert "importlib.metadata" in loaded_by(tmp_path, "--version").modules
    assert "importlib.metadata" not in loaded_by(tmp_path, "--help").modules


def test_training_reads_rows_before_it_loads_what_learns(tmp_path: Path) -> None:
    (tmp_path / "houses.csv").write_text("feet,price\n500,150000\n2500,750000\n")
    program = (
        "import sys\n"
        "import linreg_cli.commands.reading_rows as reading\n"
        "from linreg_cli.app import main\n"
        "reading.importing = lambda _: sys.exit()\n"  # which goes around the pass over the rows
        'main(["train", "houses.csv", "--x", "feet", "--y", "price"])\n'
    )
    _, modules = modules_of(tmp_path, program)
    assert "linreg_cli.reading.row_sums" in modules
    learning = {f"linreg_cli.{name}" for name in ("training", "model.model", "statistics")}
    assert not {"flint", "numpy", "pandas", *learning} & modules


def test_no_row_waits_for_what_learns(tmp_path: Path) -> None:
    program = (
        "import linreg_cli.app\n"
        "import linreg_cli.reading.column_choice\n"
        "import linreg_cli.reading.row_sums\n"
        "import linreg_cli.reading.rejects\n"
    )
    _, modules = modules_of(tmp_path, program)
    assert not {"flint", "numpy", "pandas", "rich", "linreg_cli.training"} & modules
