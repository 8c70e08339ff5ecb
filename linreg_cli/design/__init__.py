"""From columns to terms: indicators of levels, transforms and products.

Blocks of columns come in; blocks of terms, which moments are computed from, go out.
"""

from typing import TYPE_CHECKING

from linreg_cli import lazy_exports

if TYPE_CHECKING:
    from linreg_cli.design.coding import Coding as Coding, Combination as Combination
    from linreg_cli.design.computed_columns import (
        ComputedColumns as ComputedColumns,
        Input as Input,
        TextInput as TextInput,
        leaves as leaves,
        name_of as name_of,
    )
    from linreg_cli.design.design import (
        MAX_LEVELS as MAX_LEVELS,
        Design as Design,
        Levels as Levels,
        category_of as category_of,
        expanded as expanded,
        first_of as first_of,
        is_computed as is_computed,
        labels_of as labels_of,
    )
    from linreg_cli.design.factors import read_expression as read_expression
    from linreg_cli.design.formulas import (
        is_of_text as is_of_text,
        parse_expression as parse_expression,
        parse_formula as parse_formula,
        parse_terms as parse_terms,
    )
    from linreg_cli.design.inverses import Inverse as Inverse
    from linreg_cli.design.known_levels import (
        KnownLevels as KnownLevels,
        block_of as block_of,
    )
    from linreg_cli.design.level_codes import (
        Codes as Codes,
        in_order as in_order,
        join_codes as join_codes,
        keys_in_order as keys_in_order,
    )
    from linreg_cli.design.names import Key as Key, canonical as canonical
    from linreg_cli.design.terms import (
        INTERCEPT as INTERCEPT,
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
    from linreg_cli.design.texts import (
        TEXT_FUNCTIONS as TEXT_FUNCTIONS,
        TEXT_REASONS as TEXT_REASONS,
        TRUTHS as TRUTHS,
    )
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "coding": ("Coding", "Combination"),
            "computed_columns": ("ComputedColumns", "Input", "TextInput", "leaves", "name_of"),
            "design": (
                "Design",
                "MAX_LEVELS",
                "Levels",
                "category_of",
                "expanded",
                "first_of",
                "is_computed",
                "labels_of",
            ),
            "factors": ("read_expression",),
            "formulas": ("is_of_text", "parse_expression", "parse_formula", "parse_terms"),
            "inverses": ("Inverse",),
            "known_levels": ("KnownLevels", "block_of"),
            "level_codes": ("Codes", "in_order", "join_codes", "keys_in_order"),
            "names": ("Key", "canonical"),
            "texts": ("TEXT_FUNCTIONS", "TEXT_REASONS", "TRUTHS"),
            "terms": (
                "INTERCEPT",
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
