"""The targets of linreg export, each a module that writes a model as code or as a formula.

Every target computes b + m₁x₁ + m₂x₂ + … in float64, in this order (ONNX in its own), with the
exact constants of the model. So with p features there are at most p + 2 rounding errors, each at
most 2⁻⁵³ of the sum of the sizes of all terms; `linreg predict` rounds once.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from linreg_cli.design import category_of, is_computed
from linreg_cli.errors import UsageError

if TYPE_CHECKING:  # the help lists the targets without importing the model
    from linreg_cli.model import Model

TARGETS = ("sql", "python", "excel", "awk", "javascript", "c", "onnx", "latex")
"""The targets: each is a module of this package with the function write(model)."""


def write(model: "Model", target: str) -> str | bytes:
    """Return a model for a target: as text, or as the bytes of a binary file.

    Raises
    ------
    UsageError
        If the target cannot hold the model, or needs a package that is not installed.

    """
    design = model.known_levels.design if model.known_levels else None
    computed = [
        term.name
        for term in (design.terms if design else ())
        if is_computed(term) or (term.categories and not category_of(term))
    ]
    if computed and target != "latex":
        raise UsageError(
            f"--to {target} cannot compute {computed[0]} yet", hint="--to latex writes the formula."
        )
    written: str | bytes = import_module(f"linreg_cli.output.export.{target}").write(model)
    return written
