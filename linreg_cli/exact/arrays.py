"""The array types of numbers, of flags and of counts and offsets.

They are for the type checker: NumPy is imported where an array is made.
"""

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats: TypeAlias = npt.NDArray[np.float64]
    Flags: TypeAlias = npt.NDArray[np.bool_]
    Int64s: TypeAlias = npt.NDArray[np.int64]
    UInt64s: TypeAlias = npt.NDArray[np.uint64]
    Objects: TypeAlias = npt.NDArray[np.object_]
    Integers: TypeAlias = Int64s | Objects
else:
    Floats = Flags = Int64s = UInt64s = Objects = Integers = Any
