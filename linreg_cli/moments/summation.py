"""From blocks to moments: exact sums of products without a Python loop over the rows.

The extension multiplies and adds a block of int64 decimals in integers of three limbs. The limbs of
the blocks are added as int64, and are put together as Python integers at the end. If there is no
extension, or if numbers are too large for it, NumPy multiplies and adds Python integers. Sums of
rows that the extension has read itself become moments without NumPy.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from linreg_cli.exact import Block
from linreg_cli.moments.accumulator import Accumulator
from linreg_cli.moments.moments import Matrix, Moments, symmetric

if TYPE_CHECKING:  # rows that the extension reads and sums need no NumPy
    from linreg_cli.exact import Int64s
    from linreg_cli.moments.block_sums import BlockSums

ROWS_PER_PRODUCT = 2**17
"""Maximum number of rows of one call; the extension could take eight times as many."""
LIMB_BITS = 48
"""The lower two of the three limbs have this many bits."""


class SummedRows(Struct, frozen=True):
    """The sums of rows that the extension has read, which all have the same decimals.

    Attributes
    ----------
    decimals, rows
        The decimals of each column, and last of the weights, if there are any, and the number of
        rows.
    limbs
        As int64, three for each pair of columns: see `limbs_to_matrix`.
    minimum, maximum
        As int64, the range of each column.
    origin, fourth
        As int64, what the columns are reduced by in the products of three and four columns, and the
        limbs of these; empty if they were not summed.
    log_weights
        The sum of the logarithms of the weights, as an integer of 128 bits; 0 if there are none.

    """

    decimals: tuple[int, ...]
    rows: int
    limbs: bytes
    minimum: bytes
    maximum: bytes
    origin: bytes
    fourth: bytes
    log_weights: bytes

    def moments(self, like: Moments) -> Moments:
        """Return the moments, with the names of columns of others."""
        size = len(like.columns)
        matrix = limbs_to_matrix(_int64s(self.limbs), 1 + size)
        fourth = None
        if self.fourth:
            from linreg_cli.moments.block_sums import limbs_to_fourth

            fourth = limbs_to_fourth(self.fourth, matrix, _int64s(self.origin))
        return Moments(
            columns=like.columns,
            decimals=self.decimals[:size],
            rows=self.rows,
            matrix=matrix,
            minimum=tuple(_int64s(self.minimum)),
            maximum=tuple(_int64s(self.maximum)),
            weights=like.weights,
            weight_decimals=self.decimals[-1] if like.weights else 0,
            log_weights=int.from_bytes(self.log_weights, "little", signed=True),
            fourth=fourth,
        )


PreparedMoments: TypeAlias = list["Moments | SummedRows | BlockSums"]
"""What `Summation.prepare` returns and `Summation.take` adds."""


class Summation(Accumulator[Block, "PreparedMoments"]):
    """Adds up blocks; `total` returns the moments of all rows so far.

    Parameters
    ----------
    columns
        Names of the features and, last, of the target.
    weights
        The name of the column of weights; empty if every row weighs 1.
    sums_fourth
        Whether products of up to four columns are added up too; not with weights.

    """

    def __init__(
        self, columns: Sequence[str], weights: str = "", *, sums_fourth: bool = False
    ) -> None:
        self._moments = Moments.none(columns, weights)
        self._pending: BlockSums | None = None
        self._origins: dict[tuple[int, ...], Int64s] | None = {} if sums_fourth else None

    def prepare(self, block: Block, weights: Block | None = None) -> "PreparedMoments":
        """Return the moments of a block, on any thread.

        Parameters
        ----------
        block
            The rows.
        weights
            The weight of each row, which is above 0, as a block of one column; None if every row
            weighs 1.

        """
        from linreg_cli.moments.block_sums import BlockSums, sum_objects

        prepared: PreparedMoments = []
        for start in range(0, len(block.values), ROWS_PER_PRODUCT):
            rows = slice(start, start + ROWS_PER_PRODUCT)
            part = block.rows(rows)
            weight = None if weights is None else weights.rows(rows)
            pending = BlockSums.of(part, weight, self._origins)
            prepared.append(
                pending
                or sum_objects(self._moments, part, weight, sums_fourth=self._origins is not None)
            )
        return prepared

    def take(self, prepared: "PreparedMoments") -> None:
        """Add the moments of a block, on one thread."""
        for new in prepared:
            if isinstance(new, Moments):
                self._moments += new
            elif isinstance(new, SummedRows):
                self._moments += new.moments(self._moments)
            elif self._pending is not None and self._pending.can_take(new):
                self._pending.take(new)
            else:
                self.total()
                self._pending = new

    def total(self) -> Moments:
        """Return the moments of all rows added so far."""
        if self._pending is not None:
            self._moments += self._pending.moments(self._moments)
            self._pending = None
        return self._moments


def limbs_to_matrix(limbs: Sequence[int], size: int) -> Matrix:
    """Return a symmetric matrix of sums of products.

    Parameters
    ----------
    limbs
        Three for each entry (0, 0), (1, 0), (1, 1), (2, 0) and so on: it is their sum, times 1,
        2**48 and 2**96.
    size
        The number of rows of the matrix.

    """
    entries = (
        low + (middle << LIMB_BITS) + (high << 2 * LIMB_BITS)
        for low, middle, high in zip(limbs[::3], limbs[1::3], limbs[2::3], strict=True)
    )
    return symmetric([[next(entries) for _ in range(i + 1)] for i in range(size)])


def _int64s(data: bytes) -> list[int]:
    return memoryview(data).cast("q").tolist()
