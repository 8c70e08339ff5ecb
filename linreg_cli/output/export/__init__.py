"""A model as source code or a file for another program.

A model goes in; the text or bytes of the target come out.
"""

from typing import TYPE_CHECKING

from linreg_cli import lazy_exports

if TYPE_CHECKING:
    from linreg_cli.output.export.grouped import write_groups as write_groups
    from linreg_cli.output.export.targets import TARGETS as TARGETS, write as write
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "grouped": ("write_groups",),
            "targets": ("TARGETS", "write"),
        },
    )
