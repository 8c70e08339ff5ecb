"""What was learned: the weights, how they were trained, and the moments they come from.

Each class is one object of the model file, so its fields are the file's fields.
"""

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

from msgspec import Meta
from msgspec.structs import asdict, replace

from linreg_cli.exact import Plane, parse, power_of_ten, shortest
from linreg_cli.model.record import Count, Finite, HistoryLine, NonNegative, Record
from linreg_cli.model.settings import MAX_EPOCHS, Settings
from linreg_cli.model.stored_clusters import StoredClusters
from linreg_cli.model.stored_design import StoredDesign
from linreg_cli.model.stored_moments import StoredMoments

if TYPE_CHECKING:  # a prediction for a typed value starts without NumPy
    from linreg_cli.design import KnownLevels
    from linreg_cli.moments import Moments, SplitMoments

AT_SOLUTION: Final = 1e-9
"""A descent has found the solution when its distance is this fraction of the initial distance."""
ROUNDED_BITS: Final = 51
"""Each number of a model is rounded to 53 bits; a few roundings come together."""
SMALLEST_EXPONENT: Final = 1074
"""Every float64 is a multiple of 2**-1074."""

Sha256 = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]


class FoldScore(Record, frozen=True, kw_only=True):
    """The scores of a fit of the other folds on the rows of one fold."""

    rows: Count
    rmse: NonNegative
    r2: Finite | None = None


class Candidate(Record, frozen=True, kw_only=True):
    """A ridge penalty, and its scores in cross-validation; `rmse` is over all rows."""

    l2: NonNegative
    rmse: NonNegative
    folds: tuple[FoldScore, ...]


class LastEpoch(Record, frozen=True, kw_only=True):
    """The weights of the last epoch, if the model has those of the exact solution."""

    m: Finite | dict[str, Finite]
    b: Finite


class TrainingResult(Record, frozen=True, kw_only=True):
    """The result of the training, apart from its settings.

    Losses are mean squared errors plus the ridge penalty, `test_loss` is without it; they are
    those of the model's weights. An entry of the history has an epoch, its loss and its test loss,
    if there is one. `last_epoch` is present if the descent came so close to the exact solution
    that the model keeps the solution.
    """

    learning_rate: Finite | None = None
    epochs: Annotated[int, Meta(ge=0, le=MAX_EPOCHS)] = 0
    stopped: Literal["converged", "out of epochs", "interrupted", "exact"]
    last_epoch: LastEpoch | None = None
    l2: NonNegative = 0.0
    loss: NonNegative
    best_loss: NonNegative
    test_loss: NonNegative | None = None
    history: tuple[HistoryLine, ...] = ()
    cross_validation: tuple[Candidate, ...] | None = None


class Training(TrainingResult, frozen=True, kw_only=True):
    """The settings and the result of the training."""

    settings: Settings

    @classmethod
    def of(cls, settings: Settings, result: TrainingResult) -> Self:
        """Return a result with the settings that it comes from."""
        return cls(settings=settings, **asdict(result))

    @property
    def result(self) -> TrainingResult:
        """The result without the settings."""
        names = TrainingResult.__struct_fields__
        return TrainingResult(**{name: getattr(self, name) for name in names})

    def to_fields(self) -> dict[str, Any]:
        """Return the fields as the file has them: the settings first."""
        fields = super().to_fields()
        return {"settings": fields.pop("settings"), **fields}


class Model(Record, frozen=True, kw_only=True, dict=True):
    """A line or plane: the prediction is value_at_center plus the sum of m·(x - center).

    A file of version 1 has no center: its prediction is b plus the sum of m·x. `split_by` has the
    columns that assigned rows to the parts, if they are not x and y. `inputs` has the SHA-256 of
    the content of inputs that count only once. `design` is there if some features are indicators of
    the levels of a category. `clusters` has the moments of each cluster of the training rows.
    """

    format: Literal["linreg-model"]
    version: Literal[1, 2]
    y: str
    x: Annotated[tuple[str, ...], Meta(min_length=1)]
    m: Finite | dict[str, Finite]
    b: Finite
    center: dict[str, str] | None = None
    value_at_center: Finite | None = None
    training: Training
    design: StoredDesign | None = None
    moments: StoredMoments
    test_moments: StoredMoments | None = None
    fold_moments: tuple[StoredMoments, ...] | None = None
    clusters: StoredClusters | None = None
    split_by: tuple[str, ...] | None = None
    inputs: Annotated[tuple[Sha256, ...], Meta(min_length=1)] | None = None

    def __post_init__(self) -> None:
        """Refuse fields that contradict each other.

        Raises
        ------
        ValueError
            With the first contradiction.

        """
        self._check_names()
        self._check_design()
        self._check_center()
        self._check_parts()

    @property
    def keeps_solution(self) -> bool:
        """Whether the model has the exact weights with the smallest loss."""
        return self.training.stopped == "exact" or self.training.last_epoch is not None

    def _check_names(self) -> None:
        if len({*self.x, self.y}) != len(self.x) + 1:
            raise ValueError("a column occurs twice in 'x' and 'y'")
        parts = [self.moments, self.test_moments, *(self.fold_moments or ())]
        if any(part is not None and part.columns != (*self.x, self.y) for part in parts):
            raise ValueError("'moments' is of other columns than 'x' and 'y'")
        if self.split_by is not None and not {*self.x, self.y} <= set(self.split_by):
            raise ValueError("'split_by' lacks columns of 'x' and 'y'")
        self._require_slopes_of_x(self.m, "m")
        if self.training.last_epoch is not None:
            self._require_slopes_of_x(self.training.last_epoch.m, "last_epoch.m")

    def _require_slopes_of_x(self, m: float | dict[str, float], place: str) -> None:
        if isinstance(m, dict) and tuple(m) != self.x:
            raise ValueError(f"'{place}' must have one number for each name in 'x', in that order")
        if not isinstance(m, dict) and len(self.x) > 1:
            raise ValueError(f"'{place}' must be an object with a number for each name in 'x'")

    def _check_design(self) -> None:
        known = self.known_levels
        if known is not None and tuple(term.name for term in known.features) != self.x:
            raise ValueError("'x' must have the features of 'design', in their order")
        target = known.design.target if known else None
        if target is not None and target.name != self.y:
            raise ValueError("'y' must be the target of 'design'")

    def _check_center(self) -> None:
        has_center = (self.center is not None, self.value_at_center is not None)
        if self.version == 1:
            if any(has_center):
                raise ValueError("version 1 has no 'center' and no 'value_at_center'")
            return
        if self.center is None or tuple(self.center) != self.x:
            raise ValueError("'center' must have one number for each name in 'x', in that order")
        if self.value_at_center is None:
            raise ValueError("'value_at_center' is missing")
        for name, text in self.center.items():
            try:
                parse(text)
            except ValueError as error:
                raise ValueError(f"the 'center' of '{name}' {error}") from None
        if not _is_intercept(self.b, self.plane):
            raise ValueError("'b' does not fit 'm', 'center' and 'value_at_center'")

    def _check_parts(self) -> None:
        settings = self.training.settings
        folds = self.fold_moments or ()
        if (self.test_moments is not None) != bool(settings.test_fraction):
            raise ValueError("'test_moments' and 'test_fraction' do not fit together")
        if len(folds) != settings.folds:
            raise ValueError("'fold_moments' and 'folds' do not fit together")
        if folds and sum(fold.rows for fold in folds) != self.moments.rows:
            raise ValueError("'fold_moments' has other rows than 'moments'")
        clusters = self.clusters.groups if self.clusters else ()
        if len({each.value for each in clusters}) < len(clusters):
            raise ValueError("two of 'clusters' have the same 'value'")
        if any(each.moments.columns != self.moments.columns for each in clusters):
            raise ValueError("'clusters' is of other columns than 'moments'")
        if clusters and sum(each.moments.rows for each in clusters) != self.moments.rows:
            raise ValueError("'clusters' has other rows than 'moments'")

    @property
    def slopes(self) -> tuple[float, ...]:
        """The weight m of each feature, in the order of x."""
        return tuple(self.m.values()) if isinstance(self.m, dict) else (self.m,)

    @property
    def plane(self) -> Plane:
        """What predicts."""
        if self.center is None or self.value_at_center is None:
            return Plane.about_zero(self.slopes, self.b)
        centers = tuple(shortest(*parse(text)) for text in self.center.values())
        return Plane(self.slopes, self.value_at_center, centers)

    @property
    def settings(self) -> Settings:
        """What was asked of the training."""
        return self.training.settings

    @property
    def weights(self) -> str:
        """The column of weights; empty for none."""
        return self.moments.weights.column if self.moments.weights else ""

    @property
    def has_fourth(self) -> bool:
        """Whether the moments have the products of up to four columns."""
        return self.moments.has_fourth

    @property
    def cluster_by(self) -> str:
        """The column of the clusters whose moments are kept; empty for none."""
        return self.clusters.column if self.clusters else ""

    def check_moments(self) -> None:
        """Refuse moments that no rows have, as a damaged file may hold them.

        Raises
        ------
        ValueError
            With the first reason, and its place.

        """
        parts = {"moments": self.moments, "test_moments": self.test_moments}
        parts |= {f"fold_moments.{i}": fold for i, fold in enumerate(self.fold_moments or ())}
        clusters = self.clusters.groups if self.clusters else ()
        parts |= {f"clusters.groups.{i}": each.moments for i, each in enumerate(clusters)}
        for place, part in parts.items():
            try:
                if part is not None:
                    part.check()
            except ValueError as error:
                raise ValueError(f"{place}: {error}") from None

    @cached_property
    def known_levels(self) -> "KnownLevels | None":
        """The design with the levels of its categories, if there are any."""
        if self.design is None:
            return None
        return self.design.known(has_intercept=self.training.settings.intercept)

    def training_moments(self) -> "Moments":
        """Return the moments of the training rows, of the features and the target."""
        moments = self.moments.restore()
        features = self.known_levels.features if self.known_levels else ()
        return replace(moments, terms={term.name: term for term in features if term.levels})

    def data(self) -> "SplitMoments":
        """Return the moments of the training rows, of the test rows and of the folds.

        Those of a category are of all its levels.
        """
        from linreg_cli.moments import SplitMoments, with_levels

        data = SplitMoments(
            moments=self.training_moments(),
            test=None if self.test_moments is None else self.test_moments.restore(),
            folds=tuple(fold.restore() for fold in self.fold_moments or ()),
            split_by=self.split_by or (),
            inputs=frozenset(self.inputs or ()),
            cluster_by=self.clusters.column if self.clusters else "",
            clusters=self.clusters.restore() if self.clusters else {},
        )
        return data if self.known_levels is None else with_levels(data, self.known_levels)


def _is_intercept(b: float, plane: Plane) -> bool:
    """Return whether b is the value of a plane at 0, within the rounding of its numbers."""
    most = max(center.decimals for center in plane.centers)
    unit = power_of_ten(most)
    centers = [center.integer * power_of_ten(most - center.decimals) for center in plane.centers]
    # the terms of the difference as integers: times `unit`, and times 2**1074
    terms = [_as_integer(plane.value) * unit, -_as_integer(b) * unit]
    terms += [-_as_integer(m) * x for m, x in zip(plane.slopes, centers, strict=True)]
    roundings = 2 * unit + sum(map(abs, centers))
    return abs(sum(terms)) - roundings <= sum(map(abs, terms)) >> ROUNDED_BITS


def _as_integer(value: float) -> int:
    """Return a float64 times 2**1074."""
    numerator, denominator = value.as_integer_ratio()
    return numerator * ((1 << SMALLEST_EXPONENT) // denominator)
