"""What a model's moments say, and how well it predicts other rows.

A model, or a model and rows, goes in; standard errors, tests and scores come out.
"""

from typing import TYPE_CHECKING

from linreg_cli import lazy_exports

if TYPE_CHECKING:
    from linreg_cli.statistics.collinearity import (
        NearlyCollinear as NearlyCollinear,
        nearly_collinear as nearly_collinear,
    )
    from linreg_cli.statistics.conditions import (
        Condition as Condition,
        check_conditions as check_conditions,
    )
    from linreg_cli.statistics.evaluation import (
        IN_PERCENT as IN_PERCENT,
        NAMES as NAMES,
        SHARES as SHARES,
        Evaluation as Evaluation,
        evaluate_model as evaluate_model,
    )
    from linreg_cli.statistics.model_rows import (
        are_trained_on as are_trained_on,
        selection_as_split as selection_as_split,
        selection_of as selection_of,
    )
    from linreg_cli.statistics.partial_regression import (
        Remainder as Remainder,
        partial_regressions as partial_regressions,
    )
    from linreg_cli.statistics.scores import Scores as Scores
    from linreg_cli.statistics.summary import (
        Summary as Summary,
        WeightStatistics as WeightStatistics,
        summarize as summarize,
    )
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "collinearity": ("NearlyCollinear", "nearly_collinear"),
            "conditions": ("Condition", "check_conditions"),
            "evaluation": ("Evaluation", "IN_PERCENT", "NAMES", "SHARES", "evaluate_model"),
            "model_rows": ("are_trained_on", "selection_as_split", "selection_of"),
            "partial_regression": ("Remainder", "partial_regressions"),
            "scores": ("Scores",),
            "summary": ("Summary", "WeightStatistics", "summarize"),
        },
    )
