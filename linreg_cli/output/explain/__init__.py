"""The first epochs computed step by step, for --explain.

A descent and some rows go in; a text that a pocket calculator agrees with comes out.
"""

from typing import TYPE_CHECKING

from linreg_cli import lazy_exports

if TYPE_CHECKING:
    from linreg_cli.output.explain.first_rows import FirstRow as FirstRow, FirstRows as FirstRows
    from linreg_cli.output.explain.sections import show_explanation as show_explanation
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "first_rows": ("FirstRow", "FirstRows"),
            "sections": ("show_explanation",),
        },
    )
