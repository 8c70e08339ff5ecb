"""The interactive page that replays a training.

A model and rows go in; one HTML file comes out.
"""

from typing import TYPE_CHECKING

from linreg_cli import lazy_exports

if TYPE_CHECKING:
    from linreg_cli.output.replay.points import PointCollector as PointCollector, Points as Points
    from linreg_cli.output.replay.recording import make_replay as make_replay
    from linreg_cli.output.replay.web_page import to_page as to_page
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "points": ("PointCollector", "Points"),
            "recording": ("make_replay",),
            "web_page": ("to_page",),
        },
    )
