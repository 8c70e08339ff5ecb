"""The extension that a compiler built, or None where there was none."""

from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linreg_cli.reading import _scan

    scanner = _scan
else:
    scanner: ModuleType | None
    try:
        from linreg_cli.reading import _scan as scanner
    except ImportError:
        scanner = None

IS_AVAILABLE = scanner is not None
