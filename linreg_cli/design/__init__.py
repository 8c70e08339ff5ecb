"""From columns to terms: indicators of levels, transforms and products.

Blocks of columns come in; blocks of terms, which moments are computed from, go out.
"""

from typing import TYPE_CHECKING

from linreg_cli import lazy_exports

if TYPE_CHECKING:
    from linreg_cli.design.terms import (
        Call as Call,
        Category as Category,
        Column as Column,
        Expression as Expression,
        Factor as Factor,
        Level as Level,
        Number as Number,
        Operation as Operation,
        Term as Term,
    )
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "terms": (
                "Call",
                "Category",
                "Column",
                "Expression",
                "Factor",
                "Level",
                "Number",
                "Operation",
                "Term",
            ),
        },
    )
