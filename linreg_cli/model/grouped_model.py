"""One model for each group of rows, in one file: what the groups share is in it once.

A group is the rows that have the same values, its key, in the columns ``by``. A missing value of a
key is None.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta

from linreg_cli.design import Key, KnownLevels
from linreg_cli.errors import FitError, ModelFileError
from linreg_cli.model.file_format import FORMAT, VERSION
from linreg_cli.model.group_keys import show_key
from linreg_cli.model.model import Model, Sha256, Training, TrainingResult
from linreg_cli.model.record import Count, Finite, Record
from linreg_cli.model.settings import Settings
from linreg_cli.model.stored_design import StoredDesign
from linreg_cli.model.stored_moments import StoredMoments

if TYPE_CHECKING:  # a prediction for a typed value starts without NumPy
    from linreg_cli.moments import GroupedMoments, Moments, SplitMoments


class Group(Record, frozen=True, kw_only=True):
    """The model of one group, or the reason why there is none.

    Attributes
    ----------
    key
        The value in each of the columns ``by``; null for a missing value.
    m, b, center, value_at_center
        Those of a `Model`; absent if there is no fit.
    training
        The result of the training; absent if there is no fit.
    reason
        Why there is no fit.
    levels
        The levels of each category in the rows of the group, if there are categories.
    moments, test_moments, fold_moments
        Those of a `Model`. Without a fit they are of all levels of each category, and null where
        a part has no row.

    """

    key: Key
    m: Finite | dict[str, Finite] | None = None
    b: Finite | None = None
    center: dict[str, str] | None = None
    value_at_center: Finite | None = None
    training: TrainingResult | None = None
    reason: Annotated[str, Meta(min_length=1)] | None = None
    levels: dict[str, tuple[str, ...]] | None = None
    moments: StoredMoments | None = None
    test_moments: StoredMoments | None = None
    fold_moments: tuple[StoredMoments | None, ...] | None = None

    def __post_init__(self) -> None:
        """Refuse a group that has both a fit and a reason why there is none, or neither."""
        fit = (self.m, self.b, self.center, self.value_at_center, self.training)
        if any((part is None) != (self.reason is not None) for part in fit):
            raise ValueError("a group must have 'm' to 'training', or a 'reason' why there is none")
        if self.reason is None and self.moments is None:
            raise ValueError("a group with a fit must have 'moments'")

    @property
    def is_fit(self) -> bool:
        """Whether the group has a model."""
        return self.reason is None

    @property
    def rows(self) -> int:
        """The number of training rows."""
        return self.moments.rows if self.moments else 0


class GroupedModel(Record, frozen=True, kw_only=True, dict=True):
    """The models of all groups.

    `x`, `settings`, `split_by` and `inputs` are those of each model, and `design` has the levels
    of all groups: a group may have fewer features than `x`. `rows_without_key` is the number of
    rows that were left out because a value of their key was missing. The groups are in the order
    of their keys.
    """

    format: Literal["linreg-groups"]
    version: Literal[1]
    y: str
    x: Annotated[tuple[str, ...], Meta(min_length=1)]
    by: Annotated[tuple[str, ...], Meta(min_length=1)]
    keeps_missing: bool = False
    rows_without_key: Count = 0
    settings: Settings
    design: StoredDesign | None = None
    split_by: tuple[str, ...] | None = None
    inputs: Annotated[tuple[Sha256, ...], Meta(min_length=1)] | None = None
    groups: Annotated[tuple[Group, ...], Meta(min_length=1)]

    def __post_init__(self) -> None:
        """Refuse fields that contradict each other.

        Raises
        ------
        ValueError
            With the first contradiction.

        """
        if len(set(self.by)) < len(self.by):
            raise ValueError("a column occurs twice in 'by'")
        keys = [group.key for group in self.groups]
        if any(len(key) != len(self.by) for key in keys):
            raise ValueError("a 'key' must have one value for each column of 'by'")
        if not self.keeps_missing and any(None in key for key in keys):
            raise ValueError("a 'key' has a missing value, and 'keeps_missing' is false")
        if len(set(keys)) < len(keys):
            raise ValueError("two groups have the same 'key'")
        if any((group.levels is None) != (self.design is None) for group in self.groups):
            raise ValueError("'levels' and 'design' do not fit together")

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys of all groups, in their order."""
        return tuple(group.key for group in self.groups)

    @property
    def fit_keys(self) -> tuple[Key, ...]:
        """The keys of the groups that have a model, in their order."""
        return tuple(group.key for group in self.groups if group.is_fit)

    @cached_property
    def by_key(self) -> Mapping[Key, Group]:
        """The groups by their keys."""
        return {group.key: group for group in self.groups}

    @property
    def weights(self) -> str:
        """The column of weights; empty for none."""
        moments = next((group.moments for group in self.groups if group.moments), None)
        return moments.weights.column if moments and moments.weights else ""

    @property
    def has_fourth(self) -> bool:
        """Whether the moments have the products of up to four columns."""
        return any(group.moments is not None and group.moments.has_fourth for group in self.groups)

    @property
    def known_levels(self) -> KnownLevels | None:
        """The design with the levels of all groups, if there is one."""
        if self.design is None:
            return None
        return self.design.known(has_intercept=self.settings.intercept)

    def model_of(self, key: Key) -> Model:
        """Return the ordinary model of a group: that of a training on its rows alone.

        Parameters
        ----------
        key
            The key of a group; `find_key` reads one that a user typed.

        Raises
        ------
        FitError
            If the group has none.
        ModelFileError
            If its parts contradict each other.

        """
        group = self.by_key[key]
        if group.reason is not None:
            raise FitError(
                f"the group {show_key(key)} has no model: {group.reason}",
                hint="Add rows to it: linreg update MODEL DATA.",
            )
        try:
            model = self._model_of(group)
            model.check_moments()
        except ValueError as error:
            raise ModelFileError(
                f"the group {show_key(key)} is not whole: {error}",
                hint="Train the model again, or restore the file.",
            ) from None
        return model

    def _model_of(self, group: Group) -> Model:
        assert group.m is not None  # noqa: S101 - the group has a fit
        assert group.b is not None  # noqa: S101 - the group has a fit
        assert group.training is not None  # noqa: S101 - the group has a fit
        assert group.moments is not None  # noqa: S101 - the group has a fit
        folds = tuple(filter(None, group.fold_moments or ()))
        known = self._levels_of(group)
        return Model(
            format=FORMAT,
            version=VERSION,
            y=self.y,
            x=tuple(term.name for term in known.features) if known else self.x,
            m=group.m,
            b=group.b,
            center=group.center,
            value_at_center=group.value_at_center,
            training=Training.of(self.settings, group.training),
            design=None if known is None else StoredDesign.of(known),
            moments=group.moments,
            test_moments=group.test_moments,
            fold_moments=folds or None,
            split_by=self.split_by,
        )

    def _levels_of(self, group: Group) -> KnownLevels | None:
        """Return the design with the levels of a group."""
        if self.design is None or group.levels is None:
            return None
        return KnownLevels(
            design=self.design.design,
            levels=group.levels,
            has_intercept=self.settings.intercept,
        )

    def data_of(self, key: Key) -> "SplitMoments":
        """Return the moments of the rows of a group, fit or not, for another training.

        Those of a category are of all levels that the group has.
        """
        from linreg_cli.moments import Moments, SplitMoments, with_all_indicators

        group = self.by_key[key]
        if group.is_fit:
            return self.model_of(key).data()
        known = self._levels_of(group)
        parts = (group.moments, group.test_moments, *(group.fold_moments or ()))
        columns = next((part.columns for part in parts if part), (*self.x, self.y))

        def restore(part: StoredMoments | None) -> "Moments":
            return part.restore() if part else Moments.none(columns, self.weights)

        data = SplitMoments(
            moments=restore(group.moments),
            test=restore(group.test_moments) if self.settings.test_fraction else None,
            folds=tuple(map(restore, group.fold_moments or ())),
            split_by=self.split_by or (),
        )
        return data if known is None else with_all_indicators(data, known)

    def data(self) -> "GroupedMoments":
        """Return the moments of all groups, fit or not, for another training."""
        from linreg_cli.moments import GroupedMoments

        return GroupedMoments(
            by=self.by,
            groups={key: self.data_of(key) for key in self.keys},
            keeps_missing=self.keeps_missing,
            rows_without_key=self.rows_without_key,
            inputs=frozenset(self.inputs or ()),
        )
