"""Exact numbers, and what is rounded once from them.

Decimals as written go in; integers, rationals and correctly rounded float64 values come out.
"""

from typing import TYPE_CHECKING

from linreg_cli import lazy_exports

if TYPE_CHECKING:
    from linreg_cli.exact import decimals as decimals
    from linreg_cli.exact.arrays import (
        Flags as Flags,
        Floats as Floats,
        Int64s as Int64s,
        Integers as Integers,
        Objects as Objects,
        UInt64s as UInt64s,
    )
    from linreg_cli.exact.block import (
        MAX_DIGITS_INT64 as MAX_DIGITS_INT64,
        Block as Block,
    )
    from linreg_cli.exact.cholesky import NegativePivotError as NegativePivotError, factor as factor
    from linreg_cli.exact.correct_rounding import correctly_rounded as correctly_rounded
    from linreg_cli.exact.dates import is_date as is_date
    from linreg_cli.exact.decimals import (
        BLANKS as BLANKS,
        MINUS as MINUS,
        ExactDecimal as ExactDecimal,
        is_number as is_number,
        leading_number as leading_number,
        nearest_integer as nearest_integer,
        parse as parse,
        power_of_ten as power_of_ten,
        shortest as shortest,
    )
    from linreg_cli.exact.distributions import (
        chi_squared_p_value as chi_squared_p_value,
        f_p_value as f_p_value,
        t_p_value as t_p_value,
        t_quantile as t_quantile,
        with_log10 as with_log10,
    )
    from linreg_cli.exact.fraction_plane import combine_block as combine_block
    from linreg_cli.exact.hashing import mix as mix
    from linreg_cli.exact.number_texts import Notation as Notation, Ratio as Ratio
    from linreg_cli.exact.plane import ZERO as ZERO, Plane as Plane
    from linreg_cli.exact.plane_values import (
        FACTOR_LIMIT as FACTOR_LIMIT,
        MAX_EXACT_POWER as MAX_EXACT_POWER,
        RowError as RowError,
        predict_block as predict_block,
        predict_exactly as predict_exactly,
        predict_row as predict_row,
        to_floats as to_floats,
    )
    from linreg_cli.exact.rank import independent_columns as independent_columns
    from linreg_cli.exact.rationals import (
        exact_decimal as exact_decimal,
        from_float as from_float,
        root_to_float as root_to_float,
        to_float as to_float,
        too_large as too_large,
    )
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "arrays": ("Flags", "Floats", "Int64s", "Integers", "Objects", "UInt64s"),
            "block": ("Block", "MAX_DIGITS_INT64"),
            "cholesky": ("NegativePivotError", "factor"),
            "correct_rounding": ("correctly_rounded",),
            "dates": ("is_date",),
            "decimals": (
                "BLANKS",
                "ExactDecimal",
                "MINUS",
                "is_number",
                "leading_number",
                "nearest_integer",
                "parse",
                "power_of_ten",
                "shortest",
            ),
            "fraction_plane": ("combine_block",),
            "hashing": ("mix",),
            "distributions": (
                "chi_squared_p_value",
                "f_p_value",
                "t_p_value",
                "t_quantile",
                "with_log10",
            ),
            "number_texts": ("Notation", "Ratio"),
            "plane": ("Plane", "ZERO"),
            "plane_values": (
                "FACTOR_LIMIT",
                "MAX_EXACT_POWER",
                "RowError",
                "predict_block",
                "predict_exactly",
                "predict_row",
                "to_floats",
            ),
            "rank": ("independent_columns",),
            "rationals": ("exact_decimal", "from_float", "root_to_float", "to_float", "too_large"),
        },
    )
