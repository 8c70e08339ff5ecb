"""Points as layers of a picture: one by one, or as their density and those farthest out."""

from linreg_cli.plots.picture import Density, Dots, Layer, Role
from linreg_cli.sampling import Cloud


def layers_of(cloud: Cloud) -> tuple[Layer, ...]:
    """Give a cloud of two axes as layers: its points, or its density and its extremes."""
    rows = f"{cloud.count:,} row{'' if cloud.count == 1 else 's'}"
    if cloud.points is not None:
        x, y = cloud.points.T
        return (Dots(role=Role.ROWS, label=rows, x=x, y=y),)
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
