"""What a person or another program sees of a model; each sub-package makes one kind of output.

Models, epochs and statistics go in; text, pictures, pages and source code come out.
"""

from typing import TYPE_CHECKING

from linreg_cli import lazy_exports

if TYPE_CHECKING:
    from linreg_cli.output.cloud import MAX_POINTS as MAX_POINTS, Cloud as Cloud
    from linreg_cli.output.density_grid import Grid as Grid
    from linreg_cli.output.extreme_rows import EXTREMES as EXTREMES, Extremes as Extremes
    from linreg_cli.output.latex_characters import latex_text as latex_text
    from linreg_cli.output.row_sample import Sample as Sample
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "cloud": ("Cloud", "MAX_POINTS"),
            "density_grid": ("Grid",),
            "extreme_rows": ("EXTREMES", "Extremes"),
            "latex_characters": ("latex_text",),
            "row_sample": ("Sample",),
        },
    )
