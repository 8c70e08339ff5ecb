"""Messages of model files that are damaged, and of other files in their place."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.commands.error_cases import NO_MODEL_HINT
from tests.conftest import Linreg

REPAIR_HINT = "Hint: Train it again, or restore the file."


Change = Callable[[dict[str, Any]], object]
# fmt: off
BROKEN_MODELS: list[tuple[str, Change, str]] = [
    ("newer", lambda m: m.update(version=3),
     ("has version 3 of the model format; this linreg reads 2\n"
     "Hint: pip install --upgrade linreg-cli")),
    ("format", lambda m: m.update(format="other"),
     f"is JSON but not a linreg model\n{NO_MODEL_HINT}"),
    ("no format", lambda m: m.pop("format"),
     f"is JSON but not a linreg model\n{NO_MODEL_HINT}"),
    *((f"no {name}", lambda m, name=name: m.pop(name),
       f"is not a whole linreg model: {name}: Field required\n{REPAIR_HINT}")
      for name in ("version", "y", "x", "m", "b", "training", "moments")),
    *((f"no {name} in moments", lambda m, name=name: m["moments"].pop(name),
       f"is not a whole linreg model: moments.{name}: Field required\n{REPAIR_HINT}")
      for name in ("columns", "decimals", "rows", "sums", "products", "minimum", "maximum")),
    *((f"{number} in {name}", lambda m, name=name, number=number: m.update({name: number}),
       f"is not a whole linreg model: {name}: Input should be a finite number\n{REPAIR_HINT}")
      for name in ("m", "b") for number in (float("nan"), float("inf"))),
    ("text", lambda m: m.update(b="0"),
     f"is not a whole linreg model: b: Input should be a valid number\n{REPAIR_HINT}"),
    ("m of others", lambda m: m.update(m={"beds": 300.0}),
     "is not a whole linreg model: 'm' must have one number for each name in 'x', in that order\n"
     + REPAIR_HINT),
    ("moments of others", lambda m: m.update(x=["beds"]),
     f"is not a whole linreg model: 'moments' is of other columns than 'x' and 'y'\n{REPAIR_HINT}"),
    ("twice", lambda m: m.update(x=["price"]),
     f"is not a whole linreg model: a column occurs twice in 'x' and 'y'\n{REPAIR_HINT}"),
    ("no rows", lambda m: m["moments"].update(rows="0"),
     f"is not a whole linreg model: moments: 'rows' must be at least 1\n{REPAIR_HINT}"),
]
# fmt: on


@pytest.mark.usefixtures("house_models")
@pytest.mark.parametrize(
    ("change", "finding"),
    [pytest.param(change, finding, id=name) for name, change, finding in BROKEN_MODELS],
)
def test_a_model_file_that_is_not_whole_is_refused_with_what_is_wrong(
    linreg: Linreg, folder: Path, change: Change, finding: str
) -> None:
    fields = json.loads((folder / "model.json").read_bytes())
    change(fields)
    (folder / "bad.json").write_text(json.dumps(fields))
    result = linreg("predict", "bad.json", "1800")
    assert (result.stderr, result.status) == (f"Error: bad.json: {finding}\n", 4)
    assert result.stdout == ""


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 10**6, b"x,y\n1,2\n"])
def test_a_model_file_that_is_no_json_is_refused(
    linreg: Linreg, folder: Path, content: bytes
) -> None:
    (folder / "bad.json").write_bytes(content)
    result = linreg("predict", "bad.json", "1800")
    assert result.stderr == f"Error: bad.json: is not JSON\n{NO_MODEL_HINT}\n"
    assert result.status == 4


@pytest.mark.parametrize("content", ["{}", "[]", "1", "null", '"linreg-model"', '{"format": []}'])
def test_json_that_is_no_model_is_refused(linreg: Linreg, folder: Path, content: str) -> None:
    (folder / "bad.json").write_text(content)
    result = linreg("predict", "bad.json", "1800")
    assert result.stderr == f"Error: bad.json: is JSON but not a linreg model\n{NO_MODEL_HINT}\n"
    assert result.status == 4
