"""README.md and the guides: their commands print what the pages show; the article's loop agrees."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import Linreg
from tests.sessions import PAGES, ROOT, make_folder, run, steps

README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_a_page_has_sessions(page: Path) -> None:
    without = {"CHANGELOG.md", "benchmarks.md", "how-it-works.md"}
    assert bool(steps(page.read_text(encoding="utf-8"))) != (page.name in without)


@pytest.mark.shell
@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_commands_print_what_the_page_shows(tmp_path: Path, page: Path) -> None:
    folder = make_folder(tmp_path)
    for command, output in steps(page.read_text(encoding="utf-8")):
        assert (command, run(command, folder)) == (command, output)


# From the article to linreg


def houses() -> tuple[Any, Any]:
    rows = np.loadtxt(ROOT / "data" / "houses.csv", delimiter=",", skiprows=1)
    return rows[:, 0], rows[:, 1]


def test_the_loop_of_the_article_finds_what_its_command_prints() -> None:
    # the code in README.md itself, with NumPy, is what the printed numbers are compared with
    loop = re.findall(r"^```python\n(.*?)^```$", README, flags=re.DOTALL | re.MULTILINE)[0]
    x, y = houses()
    state = {"x": x, "y": y, "n": len(x), "m": 0.0, "b": 0.0, "learning_rate": 1e-7}
    printed = {}
    for epochs in range(0, 6000, 1000):
        printed[epochs] = [np.mean((state["m"] * x + state["b"] - y) ** 2), state["b"], state["m"]]
        exec(loop.replace("range(5000)", "range(1000)"), state)  # noqa: S102  # our own file
    session = dict(steps(README))["linreg train data/houses.csv -x square_feet -y price --no-scale "
        "--learning-rate 1e-7 --epochs 5000 --log-every 1000 -o article.json"]  # fmt: skip
    table = [line.split() for line in session.splitlines()[4:10]]
    assert [int(row[0]) for row in table] == list(printed)
    for epoch, loss, _, b, m in table:
        # 7 digits are printed; in the loop each float64 operation on 0.005 of 750000² is rounded
        np.testing.assert_allclose(float(loss), printed[int(epoch)][0], rtol=2e-6)
        np.testing.assert_allclose([float(b), float(m)], printed[int(epoch)][1:], rtol=1e-6)


@pytest.mark.parametrize(("name", "factor", "alpha"), [("article", 2, 1e-7), ("course", 1, 1e-7)])
def test_a_model_of_the_article_has_the_weights_of_the_loop(
    linreg: Linreg, folder: Path, name: str, factor: int, alpha: float
) -> None:
    # the loss of a course is 1/(2n) times the sum: its gradient has the factor 1
    make_folder(folder)
    command = next(step.command for step in steps(README) if f"-o {name}.json" in step.command)
    assert f"--learning-rate {alpha * factor / 2:.0e}".replace("e-0", "e-") in command
    assert linreg(*shlex.split(command)[1:]).status == 0
    x, y = houses()
    m = b = 0.0
    for _ in range(5000):
        error = m * x + b - y
        m, b = m - alpha * factor * np.mean(error * x), b - alpha * factor * np.mean(error)
    learned = json.loads((folder / f"{name}.json").read_text())
    # rounding of 5000 epochs; b is a difference of numbers a million times as large
    np.testing.assert_allclose([learned["m"], learned["b"]], [m, b], rtol=1e-8)


def test_the_help_of_the_learning_rate_states_the_factor_2(linreg: Linreg) -> None:
    shown = " ".join(linreg("train", "--help").stdout.split())
    text = shown.partition("--learning-rate")[2].partition("--epochs")[0]
    assert "The gradient has the factor 2" in text
    assert "1/(2n)" in text
    assert "give alpha / 2" in text
