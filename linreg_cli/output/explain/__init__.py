"""The first epochs worked out by hand, for --explain.

A descent and some rows go in; a text that a pocket calculator agrees with comes out.
"""

from typing import TYPE_CHECKING

from linreg_cli import lazy_exports

if TYPE_CHECKING:
    from linreg_cli.output.explain.first_rows import FirstRow as FirstRow, FirstRows as FirstRows
    from linreg_cli.output.explain.narration import story as story
    from linreg_cli.output.explain.page import show_page as show_page
    from linreg_cli.output.explain.worked_epochs import explain as explain
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "first_rows": ("FirstRow", "FirstRows"),
            "narration": ("story",),
            "page": ("show_page",),
            "worked_epochs": ("explain",),
        },
    )
