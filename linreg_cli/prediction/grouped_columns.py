"""The columns that a prediction writes for a row, from the model of the row's group."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Self

from msgspec import Struct, field

from linreg_cli.errors import FitError, UsageError, count_of

if TYPE_CHECKING:  # most models have no groups
    from linreg_cli.design import Inverse, Key, TextInput
    from linreg_cli.model import GroupedModel, Model
    from linreg_cli.prediction.group_planes import GroupPlanes
    from linreg_cli.prediction.prediction_columns import PredictionColumns

MAX_KEPT = 4096
"""The number of groups whose columns are kept in memory: what an interval needs is large."""
_MOST_NAMED = 3


class GroupColumns(Struct, frozen=True, kw_only=True):
    """The columns of one group.

    Attributes
    ----------
    columns
        Those of its model.
    is_whole
        Whether it has all columns that are wanted. A fit without degrees of freedom has no
        interval, for example: only its prediction and its residual are written.
    apart
        Why its weights are not those of the least-squares fit, which the other columns are of.

    """

    columns: "PredictionColumns"
    is_whole: bool = True
    apart: str = ""


class GroupedColumns(Struct, frozen=True, kw_only=True, dict=True):
    """The columns to write, each from the model of the row's group.

    Attributes
    ----------
    model
        The models of all groups.
    shared
        The columns of one group: those of the others have the same names and inputs.
    make, make_plain
        Return the columns of a model, and those that every model has.

    """

    model: "GroupedModel"
    shared: "PredictionColumns"
    make: "Callable[[Model], PredictionColumns]"
    make_plain: "Callable[[Model], PredictionColumns]"

    @classmethod
    def of(
        cls,
        model: "GroupedModel",
        make: "Callable[[Model], PredictionColumns]",
        make_plain: "Callable[[Model], PredictionColumns]",
    ) -> Self:
        """Return the columns of a model of groups.

        Raises
        ------
        FitError
            If no group has a fit, or no group has all columns.
        UsageError
            If the models have none of these columns.

        """
        first: FitError | None = None
        for key in model.fit_keys or model.keys[:1]:
            try:
                shared = make(model.model_of(key))
            except FitError as error:
                first = first or error
            else:
                return cls(model=model, shared=shared, make=make, make_plain=make_plain)
        assert first is not None  # noqa: S101 - there is at least one group
        raise first

    @cached_property
    def _of_key(self) -> "Callable[[Key], GroupColumns | None]":
        return lru_cache(maxsize=MAX_KEPT)(self._make)

    @cached_property
    def planes(self) -> "GroupPlanes | None":
        """The planes of all groups; None if other columns are wanted, or they do not fit."""
        from linreg_cli.prediction.group_planes import GroupPlanes

        return GroupPlanes.of(self.model) if self.shared.is_plain else None

    def of_key(self, key: "Key") -> GroupColumns | None:
        """Return the columns of a group; None if it is unknown, or has no fit."""
        return self._of_key(key)

    def _make(self, key: "Key") -> GroupColumns | None:
        group = self.model.by_key.get(key)
        if group is None or not group.is_fit:
            return None
        model = self.model.model_of(key)
        try:
            columns = self.make(model)
            return GroupColumns(columns=columns, apart=_why_apart(columns))
        except (FitError, UsageError):  # such as a ridge penalty that cross-validation chose
            return GroupColumns(columns=self.make_plain(model), is_whole=False)

    @property
    def inverse(self) -> "Inverse | None":
        """The inverse that is wanted in place of the target; None for the target itself."""
        return self.shared.inverse

    @property
    def by(self) -> tuple[str, ...]:
        """The columns whose values are the key of a group."""
        return self.model.by

    @property
    def inputs(self) -> tuple[str, ...]:
        """The columns that are read: the key first, then what the columns of a group need."""
        return (*self.by, *self.shared.inputs)

    @property
    def features_read(self) -> tuple[str, ...]:
        """The columns that a row with a prediction has a value in."""
        return (*self.by, *self.shared.features_read)

    @property
    def optional_inputs(self) -> int:
        """How many of the columns that are read, the last ones, a row may lack."""
        return self.shared.optional_inputs

    @property
    def written_inputs(self) -> tuple[str, ...]:
        """The columns of the file that are read: the key, then the others as they were written."""
        return (*self.by, *self.shared.written_inputs)

    @property
    def keys(self) -> int:
        """How many of the columns that are read, the first ones, are the key of a group."""
        return len(self.by)

    @property
    def texts(self) -> int:
        """How many of the columns that are read, the first ones, are texts."""
        return self.keys + self.shared.texts

    @property
    def text_inputs(self) -> "Mapping[str, TextInput]":
        """The columns that are functions of texts, by name."""
        return self.shared.text_inputs

    @property
    def predicted(self) -> str:
        """The name of what is predicted."""
        return self.shared.predicted

    def names(self, column: str) -> list[str]:
        """Return the names of the columns; the first is `column`."""
        return self.shared.names(column)

    def places(self, group: GroupColumns) -> list[int] | None:
        """Return which of all columns those of a group are; None for all."""
        if group.is_whole:
            return None
        names = self.shared.names("")
        return [names.index(name) for name in group.columns.names("")]


def _why_apart(columns: "PredictionColumns") -> str:
    if not (columns.interval or columns.mean_interval or columns.cooks_distance):
        return ""
    from linreg_cli.training import why_apart

    return why_apart(columns.model)


class CountedKeys(Struct):
    """The number of rows of some groups, and the first of their keys."""

    rows: int = 0
    first: "list[Key]" = field(default_factory=list)

    def add(self, rows: int, keys: "Iterable[Key]") -> None:
        """Add rows of groups."""
        self.rows += rows
        for key in keys:
            if key not in self.first and len(self.first) <= _MOST_NAMED:
                self.first.append(key)

    def __str__(self) -> str:
        """Return the first keys as text."""
        from linreg_cli.model import show_key

        shown = [f"'{show_key(key)}'" for key in self.first[:_MOST_NAMED]]
        return ", ".join([*shown, *(["..."] if len(self.first) > _MOST_NAMED else [])])


class GroupCounts(Struct):
    """Counts of rows whose group has no model, or not all columns.

    Attributes
    ----------
    unknown
        Rows of groups that no training row has.
    without_key
        Rows of which a value of the key is missing, where they are not a group.
    without_fit
        Rows of groups that could not be fitted.
    partial
        Rows of groups that lack an added column, such as an interval.
    apart
        Rows of groups whose weights are not those of the least-squares fit.

    """

    unknown: CountedKeys = field(default_factory=CountedKeys)
    without_key: CountedKeys = field(default_factory=CountedKeys)
    without_fit: CountedKeys = field(default_factory=CountedKeys)
    partial: CountedKeys = field(default_factory=CountedKeys)
    apart: CountedKeys = field(default_factory=CountedKeys)

    def add(self, other: Self) -> None:
        """Add the counts of further rows."""
        for name in self.__struct_fields__:
            more = getattr(other, name)
            getattr(self, name).add(more.rows, more.first)

    def count_without_model(self, model: "GroupedModel", key: "Key", rows: int) -> bool:
        """Count rows of a group if it has no model, and return whether that is so."""
        group = model.by_key.get(key)
        if group is None:
            kind = self.without_key if None in key and not model.keeps_missing else self.unknown
        elif group.is_fit:
            return False
        else:
            kind = self.without_fit
        kind.add(rows, [key])
        return True

    @property
    def rows(self) -> int:
        """The number of rows without a prediction."""
        return self.unknown.rows + self.without_key.rows + self.without_fit.rows

    def warnings(self, consequence: str = "without a prediction") -> list[str]:
        """Return a line for each kind of rows that there are, with the first groups.

        Parameters
        ----------
        consequence
            What becomes of rows of a group without a model.

        """
        partial = "with a prediction alone"
        other_fit = "with columns of the least-squares fit, not of the saved weights"
        said = (
            (self.unknown, consequence, f"the model does not have the group {self.unknown}"),
            (self.without_key, consequence, "a value of the key of the group is missing"),
            (self.without_fit, consequence, f"there is no fit of the group {self.without_fit}"),
            (self.partial, partial, f"the fit has no other columns of the group {self.partial}"),
            (self.apart, other_fit, f"they differ in the group {self.apart}"),
        )
        return [
            f"{count_of(counts.rows, 'row')} {what}: {why}"
            for counts, what, why in said
            if counts.rows
        ]
