"""Reading rows: from files, pipes and URLs to moments. Only this package opens data.

Sources, the options of a CSV file and a selection of columns come in; moments, row counts, rejected
rows and descriptions of columns go out.
"""

from typing import TYPE_CHECKING

from linreg_cli import lazy_exports

if TYPE_CHECKING:
    from linreg_cli.reading.column_choice import (
        ChosenColumns as ChosenColumns,
        choose_by_formula as choose_by_formula,
        choose_columns as choose_columns,
        find_references as find_references,
    )
    from linreg_cli.reading.column_description import ColumnDescription as ColumnDescription
    from linreg_cli.reading.column_numbers import Median as Median
    from linreg_cli.reading.column_patterns import find_features as find_features
    from linreg_cli.reading.computed_rows import compute_rows as compute_rows
    from linreg_cli.reading.description import Description as Description, describe as describe
    from linreg_cli.reading.group_rows import (
        GroupRows as GroupRows,
        find_groups as find_groups,
        rows_of_key as rows_of_key,
    )
    from linreg_cli.reading.peek import Peek as Peek
    from linreg_cli.reading.proposal import Proposal as Proposal
    from linreg_cli.reading.rejects import rejects_file as rejects_file
    from linreg_cli.reading.required_rows import require_rows as require_rows
    from linreg_cli.reading.row_counts import RowCounts as RowCounts, Undefined as Undefined
    from linreg_cli.reading.row_sums import (
        Advance as Advance,
        GroupedPass as GroupedPass,
        PassOf as PassOf,
        PassResult as PassResult,
        sum_groups as sum_groups,
        sum_rows as sum_rows,
        sum_table as sum_table,
    )
    from linreg_cli.reading.selection import Selection as Selection
    from linreg_cli.reading.used_rows import UsedRows as UsedRows, count_unknown as count_unknown
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "column_choice": (
                "ChosenColumns",
                "choose_by_formula",
                "choose_columns",
                "find_references",
            ),
            "column_patterns": ("find_features",),
            "column_description": ("ColumnDescription",),
            "computed_rows": ("compute_rows",),
            "column_numbers": ("Median",),
            "description": ("Description", "describe"),
            "peek": ("Peek",),
            "proposal": ("Proposal",),
            "group_rows": ("GroupRows", "find_groups", "rows_of_key"),
            "rejects": ("rejects_file",),
            "row_counts": ("RowCounts", "Undefined"),
            "required_rows": ("require_rows",),
            "row_sums": (
                "Advance",
                "GroupedPass",
                "PassOf",
                "PassResult",
                "sum_groups",
                "sum_rows",
                "sum_table",
            ),
            "selection": ("Selection",),
            "used_rows": ("UsedRows", "count_unknown"),
        },
    )
