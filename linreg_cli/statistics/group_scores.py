"""How well the model of each group fits its rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from linreg_cli.design import Key
from linreg_cli.model import GroupedModel
from linreg_cli.statistics.scores import Scores


@dataclass(frozen=True, kw_only=True)
class GroupScores:
    """The weights of a group, and how well they fit its training rows.

    Attributes
    ----------
    key
        The key of the group.
    rows
        The number of training rows.
    weights
        The intercept ``b`` and the weight of each feature by name; empty if there is no fit.
    r2, rmse
        As in `Scores`; None if there is no fit.
    status
        Why the training stopped, or why there is no fit.
    is_fit
        Whether there is a fit.

    """

    key: Key
    rows: int
    weights: Mapping[str, float]
    r2: float | None
    rmse: float | None
    status: str
    is_fit: bool


def score_group(model: GroupedModel, key: Key) -> GroupScores:
    """Return the scores of one group."""
    group = model.by_key[key]
    if group.reason is not None:
        return GroupScores(
            key=key,
            rows=group.rows,
            weights={},
            r2=None,
            rmse=None,
            status=group.reason,
            is_fit=False,
        )
    one = model.model_of(key)
    scores = Scores.of_training(one, one.moments.restore())
    return GroupScores(
        key=key,
        rows=group.rows,
        weights={"b": one.b, **dict(zip(one.x, one.slopes, strict=True))},
        r2=scores.r2,
        rmse=scores.rmse,
        status=one.training.stopped,
        is_fit=True,
    )


def score_groups(model: GroupedModel, keys: Sequence[Key] | None = None) -> Iterator[GroupScores]:
    """Yield the scores of some groups; of all, in their order, if none are named."""
    for key in model.keys if keys is None else keys:
        yield score_group(model, key)
