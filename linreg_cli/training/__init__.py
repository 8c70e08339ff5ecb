"""From moments to a model: gradient descent, the exact solution, cross-validation, merging.

Moments and settings go in; epochs and a model come out.
"""

from typing import TYPE_CHECKING

from linreg_cli import lazy_exports

if TYPE_CHECKING:
    from linreg_cli.training.centers import (
        as_fraction as as_fraction,
        center_text as center_text,
        centered_name as centered_name,
        centers_of as centers_of,
        exact_weights as exact_weights,
        mean_of as mean_of,
        origins_of as origins_of,
        value_at as value_at,
    )
    from linreg_cli.training.compressed_rows import (
        CompressedRows as CompressedRows,
    )
    from linreg_cli.training.dependencies import (
        explain_dependencies as explain_dependencies,
        remedy as remedy,
    )
    from linreg_cli.training.descent import (
        Descent as Descent,
        first_weights as first_weights,
        prepare_descent as prepare_descent,
    )
    from linreg_cli.training.descent_run import (
        Run as Run,
        is_doubling as is_doubling,
        run_descent as run_descent,
    )
    from linreg_cli.training.descent_setup import (
        DIVERGED as DIVERGED,
        GradientDescentSettings as GradientDescentSettings,
    )
    from linreg_cli.training.epoch import Epoch as Epoch
    from linreg_cli.training.equations import (
        equation as equation,
        intercept_is_too_coarse as intercept_is_too_coarse,
    )
    from linreg_cli.training.gradient_descent import AT_REST as AT_REST
    from linreg_cli.training.group_fits import (
        train_group as train_group,
        train_groups as train_groups,
        train_once as train_once,
    )
    from linreg_cli.training.learning_rate_limit import LearningRates as LearningRates
    from linreg_cli.training.make_model import (
        descended_model as descended_model,
        exact_model as exact_model,
    )
    from linreg_cli.training.merging import (
        Named as Named,
        NamedGroups as NamedGroups,
        NamedModel as NamedModel,
        choose_from_model as choose_from_model,
        choose_terms as choose_terms,
        find_shared_inputs as find_shared_inputs,
        merge_groups as merge_groups,
        merge_models as merge_models,
        merge_settings as merge_settings,
        remove_group_rows as remove_group_rows,
        remove_rows as remove_rows,
    )
    from linreg_cli.training.normal_equations import (
        LeastSquares as LeastSquares,
        least_squares as least_squares,
    )
    from linreg_cli.training.problem import (
        Problem as Problem,
        refuse_many_terms as refuse_many_terms,
        set_up as set_up,
        set_up_again as set_up_again,
    )
    from linreg_cli.training.products_factor import ProductsFactor as ProductsFactor
    from linreg_cli.training.saved_weights import (
        VISIBLE as VISIBLE,
        distance_from_fit as distance_from_fit,
        has_intercept_too_coarse as has_intercept_too_coarse,
        why_apart as why_apart,
    )
    from linreg_cli.training.scaling import Scaling as Scaling
    from linreg_cli.training.unconverged import Remedies as Remedies, remedies as remedies
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "centers": (
                "as_fraction",
                "centers_of",
                "exact_weights",
                "centered_name",
                "mean_of",
                "origins_of",
                "value_at",
                "center_text",
            ),
            "compressed_rows": ("CompressedRows",),
            "dependencies": ("explain_dependencies", "remedy"),
            "learning_rate_limit": ("LearningRates",),
            "descent": ("Descent", "first_weights", "prepare_descent"),
            "descent_run": ("Run", "is_doubling", "run_descent"),
            "descent_setup": ("DIVERGED", "GradientDescentSettings"),
            "epoch": ("Epoch",),
            "group_fits": ("train_group", "train_groups", "train_once"),
            "equations": ("equation", "intercept_is_too_coarse"),
            "gradient_descent": ("AT_REST",),
            "make_model": ("descended_model", "exact_model"),
            "merging": (
                "Named",
                "NamedGroups",
                "NamedModel",
                "choose_from_model",
                "choose_terms",
                "find_shared_inputs",
                "merge_groups",
                "merge_models",
                "merge_settings",
                "remove_group_rows",
                "remove_rows",
            ),
            "normal_equations": ("LeastSquares", "least_squares"),
            "problem": ("Problem", "refuse_many_terms", "set_up", "set_up_again"),
            "products_factor": ("ProductsFactor",),
            "saved_weights": (
                "VISIBLE",
                "distance_from_fit",
                "has_intercept_too_coarse",
                "why_apart",
            ),
            "scaling": ("Scaling",),
            "unconverged": ("Remedies", "remedies"),
        },
    )
