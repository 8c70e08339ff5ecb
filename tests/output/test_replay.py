"""linreg replay: the command, the page, and the training in it."""

import base64
import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from linreg_cli.errors import FitError
from linreg_cli.model.settings import Settings
from linreg_cli.moments.split import SplitMoments
from linreg_cli.output.replay.recording import MAX_FEATURES, make_replay
from linreg_cli.output.replay.web_page import to_json, to_page
from linreg_cli.training.make_model import exact_model
from linreg_cli.training.problem import set_up
from tests.conftest import Linreg, Shell
from tests.models import learn, plain_moments
from tests.output.replays import Elements, data_of, page_of, replay, train


def test_it_says_what_it_read_and_wrote(linreg: Linreg, houses: Path) -> None:
    train(linreg, "houses.csv", "--x", "square_feet", "--y", "price")
    result = linreg("replay", "model.json", "houses.csv", "-o", "page.html")
    assert (result.status, result.stdout) == (0, "")
    assert result.stderr == "houses.csv: 5 rows read, 5 used\nwrote page.html\n"
    assert (houses.parent / "page.html").read_bytes().startswith(b"<!doctype html>")


def test_standard_output_gets_the_page_alone(linreg: Linreg, shell: Shell, houses: Path) -> None:
    train(linreg, "houses.csv", "--x", "square_feet", "--y", "price")
    replay(linreg, "houses.csv")
    done = shell("linreg replay - houses.csv -o - < model.json")
    assert done.stdout == (houses.parent / "replay.html").read_text(encoding="utf-8")
    assert done.stderr == "houses.csv: 5 rows read, 5 used\nwrote the page to standard output\n"
    assert shell("set -o pipefail; linreg replay model.json -q -o - | head -c 9").status == 0


def test_the_same_model_and_rows_give_the_same_bytes(
    linreg: Linreg, installed: Linreg, houses: Path
) -> None:
    train(linreg, "houses.csv", "--x", "square_feet", "--y", "price")
    (houses.parent / "elsewhere.csv").write_bytes(houses.read_bytes())
    replay(linreg, "houses.csv", "--threads", "1")
    again = installed("replay", "model.json", "elsewhere.csv", "--threads", "2", "-o", "again.html")
    assert again.status == 0
    pages = [(houses.parent / name).read_bytes() for name in ("replay.html", "again.html")]
    assert pages[0] == pages[1]
    assert b"houses.csv" not in pages[0]


@pytest.mark.parametrize(
    ("arguments", "status", "error"),
    [
        (["model.json", "-o", "model.json"], 2, "model.json is named twice"),
        (["model.json", "houses.csv", "-o", "houses.csv"], 2, "houses.csv is named twice"),
        (["model.json", "-o", ""], 2, "--output is empty"),
        (["model.json", "--rejects", "bad.csv"], 2, "--rejects has no effect with no DATA"),
        (["-", "-"], 2, "- is given for both the model and the data"),
        (["model.json", "other.csv"], 3, "other.csv: no column 'square_feet'"),
        (["model.json", "-o", "nowhere/page.html"], 3, "nowhere/page.html: cannot write the page"),
        (["nothing.json"], 4, "nothing.json: no such model file"),
    ],
)
def test_what_cannot_be_done_is_told_and_leaves_nothing(
    linreg: Linreg, houses: Path, arguments: list[str], status: int, error: str
) -> None:
    train(linreg, "houses.csv", "--x", "square_feet", "--y", "price")
    (houses.parent / "other.csv").write_text("a,b\n1,2\n")
    before = {path: path.read_bytes() for path in houses.parent.iterdir()}
    result = linreg("replay", *arguments)
    assert (result.status, result.stdout) == (status, "")
    assert f"Error: {error}" in result.stderr
    assert "Hint: " in result.stderr
    assert {path: path.read_bytes() for path in houses.parent.iterdir()} == before


def test_rejects_are_set_aside(linreg: Linreg, houses: Path) -> None:
    train(linreg, "houses.csv", "--x", "square_feet", "--y", "price")
    (houses.parent / "dirty.csv").write_text("square_feet,price\n500,150000\nbig,1\n,7\n")
    replay(linreg, "dirty.csv", "--rejects", "bad.csv")
    assert "big" in (houses.parent / "bad.csv").read_text()
    assert data_of(houses.parent)["points"]["values"] == [[500, 150000]]


def test_more_features_than_a_page_holds_are_refused() -> None:
    names = [f"x{j}" for j in range(MAX_FEATURES + 1)]
    rows = [["1"] * (len(names) + 1), ["2"] * (len(names) + 1)]
    settings = Settings(solver="exact", l2=(1.0,))
    model = exact_model(set_up(SplitMoments(moments=plain_moments(rows, [*names, "y"])), settings))
    with pytest.raises(FitError, match="at most 300 features, and the model has 301"):
        make_replay(model)


def test_the_policy_allows_the_pages_own_scripts_and_styles_alone(
    linreg: Linreg, houses: Path
) -> None:
    train(linreg, "houses.csv", "--x", "square_feet", "--y", "price")
    replay(linreg, "houses.csv")
    elements = page_of(houses.parent)
    [policy] = [has["content"] for _, has, _ in elements.found if "http-equiv" in has]

    def hashes(texts: list[str]) -> str:
        digests = [hashlib.sha256(text.encode()).digest() for text in texts]
        return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)

    scripts = [text for tag, has, text in elements.found if tag == "script" and not has]
    assert len(scripts) == 1
    assert policy == (
        f"default-src 'none'; script-src {hashes(scripts)}; "
        f"style-src {hashes(elements.texts('style'))}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_the_page_refers_to_nothing_outside_of_it(linreg: Linreg, houses: Path) -> None:
    train(linreg, "houses.csv", "--x", "square_feet", "--y", "price")
    replay(linreg, "houses.csv")
    page = (houses.parent / "replay.html").read_text(encoding="utf-8")
    assert set(re.findall(r"\w+://[^\s\"']+", page)) == {"http://www.w3.org/2000/svg"}
    links = [
        value
        for _, has, _ in Elements(page).found
        for name, value in has.items()
        if name in {"src", "href", "action", "srcset", "style"} or name.startswith("on")
    ]
    assert links == ["data:,"]


def test_names_cannot_end_the_data() -> None:
    rows = [["1", "2"], ["2", "3"], ["3", "5"]]
    names = ["</script><img onerror=alert(1)>", "<!--<script>&\u2028\u2029"]
    made = make_replay(learn(plain_moments(rows, names)))
    text = to_json(made)
    assert not set("<>&\u2028\u2029") & set(text)
    assert [column["name"] for column in json.loads(text)["columns"]] == names
    assert Counter(tag for tag, *_ in Elements(to_page(made).decode()).found)["script"] == 2


def test_the_compressed_rows_have_the_loss_of_the_rows(linreg: Linreg, houses: Path) -> None:
    train(linreg, "houses.csv", "--x", "square_feet", "--y", "price", "--no-scale")
    replay(linreg)
    found = data_of(houses.parent)
    x, y = np.loadtxt(houses, delimiter=",", skiprows=1).T
    rows = found["compressed"]
    residual = np.array(rows["X"]) @ [7.0, 250.0] - np.array(rows["y"])
    assert (residual**2).sum() / rows["n"] == pytest.approx(((7 + 250 * x - y) ** 2).mean())
    curvature = np.linalg.eigvalsh(2 / 5 * np.array([[5, x.sum()], [x.sum(), (x**2).sum()]]))
    assert found["limit"] == pytest.approx(2 / curvature[1])
    assert found["flattest"] == pytest.approx(curvature[0])


def test_columns_are_described_from_the_sums(linreg: Linreg, houses: Path) -> None:
    train(linreg, "houses.csv", "--x", "square_feet", "--y", "price")
    replay(linreg)
    found = data_of(houses.parent)
    assert found["columns"][0] == {
        "name": "square_feet", "label": "square_feet", "low": 500, "high": 2500, "mean": 1500,
        "deviation": pytest.approx(500000**0.5),
    }  # fmt: skip
    assert found["correlation"] == 1
    assert found["points"] is None


@pytest.mark.parametrize(("factor", "sign"), [("-3", -1), ("0", None)])
def test_the_correlation_has_its_sign(factor: str, sign: int | None) -> None:
    rows = [["1", str(int(factor))], ["2", str(2 * int(factor))]]
    assert make_replay(learn(plain_moments(rows))).correlation == sign


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], {"solver": "gradient-descent", "learningRate": 0.25, "epochs": 5000, "l2": 0}),
        (["--solver", "exact"], {"solver": "exact", "learningRate": 0.25, "epochs": 5000}),
        (["--learning-rate", "0.7", "--epochs", "9", "--tolerance", "0.1"],
         {"learningRate": 0.7, "epochs": 9, "tolerance": 0.1}),
        (["--start", "random", "--seed", "77"], {"start": {"kind": "random", "seed": 77}}),
        (["--folds", "2", "--l2", "0,0.5"], {"testFraction": 0}),
        (["--no-intercept"], {"hasIntercept": False, "centers": [0], "correlation": 1}),
        (["--no-scale"], {"isScaled": False, "scales": [1]}),
        (["--weights", "price"], {"weightsColumn": "price"}),
        (["--epochs", "1000000"], {"epochs": 1000000, "maxEpochs": 100000}),
    ],
)  # fmt: skip
def test_the_settings_are_those_of_the_model(
    linreg: Linreg, folder: Path, arguments: list[str], expected: dict[str, Any]
) -> None:
    (folder / "houses.csv").write_text(
        "square_feet,cost,price\n500,1,2\n1000,2,2\n1500,3,1\n2000,4,2\n2500,5,2\n"
    )
    train(linreg, "houses.csv", "--x", "square_feet", "--y", "cost", *arguments)
    replay(linreg)
    found = data_of(folder)
    assert {name: found[name] for name in expected} == expected
    asked = json.loads((folder / "model.json").read_text())["training"]
    assert found["l2"] == asked["l2"]
    assert found["bestLoss"] == asked["best_loss"]


def test_random_starts_are_those_of_linreg(linreg: Linreg, houses: Path) -> None:
    train(linreg, "houses.csv", "--x", "square_feet", "--y", "price", "--seed", "77",
          "--start", "random")  # fmt: skip
    replay(linreg)
    starts = data_of(houses.parent)["randomStarts"]
    assert [start["seed"] for start in starts] == [*range(10), 77]
    assert starts[-1]["weights"] == np.random.default_rng(77).standard_normal(2).tolist()
