"""linreg train --by: the maximum is one of groups, whatever parts their rows are in."""

from pathlib import Path

import pytest

from linreg_cli import native
from linreg_cli.reading import group_sums
from tests.conftest import Linreg

WAYS = [
    [],
    ["--folds", "2"],
    ["--test-fraction", "0.5", "--folds", "3"],
    ["--weights", "w", "--folds", "3"],
    ["--moments", "4", "--folds", "2"],
    ["--category", "c", "--folds", "2"],
]


@pytest.mark.parametrize("is_native", [True, False])
@pytest.mark.parametrize("rows", [1, 2, 40])
@pytest.mark.parametrize("way", WAYS)
def test_there_is_a_maximum_of_groups(
    linreg: Linreg,
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_native: bool,
    rows: int,
    way: list[str],
) -> None:
    monkeypatch.setattr(native, "IS_AVAILABLE", is_native and native.IS_AVAILABLE)
    monkeypatch.setattr(group_sums, "MAX_GROUPS", 3)
    of_group = [f"{i * 7 % 11},{i * i % 13},1,{'uv'[i % 2]}\n" for i in range(rows)]
    run = ["train", "d.csv", "-x", "x", "-y", "y", "--by", "k", "-q", *way]

    def errors_of(groups: int) -> str:
        lines = [f"g{group},{line}" for line in of_group for group in range(groups)]
        Path("d.csv").write_text("k,x,y,w,c\n" + "".join(lines))
        return linreg(*run).stderr

    assert errors_of(4) == (
        "Error: d.csv, column 'k': has more than 3 values\n"
        "Hint: Give --by a column with fewer values.\n"
    )
    assert "has more than" not in errors_of(3)
