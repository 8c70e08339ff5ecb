"""Options that are declared once: for all commands that read rows, and as settings of a model."""

from typing import Any

import pytest
import typer

from linreg_cli.app import app
from linreg_cli.commands.added_columns import AddedColumns
from linreg_cli.commands.option_groups import OptionGroup
from linreg_cli.commands.row_options import FileOptions, RowOptions, TrainingRowOptions
from linreg_cli.commands.setting_options import SettingOptions
from linreg_cli.commands.train_options import TrainOptions
from linreg_cli.commands.typed_options import Typed
from linreg_cli.model.settings import Settings
from linreg_cli.reading.csv.csv_options import CsvOptions

COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def defaults(command: str) -> dict[str, object]:
    """Return the default of each option of a command."""
    return {parameter.name: parameter.default for parameter in COMMANDS[command].params}


@pytest.mark.parametrize(
    ("command", "group"),
    [
        ("columns", FileOptions),
        ("evaluate", RowOptions),
        ("plot", RowOptions),
        ("predict", RowOptions),
        ("replay", RowOptions),
        ("train", TrainingRowOptions),
        ("update", TrainingRowOptions),
    ],
)
def test_a_command_has_each_option_of_its_group_with_its_default(
    command: str, group: type[FileOptions]
) -> None:
    declared = {parameter.name: parameter.default for parameter in group.parameters()}
    assert declared.items() <= defaults(command).items()


@pytest.mark.parametrize(
    "group", [AddedColumns, FileOptions, RowOptions, SettingOptions, TrainOptions, Typed]
)
def test_a_group_has_the_names_of_its_options(group: type[OptionGroup]) -> None:
    assert group.names() == tuple(parameter.name for parameter in group.parameters())


def test_without_options_files_are_read_as_by_default() -> None:
    assert FileOptions().csv() == RowOptions().csv() == TrainingRowOptions().csv() == CsvOptions()


def test_train_has_an_option_with_the_default_of_each_setting() -> None:
    default = Settings()
    assert set(SettingOptions.names()) == set(Settings.names())
    expected = {name: getattr(default, name) for name in SettingOptions.names()}
    assert expected.items() <= defaults("train").items()
