"""The planes of all groups as arrays: rows of many groups are predicted at once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np
from msgspec import Struct, field

from linreg_cli import native
from linreg_cli.design import Key
from linreg_cli.exact import (
    FACTOR_LIMIT,
    MAX_EXACT_POWER,
    Block,
    Flags,
    Floats,
    Int64s,
    parse,
    power_of_ten,
    predict_block,
    shortest,
)
from linreg_cli.model import GroupedModel
from linreg_cli.prediction.training_range import TrainingRange, clip_bound


class _Bounds(Struct, frozen=True):
    """The smallest and largest integers inside the training range of each group, once known."""

    low: Int64s
    high: Int64s
    is_known: Flags

    @classmethod
    def of(cls, groups: int) -> Self:
        return cls(np.zeros(groups, np.int64), np.zeros(groups, np.int64), np.zeros(groups, bool))


class GroupPlanes(Struct, frozen=True, kw_only=True):
    """The planes of groups, which are filled in when rows need them.

    Attributes
    ----------
    model
        The models of all groups.
    places
        The place of each group that has a fit.
    slopes, at_center
        The weights, shape (groups, features), and the values at the centers, shape (groups,).
    centers, decimals
        The centers as integers, shape (features, groups), and the decimals of each feature.
    is_filled
        Which groups are filled in, shape (groups,).

    """

    model: GroupedModel
    places: Mapping[Key, int]
    slopes: Floats
    at_center: Floats
    centers: Int64s
    decimals: tuple[int, ...]
    is_filled: Flags
    _bounds: dict[tuple[int, int], _Bounds] = field(default_factory=dict)

    @classmethod
    def of(cls, model: GroupedModel) -> Self | None:
        """Return the planes; None if the extension cannot compute with them."""
        if model.design is not None or not native.IS_AVAILABLE:
            return None
        fits = [group for group in model.groups if group.is_fit]
        texts = [(group.center or {}).values() for group in fits]
        found = [[shortest(*parse(text)) for text in each] for each in texts]
        decimals = tuple(
            max(center.decimals if center.integer else 0 for center in column)
            for column in zip(*found, strict=True)
        )
        integers = [
            [center.integer * power_of_ten(places) // power_of_ten(center.decimals)
             for center, places in zip(each, decimals, strict=True)]
            for each in found
        ]  # fmt: skip
        if max(decimals) > MAX_EXACT_POWER or any(
            abs(value) >= FACTOR_LIMIT for each in integers for value in each
        ):
            return None
        return cls(
            model=model,
            places={group.key: place for place, group in enumerate(fits)},
            slopes=np.zeros((len(fits), len(model.x))),
            at_center=np.zeros(len(fits)),
            centers=np.ascontiguousarray(np.array(integers, np.int64).T),
            decimals=decimals,
            is_filled=np.zeros(len(fits), np.bool_),
        )

    def find(self, keys: Sequence[Key]) -> Int64s:
        """Return the places of groups, after they are filled in; -1 for one without a fit."""
        places = np.array([self.places.get(key, -1) for key in keys], np.int64)
        for number in np.flatnonzero((places >= 0) & ~self.is_filled[places]).tolist():
            place, group = places[number], self.model.by_key[keys[number]]
            names = tuple(group.m) if isinstance(group.m, dict) else self.model.x[:1]
            if names != self.model.x or tuple(group.center or ()) != names:
                self.model.model_of(keys[number])  # which is not whole
            self.slopes[place] = list(group.m.values()) if isinstance(group.m, dict) else group.m
            self.at_center[place] = group.value_at_center
            self.is_filled[place] = True
        return places

    def predict(self, block: Block, places: Int64s) -> Floats | None:
        """Return the prediction of each row by the group at its place, as `predict_block` does.

        None if the extension cannot compute with the numbers.

        Raises
        ------
        RowError
            If a prediction is beyond the range of float64.

        """
        moved = self._less_centers(block, places)
        if moved is None:
            return None
        differences, decimals = moved
        tens = np.array([10.0**each for each in decimals])
        predicted, unsure = native.extension.predict_by_code(
            differences, places, self.slopes, tens, self.at_center
        )
        predictions = np.frombuffer(predicted).copy()
        keys = list(self.places)
        for row in np.flatnonzero(np.frombuffer(unsure, np.bool_)).tolist():
            plane = self.model.model_of(keys[places[row]]).plane
            predictions[row] = predict_block(plane, block.rows(slice(row, row + 1)))[0]
        return predictions

    def _less_centers(self, block: Block, places: Int64s) -> tuple[Int64s, list[int]] | None:
        """Return each column less the centers of the groups; None if that is beyond int64."""
        if block.values.dtype != np.int64:
            return None
        decimals = list(map(max, block.decimals, self.decimals))
        if max(decimals) > MAX_EXACT_POWER:
            return None
        differences = np.array(block.values.T, dtype=np.int64, order="C")
        for j, (old, new) in enumerate(zip(block.decimals, decimals, strict=True)):
            factor, of_center = power_of_ten(new - old), power_of_ten(new - self.decimals[j])
            largest = int(np.abs(differences[j]).max(initial=0)) * factor
            if max(largest, int(np.abs(self.centers[j]).max()) * of_center) >= FACTOR_LIMIT:
                return None
            differences[j] = differences[j] * factor - self.centers[j][places] * of_center
        return differences, decimals

    def count_outside(self, block: Block, places: Int64s) -> Counter[str]:
        """Return the number of values outside the training range of their group, by feature."""
        found = Counter[str]()
        used = np.unique(places)
        for j, name in enumerate(self.model.x):
            bounds = self._bounds_of(j, block.decimals[j], used)
            column = block.values[:, j]
            outside = (column < bounds.low[places]) | (column > bounds.high[places])
            found[name] = int(np.count_nonzero(outside))
        return found

    def _bounds_of(self, j: int, decimals: int, used: Int64s) -> _Bounds:
        bounds = self._bounds.setdefault((j, decimals), _Bounds.of(len(self.places)))
        unknown = used[~bounds.is_known[used]].tolist()
        keys = list(self.places) if unknown else []
        for place in unknown:
            moments = self.model.by_key[keys[place]].moments
            assert moments is not None  # noqa: S101 - the group has a fit
            low, high = TrainingRange.ends(moments.range_of(self.model.x[j]), decimals)
            bounds.low[place], bounds.high[place] = clip_bound(low), clip_bound(high)
            bounds.is_known[place] = True
        return bounds
