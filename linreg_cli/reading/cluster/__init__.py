"""Reading on many machines with Dask.

URLs and a selection of columns come in; the moments of all rows go out, the same as on one machine.
"""

from typing import TYPE_CHECKING

from linreg_cli import lazy_exports

if TYPE_CHECKING:
    from linreg_cli.reading.cluster.run import sum_rows_on_cluster as sum_rows_on_cluster
    from linreg_cli.reading.cluster.url_sources import find_remote_sources as find_remote_sources
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "run": ("sum_rows_on_cluster",),
            "url_sources": ("find_remote_sources",),
        },
    )
