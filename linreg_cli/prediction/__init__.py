"""From a model and rows to predictions and their intervals.

Typed values or CSV rows go in; correctly rounded predictions come out.
"""

from typing import TYPE_CHECKING

from linreg_cli import lazy_exports

if TYPE_CHECKING:
    from linreg_cli.prediction.grouped_columns import (
        GroupCounts as GroupCounts,
        GroupedColumns as GroupedColumns,
    )
    from linreg_cli.prediction.influence import CooksDistance as CooksDistance
    from linreg_cli.prediction.intervals import Uncertainty as Uncertainty
    from linreg_cli.prediction.leverages import (
        Leverages as Leverages,
        sum_of_squares as sum_of_squares,
    )
    from linreg_cli.prediction.model_rows import (
        are_trained_on as are_trained_on,
        clusters_of as clusters_of,
        selection_as_split as selection_as_split,
        selection_of as selection_of,
        selection_of_groups as selection_of_groups,
    )
    from linreg_cli.prediction.predicted_csv import (
        AnyColumns as AnyColumns,
        Output as Output,
        PredictionRun as PredictionRun,
        predict_sources as predict_sources,
    )
    from linreg_cli.prediction.prediction_columns import PredictionColumns as PredictionColumns
    from linreg_cli.prediction.rows_fit import RowsFit as RowsFit
    from linreg_cli.prediction.training_range import (
        GroupedOutsideCounts as GroupedOutsideCounts,
        OutsideCounts as OutsideCounts,
    )
    from linreg_cli.prediction.typed_values import (
        are_values as are_values,
        predict_values as predict_values,
        refuse_miswritten as refuse_miswritten,
        split_key as split_key,
        value_hint as value_hint,
    )
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "grouped_columns": ("GroupCounts", "GroupedColumns"),
            "influence": ("CooksDistance",),
            "intervals": ("Uncertainty",),
            "leverages": ("Leverages", "sum_of_squares"),
            "model_rows": (
                "are_trained_on",
                "clusters_of",
                "selection_as_split",
                "selection_of",
                "selection_of_groups",
            ),
            "predicted_csv": ("AnyColumns", "Output", "PredictionRun", "predict_sources"),
            "prediction_columns": ("PredictionColumns",),
            "rows_fit": ("RowsFit",),
            "training_range": ("GroupedOutsideCounts", "OutsideCounts"),
            "typed_values": (
                "are_values",
                "predict_values",
                "refuse_miswritten",
                "value_hint",
                "split_key",
            ),
        },
    )
