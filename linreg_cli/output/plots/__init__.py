"""Plots of a model, as text for the terminal or as a picture file.

A model and rows go in; a picture of panels and layers comes out, and from it text or a file.
"""

from typing import TYPE_CHECKING

from linreg_cli import lazy_exports

if TYPE_CHECKING:
    from linreg_cli.output.plots.fit_plot import FitPlot as FitPlot
    from linreg_cli.output.plots.group_fit_plot import GroupFitPlot as GroupFitPlot
    from linreg_cli.output.plots.loss_plot import loss_picture as loss_picture
    from linreg_cli.output.plots.picture import Picture as Picture
    from linreg_cli.output.plots.picture_file import (
        format_of as format_of,
        save_picture as save_picture,
    )
    from linreg_cli.output.plots.residual_plot import ResidualPlot as ResidualPlot
    from linreg_cli.output.plots.screen import standard_output_screen as standard_output_screen
    from linreg_cli.output.plots.surface_plot import surface_picture as surface_picture
    from linreg_cli.output.plots.text_picture import as_text as as_text
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "fit_plot": ("FitPlot",),
            "group_fit_plot": ("GroupFitPlot",),
            "loss_plot": ("loss_picture",),
            "picture": ("Picture",),
            "picture_file": ("format_of", "save_picture"),
            "residual_plot": ("ResidualPlot",),
            "screen": ("standard_output_screen",),
            "surface_plot": ("surface_picture",),
            "text_picture": ("as_text",),
        },
    )
