"""The file of a model for each group: it reads back as it was, and what is wrong is named."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from linreg_cli.design import Key
from linreg_cli.errors import FitError, ModelFileError
from linreg_cli.model import model_file
from linreg_cli.model.grouped_model import GroupedModel
from linreg_cli.model.model_file import from_json, save_model
from linreg_cli.model.settings import Settings
from linreg_cli.moments.groups import GroupedMoments
from linreg_cli.moments.split import SplitMoments
from linreg_cli.training.group_fits import train_groups
from tests.model_texts import NOT_WHOLE, refusal, to_json
from tests.strategies import moments_of

Change = Callable[[dict[str, Any]], object]
ROWS = {"a": [("1", "2"), ("2", "4"), ("3", "7")], "b": [("1", "1")], "c": [("1", "2"), ("2", "1")]}


def grouped() -> GroupedModel:
    groups: dict[Key, SplitMoments] = {
        (key,): SplitMoments(moments=moments_of(rows, ("x", "y"))) for key, rows in ROWS.items()
    }
    data = GroupedMoments(by=("k",), groups=groups)
    return train_groups(data, Settings(solver="exact"), lambda _: None)


def changed(change: Change) -> str:
    fields = json.loads(to_json(grouped()))
    change(fields)
    return json.dumps(fields)


def test_groups_read_back_as_they_were() -> None:
    model = grouped()
    again = from_json(to_json(model), "m.json")
    assert again == model
    assert to_json(again) == to_json(model)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda f: f.update(by=["k", "k"]), "a column occurs twice in 'by'"),
        (
            lambda f: f["groups"][0].update(key=["a", "b"]),
            "a 'key' must have one value for each column of 'by'",
        ),
        (
            lambda f: f["groups"][0].update(key=[None]),
            "a 'key' has a missing value, and 'keeps_missing' is false",
        ),
        (lambda f: f["groups"][0].update(key=["b"]), "two groups have the same 'key'"),
        (lambda f: f["groups"][0].update(levels={}), "'levels' and 'design' do not fit together"),
        (
            lambda f: f["groups"][0].update(reason="none"),
            "groups.0: a group must have 'm' to 'training', or a 'reason' why there is none",
        ),
        (
            lambda f: f["groups"][0].pop("moments"),
            "groups.0: a group with a fit must have 'moments'",
        ),
        (lambda f: f.update(groups=[]), "groups: Input should have at least 1 item"),
        (lambda f: f["groups"][1].pop("key"), "groups.1.key: Field required"),
        (
            lambda f: f["groups"][0]["training"].update(stopped="early"),
            (
                "groups.0.training.stopped: Input should be "
                "'converged', 'out of epochs', 'interrupted' or 'exact'"
            ),
        ),
        (lambda f: f.update(rows_without_key=-1),
         "rows_without_key: Input should be greater than or equal to 0"),
    ],
)  # fmt: skip
def test_groups_with_something_wrong_are_refused(change: Change, problem: str) -> None:
    assert refusal(changed(change)) == (
        f"m.json: is not a whole linreg model: {problem}",
        NOT_WHOLE,
    )


def test_groups_of_a_newer_version_are_refused() -> None:
    message, hint = refusal(changed(lambda fields: fields.update(version=2)))
    assert message == "m.json: has version 2 of the model format; this linreg reads 1"
    assert hint.startswith("pip install --upgrade")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda f: f["groups"][0].update(b=7.5), "'b' does not fit"),
        (lambda f: f["groups"][0]["moments"].update(rows="0"), "'rows' must be at least 1"),
        (
            lambda f: f["groups"][0]["moments"].update(sums=["60", "13"]),
            "'sums' and 'products' are not those of any rows",
        ),
    ],
)
def test_a_damaged_group_is_refused_where_it_is_used(change: Change, problem: str) -> None:
    model = from_json(changed(change), "m.json")
    assert isinstance(model, GroupedModel)
    with pytest.raises(ModelFileError, match="the group a is not whole") as caught:
        model.model_of(("a",))
    assert problem in caught.value.message
    assert model.model_of(("c",)).moments.rows == 2


def test_a_group_without_a_fit_has_no_model_and_keeps_its_moments() -> None:
    model = grouped()
    assert model.fit_keys == (("a",), ("c",))
    with pytest.raises(FitError, match="the group b has no model: no unique fit"):
        model.model_of(("b",))
    assert model.data_of(("b",)).moments == moments_of(ROWS["b"], ("x", "y"))


def test_a_file_that_could_not_be_read_is_not_written(
    folder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_file, "MAX_BYTES", 1000)
    with pytest.raises(ModelFileError, match="would be larger"):
        save_model(grouped(), "m.json")
    assert not (folder / "m.json").exists()
