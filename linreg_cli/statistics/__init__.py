"""What a model's moments say, and how well it predicts other rows.

Moments and blocks of rows go in; standard errors, tests and scores come out. No file is read here.
"""

from typing import TYPE_CHECKING

from linreg_cli import lazy_exports

if TYPE_CHECKING:
    from linreg_cli.statistics.cluster_covariance import ClusterCovariance as ClusterCovariance
    from linreg_cli.statistics.collinearity import (
        NearlyCollinear as NearlyCollinear,
        nearly_collinear as nearly_collinear,
    )
    from linreg_cli.statistics.comparison import (
        ComparedModel as ComparedModel,
        Comparison as Comparison,
        NestedTests as NestedTests,
        Pair as Pair,
        compare_models as compare_models,
    )
    from linreg_cli.statistics.conditions import (
        Condition as Condition,
        check_conditions as check_conditions,
    )
    from linreg_cli.statistics.confidence import DEFAULT_CONFIDENCE as DEFAULT_CONFIDENCE
    from linreg_cli.statistics.diagnostics import (
        Diagnostics as Diagnostics,
        DiagnosticTest as DiagnosticTest,
        diagnose as diagnose,
    )
    from linreg_cli.statistics.evaluation import (
        IN_PERCENT as IN_PERCENT,
        NAMES as NAMES,
        SHARES as SHARES,
        Evaluation as Evaluation,
        evaluate as evaluate,
    )
    from linreg_cli.statistics.fourth_covariance import FourthCovariance as FourthCovariance
    from linreg_cli.statistics.group_scores import (
        GroupScores as GroupScores,
        score_group as score_group,
        score_groups as score_groups,
    )
    from linreg_cli.statistics.group_tests import (
        GroupTest as GroupTest,
        GroupTests as GroupTests,
        check_groups as check_groups,
    )
    from linreg_cli.statistics.grouped_evaluation import (
        EvaluatedRows as EvaluatedRows,
        GroupedEvaluation as GroupedEvaluation,
        evaluate_groups as evaluate_groups,
    )
    from linreg_cli.statistics.partial_regression import (
        Remainder as Remainder,
        partial_regressions as partial_regressions,
    )
    from linreg_cli.statistics.robust_covariance import RobustCovariance as RobustCovariance
    from linreg_cli.statistics.robust_kind import (
        CLUSTER as CLUSTER,
        FROM_MOMENTS as FROM_MOMENTS,
        RobustKind as RobustKind,
    )
    from linreg_cli.statistics.row_errors import RowErrors as RowErrors
    from linreg_cli.statistics.sandwich import Sandwich as Sandwich
    from linreg_cli.statistics.scores import Scores as Scores
    from linreg_cli.statistics.summary import (
        Summary as Summary,
        WeightStatistics as WeightStatistics,
    )
    from linreg_cli.statistics.waiting_rows import WaitingRows as WaitingRows, joined as joined
    from linreg_cli.statistics.wald import WaldTest as WaldTest, wald_test as wald_test
    from linreg_cli.statistics.whole_fit import summarize as summarize
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "cluster_covariance": ("ClusterCovariance",),
            "collinearity": ("NearlyCollinear", "nearly_collinear"),
            "comparison": ("ComparedModel", "Comparison", "NestedTests", "Pair", "compare_models"),
            "conditions": ("Condition", "check_conditions"),
            "confidence": ("DEFAULT_CONFIDENCE",),
            "diagnostics": ("DiagnosticTest", "Diagnostics", "diagnose"),
            "evaluation": ("Evaluation", "IN_PERCENT", "NAMES", "SHARES", "evaluate"),
            "fourth_covariance": ("FourthCovariance",),
            "group_scores": ("GroupScores", "score_group", "score_groups"),
            "group_tests": ("GroupTest", "GroupTests", "check_groups"),
            "grouped_evaluation": ("EvaluatedRows", "GroupedEvaluation", "evaluate_groups"),
            "partial_regression": ("Remainder", "partial_regressions"),
            "row_errors": ("RowErrors",),
            "robust_covariance": ("RobustCovariance",),
            "robust_kind": ("CLUSTER", "FROM_MOMENTS", "RobustKind"),
            "sandwich": ("Sandwich",),
            "scores": ("Scores",),
            "summary": ("Summary", "WeightStatistics"),
            "waiting_rows": ("WaitingRows", "joined"),
            "wald": ("WaldTest", "wald_test"),
            "whole_fit": ("summarize",),
        },
    )
