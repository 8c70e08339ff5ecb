"""The targets of linreg export, each a module that writes a model as code or as a formula.

Every target computes b + m₁x₁ + m₂x₂ + … in float64, in this order (ONNX in its own), with the
exact constants of the model. So with p features there are at most p + 2 rounding errors, each at
most 2⁻⁵³ of the sum of the sizes of all terms; `linreg predict` rounds once.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the help lists the targets without importing the model
    from linreg_cli.model import Model

TARGETS = ("sql", "sqlite", "python", "excel", "awk", "javascript", "c", "onnx", "latex")
"""The targets: each is a module of this package with a function `write`."""


def write(model: "Model", target: str, *, inverse: bool = False) -> str | bytes:
    """Return a model for a target: as text, or as the bytes of a binary file.

    Raises
    ------
    UsageError
        If the target cannot hold the model, or needs a package that is not installed.

    """
    written: str | bytes = import_module(f"linreg_cli.output.export.{target}").write(
        model, inverse=inverse
    )
    return written
