"""The kinds of robust standard errors."""

from typing import Literal

RobustKind = Literal["hc0", "hc1", "hc2", "hc3"]

FROM_MOMENTS = frozenset({"hc0", "hc1"})
"""The kinds that need no leverage of a row."""

CLUSTER = "cluster:"
"""What the name of a kind by cluster begins with; the column of the clusters follows."""
