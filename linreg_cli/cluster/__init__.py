"""Reads the data on a Dask cluster: byte ranges go out, exact sums come back, no row travels.

`sources` finds names, globs and URLs that every worker opens by itself. `plan` knows which task
is next and which error is the first, but no cluster. `tasks` is what a worker does: look at a
file, divide it, sum a range, merge sums. `connection` is the scheduler, or processes of this
machine, and `run` carries the plan out there.
"""

from linreg_cli.cluster.run import gather_on_cluster
from linreg_cli.cluster.sources import find_sources

__all__ = ["find_sources", "gather_on_cluster"]
