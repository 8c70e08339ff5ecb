"""ONNX: a graph in float64, for onnxruntime and other runtimes.

A model of columns alone is y = (X - center) m + value. Other models are a graph of their terms.
"""

import json

from linreg_cli.errors import UsageError
from linreg_cli.model import Model
from linreg_cli.output.export.formula import formula

OPSET, IR_VERSION = 13, 7
"""Versions of ONNX 1.8 (2020), which have what the graph needs and which older runtimes read."""
ML_OPSET = 2
"""The version of ai.onnx.ml, which has the operator that finds levels."""


def write(model: Model, *, inverse: bool = False) -> bytes:
    """Return the model as an ONNX file.

    The input X has a row for each prediction and a column for each column of numbers. A model with
    texts has the input T, with a column for each of them. The output y has a number for each row.
    The metadata has the names, as JSON.

    Raises
    ------
    UsageError
        If the package onnx is not installed, or the model has dates.

    """
    try:
        from onnx import helper
    except ImportError:
        raise UsageError(
            "--to onnx needs the package onnx", hint="pip install 'linreg-cli[onnx]'"
        ) from None
    found = formula(model, inverse=inverse)
    if "days" in found.used:
        raise UsageError(
            f"--to onnx cannot compute days({found.text_functions['days'][0]}): "
            "ONNX has no operator that reads a date",
            hint="Train on a column that has the days as numbers, or use another --to.",
        )
    from linreg_cli.output.export.onnx_graph import graph_of

    opsets = [helper.make_opsetid("", OPSET)]
    opsets += [helper.make_opsetid("ai.onnx.ml", ML_OPSET)] if found.texts else []
    made = helper.make_model(
        graph_of(found), producer_name="linreg", ir_version=IR_VERSION, opset_imports=opsets
    )
    names = {"features": found.numbers, "target": found.target}
    names |= {"texts": found.texts} if found.texts else {}
    helper.set_model_props(made, {key: json.dumps(value) for key, value in names.items()})
    return bytes(made.SerializeToString(deterministic=True))
