"""Find sources that the workers of a cluster can open; refuse options that need rows here."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from linreg_cli.commands.effects import ignore, refuse
from linreg_cli.commands.typed_options import Typed
from linreg_cli.errors import UsageError

if TYPE_CHECKING:
    from linreg_cli.reading.sources import Source

PACKAGES = {"dask", "distributed", "fsspec"}


def find_on_cluster(typed: Typed, data: Sequence[str]) -> "list[Source]":
    """Return the sources that the arguments name, as workers read them.

    Raises
    ------
    UsageError
        If an option or an argument has no effect on a cluster, or a package is missing.

    """
    sums = "--cluster: its workers return sums, not rows"
    refuse(typed, ["rejects"], sums, hint="Leave out --cluster, or correct the rows.")
    refuse(typed, ["explain", "plot"], sums)
    refuse(
        typed,
        ["once"],
        "--cluster: its workers read parts of files, so that no whole file is hashed",
    )
    ignore(typed, ["threads"], "--cluster: each worker has its own number of threads")
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
