"""Points as layers of a picture: one by one, or as their density and those farthest out."""

from linreg_cli.errors import count_of
from linreg_cli.exact import Floats
from linreg_cli.output import MAX_POINTS, Cloud
from linreg_cli.output.plots.picture import Density, Dots, Flags, Layer, Role


class RowPoints:
    """Collects the points of rows, those of test rows apart."""

    def __init__(self) -> None:
        self._training: Cloud | None = None
        self._test: Cloud | None = None

    def add(self, points: Floats, is_test: Flags, along: Floats | None = None) -> None:
        """Take points, shape (rows, 2), which rows are test rows, and how far out each lies."""
        along = points if along is None else along
        self._training = _joined(self._training, points[~is_test], along[~is_test])
        self._test = _joined(self._test, points[is_test], along[is_test])

    @property
    def whole(self) -> Cloud | None:
        """All points, if there are any."""
        if self._training is None or self._test is None:
            return self._training or self._test
        return self._training + self._test

    def layers(self, *, tells_test: bool) -> tuple[Layer, ...]:
        """Return the points as layers; `tells_test` gives test rows a layer of their own."""
        whole = self.whole
        if whole is None:
            return ()
        if self._test is None or not tells_test:
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
    new = Cloud.of(points, along)
    return new if cloud is None else cloud + new


def layers_of(cloud: Cloud, kind: str = "row", role: Role = Role.ROWS) -> tuple[Layer, ...]:
    """Give a cloud of two axes as layers: its points, or its density and its extremes."""
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
        Dots(role=Role.EXTREMES, label="rows farthest out", x=x, y=y),
    )
