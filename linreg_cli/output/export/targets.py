"""The line as code or as a formula, for the tool that takes it from here: a module a target.

Every target works out b + m₁x₁ + m₂x₂ + … in float64, in this order (ONNX in its own), with the
constants of the model to the last bit. So with p features at most p + 2 roundings come together,
each of at most 2⁻⁵³ of the sum of the sizes of all terms; `linreg predict` rounds once.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the help lists the targets without loading a model
    from linreg_cli.model import Model

TARGETS = ("sql", "python", "excel", "awk", "javascript", "c", "onnx", "latex")
"""Each is a module here with the function write(model)."""


def write(model: "Model", target: str) -> str | bytes:
    """Write a model for a target: as text, or as the bytes of a binary file.

    Raises
    ------
    UsageError
        If the target cannot hold the model, or needs a package that is not installed.

    """
    written: str | bytes = import_module(f"linreg_cli.output.export.{target}").write(model)
    return written
