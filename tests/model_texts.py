"""The text of the houses' model, whole or with something wrong in it, for tests of the file."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from linreg_cli.errors import ModelFileError
from linreg_cli.model.model import Model
from linreg_cli.model.model_file import AnyModel, from_json, to_json as to_bytes
from linreg_cli.model.settings import Settings
from linreg_cli.moments.moments import Moments
from linreg_cli.moments.split import SplitMoments
from linreg_cli.training.make_model import exact_model
from linreg_cli.training.problem import set_up
from tests.strategies import moments_of

HOUSES = [(str(500 * i), str(150000 * i)) for i in range(1, 6)]
NO_MODEL = "Give a model file that linreg train wrote."
NOT_WHOLE = "Train it again, or restore the file."
Change = Callable[[dict[str, Any]], object]


def houses() -> Model:
    return exact(moments_of(HOUSES, ("square_feet", "price")))


def exact(moments: Moments) -> Model:
    return exact_model(set_up(SplitMoments(moments=moments), Settings(solver="exact")))


def to_json(model: AnyModel) -> str:
    return to_bytes(model).decode()


def one_from_json(text: str | bytes, name: str) -> Model:
    model = from_json(text, name)
    assert isinstance(model, Model)
    return model


def changed(change: Change) -> str:
    """Return the text of the houses' model with a change in it."""
    fields = json.loads(to_json(houses()))
    change(fields)
    return json.dumps(fields)


def with_value(place: str, value: object) -> str:
    """Return the text of the houses' model with another value at a place such as moments.rows."""

    def change(fields: dict[str, Any]) -> None:
        inside: Any = fields
        *path, last = (int(key) if key.isdigit() else key for key in place.split("."))
        for key in path:
            inside = inside[key]
        inside[last] = value

    return changed(change)


def refusal(text: str | bytes) -> tuple[str, str]:
    with pytest.raises(ModelFileError) as caught:
        from_json(text, "m.json")
    return caught.value.message, caught.value.hint
