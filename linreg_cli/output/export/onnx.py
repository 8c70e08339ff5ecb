"""ONNX: a graph of y = (X - center) m + value in float64, for onnxruntime and other runtimes."""

import json

from linreg_cli.errors import UsageError
from linreg_cli.model import Model
from linreg_cli.output.export.formula import features_of

OPSET, IR_VERSION = 13, 7
"""Versions of ONNX 1.8 (2020), which have what the graph needs and which older runtimes read."""


def write(model: Model) -> bytes:
    """Return the model as an ONNX file.

    The input X has a row for each prediction and a column for each feature. The output y has a
    number for each row. The metadata has the names, as JSON.

    Raises
    ------
    UsageError
        If the package onnx is not installed, or the model has categories.

    """
    try:
        from onnx import TensorProto, helper
    except ImportError:
        raise UsageError(
            "--to onnx needs the package onnx", hint="pip install 'linreg-cli[onnx]'"
        ) from None
    if model.design is not None:
        raise UsageError(
            "--to onnx cannot hold a model with categories yet",
            hint="Use another target, for example --to python.",
        )
    value, terms = features_of(model)
    rows, features, double = "rows", len(model.x), TensorProto.DOUBLE
    graph = helper.make_graph(
        nodes=[
            helper.make_node("Sub", ["X", "center"], ["X_less_center"]),
            helper.make_node("MatMul", ["X_less_center", "m"], ["products"]),
            helper.make_node("Add", ["products", "value_at_center"], ["y"]),
        ],
        name="linreg",
        inputs=[helper.make_tensor_value_info("X", double, [rows, features])],
        outputs=[helper.make_tensor_value_info("y", double, [rows])],
        initializer=[
            helper.make_tensor("m", double, [features], model.slopes),
            helper.make_tensor("center", double, [features], [term.center for term in terms]),
            helper.make_tensor("value_at_center", double, [], [value]),
        ],
    )
    made = helper.make_model(
        graph,
        producer_name="linreg",
        ir_version=IR_VERSION,
        opset_imports=[helper.make_opsetid("", OPSET)],
    )
    helper.set_model_props(made, {"features": json.dumps(model.x), "target": json.dumps(model.y)})
    return bytes(made.SerializeToString(deterministic=True))
