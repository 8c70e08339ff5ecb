"""Hashes of the values of rows, the same on every machine: they decide the part of a row."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import cast

import numpy as np

from linreg_cli.design import Codes
from linreg_cli.exact import Block, Int64s, Integers, UInt64s, mix

_PRIME = 2**31 - 1
"""Arithmetic modulo a prime below 2**31: products fit int64, and 1/10 exists."""


def with_hashes(block: Block, categories: Sequence[Codes]) -> Block:
    """Return a block with a column of hashes for each category, by which rows can be assigned."""
    if not categories:
        return block
    hashes = [
        np.array([_hash_text(level) for level in each.levels], np.int64)[each.codes]
        for each in categories
    ]
    values = cast("Integers", np.column_stack([block.values, *hashes]))
    return Block(
        values=values,
        decimals=(*block.decimals, *(0 for _ in hashes)),
    )


def _hash_text(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) % _PRIME


def hash_rows(block: Block, seed: int) -> UInt64s:
    """Return a hash of the values of each row: a linear function modulo a prime, then mixed."""
    factors = factors_of(seed, block.values.shape[1])
    high, low = (_combine(block, row.tolist()) for row in factors)
    return mix((high << np.uint64(31)) ^ low)


def factors_of(seed: int, columns: int) -> Int64s:
    """Return the factors of the columns in the high and the low part of a hash."""
    return np.random.default_rng(seed).integers(1, _PRIME, size=(2, columns))


def _combine(block: Block, factors: list[int]) -> UInt64s:
    """Return the sum of the values of each row times the factors, modulo the prime."""
    total = np.zeros(len(block.values), dtype=np.int64)
    for j, factor in enumerate(factors):
        # dividing by 10**decimals makes 1.50 and 1.5 the same residue
        unit = factor * pow(10, -block.decimals[j], _PRIME) % _PRIME
        residues = (block.values[:, j] % _PRIME).astype(np.int64)
        total = (total + residues * unit) % _PRIME
    return total.astype(np.uint64)
