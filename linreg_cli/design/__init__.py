"""From columns to terms: indicators of levels, transforms and products.

Blocks of columns come in; blocks of terms, which moments are computed from, go out.
"""

from typing import TYPE_CHECKING

from linreg_cli import lazy_exports

if TYPE_CHECKING:
    from linreg_cli.design.design import (
        MAX_LEVELS as MAX_LEVELS,
        Design as Design,
        Levels as Levels,
        category_of as category_of,
        expanded as expanded,
        first_of as first_of,
    )
    from linreg_cli.design.known_levels import KnownLevels as KnownLevels
    from linreg_cli.design.level_codes import Codes as Codes, in_order as in_order
    from linreg_cli.design.names import canonical as canonical
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
            "design": ("Design", "MAX_LEVELS", "Levels", "category_of", "expanded", "first_of"),
            "known_levels": ("KnownLevels",),
            "level_codes": ("Codes", "in_order"),
            "names": ("canonical",),
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
