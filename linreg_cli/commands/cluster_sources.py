"""What --cluster asks for: sources that workers can open, and no option that needs rows here."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from linreg_cli.commands.effects import ignore, refuse
from linreg_cli.commands.options import Typed
from linreg_cli.errors import UsageError

if TYPE_CHECKING:
    from linreg_cli.reading.sources import Source

PACKAGES = {"dask", "distributed", "fsspec"}


def find_on_cluster(typed: Typed, data: Sequence[str]) -> "list[Source]":
    """Find the sources that the arguments name, where workers read them.

    Raises
    ------
    UsageError
        If an option or an argument has no meaning on a cluster, or a package is missing.

    """
    need_rows = ("rejects", "explain", "plot")
    refuse(typed, need_rows, "--cluster: workers give back sums, and no row")
    refuse(typed, ["once"], "--cluster: its workers read parts of a file, and hash none")
    ignore(typed, ["threads"], "--cluster: its workers are started with theirs")
    try:
        from linreg_cli.reading.cluster import (
            find_remote_sources,
            sum_rows_on_cluster,  # noqa: F401  # needs distributed, which may be missing
        )
    except ModuleNotFoundError as error:
        if error.name not in PACKAGES:
            raise
        raise UsageError(
            f"--cluster needs the package {error.name}", hint="pip install 'linreg-cli[cluster]'"
        ) from None
    return find_remote_sources(data)
