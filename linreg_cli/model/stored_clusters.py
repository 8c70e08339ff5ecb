"""The moments of the clusters in the model file, for errors that are robust by cluster."""

from typing import TYPE_CHECKING, Annotated, Self

from msgspec import Meta

from linreg_cli.model.record import Record
from linreg_cli.model.stored_moments import StoredMoments

if TYPE_CHECKING:  # a prediction for a typed value starts without NumPy
    from linreg_cli.moments import Moments, SplitMoments


class StoredCluster(Record, frozen=True, kw_only=True):
    """The training rows of one cluster."""

    value: str
    moments: StoredMoments


class StoredClusters(Record, frozen=True, kw_only=True):
    """The training rows of all clusters, in the order of their values in a column."""

    column: str
    groups: Annotated[tuple[StoredCluster, ...], Meta(min_length=1)]

    @classmethod
    def of(cls, data: "SplitMoments") -> Self | None:
        """Return the stored form of the clusters of some rows; None if they are not kept."""
        if not data.cluster_by:
            return None
        from linreg_cli.design import keys_in_order

        keys = [value for [value] in keys_in_order([(value,) for value in data.clusters])]
        groups = (
            StoredCluster(value=str(key), moments=StoredMoments.of(data.clusters[str(key)]))
            for key in keys
        )
        return cls(column=data.cluster_by, groups=tuple(groups))

    def restore(self) -> "dict[str, Moments]":
        """Return the moments of each cluster."""
        return {group.value: group.moments.restore() for group in self.groups}
