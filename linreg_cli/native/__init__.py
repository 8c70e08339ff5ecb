"""The extension in C++ that reads CSV bytes, sums and predicts; None where no compiler built it."""

from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linreg_cli.native import _extension

    extension = _extension
else:
    extension: ModuleType | None
    try:
        from linreg_cli.native import _extension as extension
    except ImportError:
        extension = None

IS_AVAILABLE = extension is not None
