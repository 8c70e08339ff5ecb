"""Exact sums of products of columns, and the quantities that follow from them.

Blocks of exact decimals go in; moments come out, which merge with + and separate with -.
"""

from typing import TYPE_CHECKING

from linreg_cli import lazy_exports

if TYPE_CHECKING:
    from linreg_cli.moments import fourth_sums as fourth_sums, squares as squares
    from linreg_cli.moments.accumulator import Accumulator as Accumulator
    from linreg_cli.moments.group_summation import (
        GroupedSums as GroupedSums,
        GroupSummation as GroupSummation,
        Label as Label,
        PreparedGroups as PreparedGroups,
        sums_of as sums_of,
    )
    from linreg_cli.moments.groups import GroupedMoments as GroupedMoments
    from linreg_cli.moments.indicators import (
        coded as coded,
        empty_combinations as empty_combinations,
        levels_of as levels_of,
        of_features as of_features,
        unseen_levels as unseen_levels,
        with_all_indicators as with_all_indicators,
        with_levels as with_levels,
    )
    from linreg_cli.moments.known_inputs import (
        find_known as find_known,
        find_new as find_new,
        merged as merged,
    )
    from linreg_cli.moments.level_moments import with_levels_of as with_levels_of
    from linreg_cli.moments.level_sums import LevelSums as LevelSums, PreparedSums as PreparedSums
    from linreg_cli.moments.moments import (
        LOG_UNIT_BITS as LOG_UNIT_BITS,
        Matrix as Matrix,
        Moments as Moments,
        as_matrix as as_matrix,
        symmetric as symmetric,
    )
    from linreg_cli.moments.possible import (
        are_possible_in_pairs as are_possible_in_pairs,
        can_be_moments as can_be_moments,
        have_possible_fourth as have_possible_fourth,
    )
    from linreg_cli.moments.row_hashes import factors_of as factors_of, with_hashes as with_hashes
    from linreg_cli.moments.split import (
        ONE_PART as ONE_PART,
        Split as Split,
        SplitMoments as SplitMoments,
    )
    from linreg_cli.moments.squares import (
        correlation as correlation,
        residual_standard_error as residual_standard_error,
    )
    from linreg_cli.moments.summation import (
        PreparedMoments as PreparedMoments,
        Summation as Summation,
        SummedRows as SummedRows,
    )
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "accumulator": ("Accumulator",),
            "group_summation": (
                "GroupSummation",
                "GroupedSums",
                "Label",
                "PreparedGroups",
                "sums_of",
            ),
            "groups": ("GroupedMoments",),
            "indicators": (
                "coded",
                "empty_combinations",
                "levels_of",
                "of_features",
                "unseen_levels",
                "with_all_indicators",
                "with_levels",
            ),
            "level_moments": ("with_levels_of",),
            "level_sums": ("LevelSums", "PreparedSums"),
            "known_inputs": ("find_known", "find_new", "merged"),
            "moments": ("LOG_UNIT_BITS", "Matrix", "Moments", "as_matrix", "symmetric"),
            "possible": ("are_possible_in_pairs", "can_be_moments", "have_possible_fourth"),
            "split": ("SplitMoments", "ONE_PART", "Split"),
            "squares": ("correlation", "residual_standard_error"),
            "row_hashes": ("factors_of", "with_hashes"),
            "summation": ("PreparedMoments", "Summation", "SummedRows"),
        },
    )
