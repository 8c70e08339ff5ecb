"""What a person or another program sees of a model; each sub-package makes one kind of output.

Models, epochs and statistics go in; text, pictures, pages and source code come out.
"""

from typing import TYPE_CHECKING

from linreg_cli import lazy_exports

if TYPE_CHECKING:
    from linreg_cli.output.latex_characters import latex_text as latex_text
    from linreg_cli.output.sampling import (
        EXTREMES as EXTREMES,
        MAX_POINTS as MAX_POINTS,
        Cloud as Cloud,
        Extremes as Extremes,
        Grid as Grid,
        Sample as Sample,
    )
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "latex_characters": ("latex_text",),
            "sampling": ("Cloud", "EXTREMES", "Extremes", "Grid", "MAX_POINTS", "Sample"),
        },
    )
