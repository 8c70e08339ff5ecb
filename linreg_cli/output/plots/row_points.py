"""Points as layers of a picture: one by one, or as a density and the extreme points."""

from linreg_cli.errors import count_of
from linreg_cli.exact import Flags, Floats
from linreg_cli.model import Model
from linreg_cli.output import MAX_POINTS, Cloud
from linreg_cli.output.plots.picture import Density, Dots, Layer, Role


class RowPoints:
    """Collects the points of rows, test rows separately."""

    def __init__(self) -> None:
        self._training: Cloud | None = None
        self._test: Cloud | None = None

    def add(self, points: Floats, is_test: Flags, along: Floats | None = None) -> None:
        """Add points, shape (rows, 2), which of them are test rows, and how extreme each is."""
        along = points if along is None else along
        if not is_test.any():  # as most often: nothing is copied
            self._training = _joined(self._training, points, along)
            return
        self._training = _joined(self._training, points[~is_test], along[~is_test])
        self._test = _joined(self._test, points[is_test], along[is_test])

    @property
    def whole(self) -> Cloud | None:
        """All points, if there are any."""
        if self._training is None or self._test is None:
            return self._training or self._test
        return self._training + self._test

    def layers(self, *, marks_test: bool) -> tuple[Layer, ...]:
        """Return the points as layers; with `marks_test`, test rows are a separate layer."""
        whole = self.whole
        if whole is None:
            return ()
        if self._test is None or not marks_test:
            return layers_of(whole)
        if whole.count > MAX_POINTS:
            return layers_of(whole, "training and test row")
        test = layers_of(self._test, "test row", Role.TEST_ROWS)
        if self._training is None:
            return test
        return (*layers_of(self._training, "training row"), *test)


def _joined(cloud: Cloud | None, points: Floats, along: Floats) -> Cloud | None:
    if not len(points):
        return cloud
    return Cloud.of(points, along) if cloud is None else cloud.with_points(points, along)


def layers_of(cloud: Cloud, kind: str = "row", role: Role = Role.ROWS) -> tuple[Layer, ...]:
    """Return a cloud of two axes as layers: its points, or its density and its extreme points."""
    rows = count_of(cloud.count, kind)
    if cloud.points is not None:
        x, y = cloud.points.T
        return (Dots(role=role, label=rows, x=x, y=y),)
    x, y = cloud.extremes.rows.T
    return (
        Density(
            role=Role.DENSITY,
            label=rows,
            counts=cloud.grid.counts,
            x_edges=cloud.grid.edges(0),
            y_edges=cloud.grid.edges(1),
        ),
        Dots(role=Role.EXTREMES, label="extreme rows", x=x, y=y),
    )


def unmarked_test_rows(model: Model, cloud: Cloud | None, *, is_marked: bool) -> tuple[str, ...]:
    """Return a note if rows are drawn whose test rows cannot be marked."""
    if cloud is None or is_marked or model.test_moments is None or not model.split_by:
        return ()
    columns = ", ".join(model.split_by)
    return (f"test rows are not marked: their choice depends on all of the columns {columns}",)
