"""The line as code or as a formula, for the tool that takes it from here: a module a target.

Every target evaluates b + m₁x₁ + m₂x₂ + … in float64, in this order (ONNX in its own), with the
constants of the model file to the last bit. With p features, at most p + 2 roundings come
together, each by at most 2⁻⁵³ of the sum of the sizes of all terms; `linreg predict` rounds once.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from linreg_cli.export import awk, c, excel, javascript, latex, onnx, python, sql

if TYPE_CHECKING:  # the help lists the targets without loading a model
    from linreg_cli.model import Model

WRITERS: "Mapping[str, Callable[[Model], str | bytes]]" = {
    "sql": sql.write,
    "python": python.write,
    "excel": excel.write,
    "awk": awk.write,
    "javascript": javascript.write,
    "c": c.write,
    "onnx": onnx.write,
    "latex": latex.write,
}
"""What writes a model for each target: as text, or as the bytes of a binary file."""
