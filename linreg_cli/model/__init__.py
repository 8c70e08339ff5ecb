"""What was learned, and its file.

Weights, training settings and moments go in; model.json comes out, and the reverse.
"""

from typing import TYPE_CHECKING

from linreg_cli import lazy_exports

if TYPE_CHECKING:
    from linreg_cli.model.file_format import (
        FORMAT as FORMAT,
        GROUPS_FORMAT as GROUPS_FORMAT,
        GROUPS_VERSION as GROUPS_VERSION,
        VERSION as VERSION,
        is_model_file as is_model_file,
    )
    from linreg_cli.model.group_keys import (
        find_key as find_key,
        key_of as key_of,
        show_key as show_key,
        write_key as write_key,
    )
    from linreg_cli.model.grouped_model import (
        Group as Group,
        GroupedModel as GroupedModel,
    )
    from linreg_cli.model.model import (
        AT_SOLUTION as AT_SOLUTION,
        Candidate as Candidate,
        FoldScore as FoldScore,
        LastEpoch as LastEpoch,
        Model as Model,
        Training as Training,
        TrainingResult as TrainingResult,
    )
    from linreg_cli.model.model_file import (
        AnyModel as AnyModel,
        ModelChangedError as ModelChangedError,
        load_any_model as load_any_model,
        load_model as load_model,
        save_model as save_model,
        to_json as to_json,
    )
    from linreg_cli.model.settings import Settings as Settings
    from linreg_cli.model.stored_clusters import StoredClusters as StoredClusters
    from linreg_cli.model.stored_design import StoredDesign as StoredDesign
    from linreg_cli.model.stored_moments import StoredMoments as StoredMoments
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "file_format": (
                "FORMAT",
                "GROUPS_FORMAT",
                "GROUPS_VERSION",
                "VERSION",
                "is_model_file",
            ),
            "group_keys": ("find_key", "key_of", "show_key", "write_key"),
            "grouped_model": ("Group", "GroupedModel"),
            "model": (
                "AT_SOLUTION",
                "Candidate",
                "FoldScore",
                "LastEpoch",
                "Model",
                "Training",
                "TrainingResult",
            ),
            "model_file": (
                "AnyModel",
                "ModelChangedError",
                "load_any_model",
                "load_model",
                "save_model",
                "to_json",
            ),
            "settings": ("Settings",),
            "stored_clusters": ("StoredClusters",),
            "stored_design": ("StoredDesign",),
            "stored_moments": ("StoredMoments",),
        },
    )
