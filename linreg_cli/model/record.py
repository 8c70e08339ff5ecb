"""What the objects of the model file have in common: their parent, and the types of their fields.

msgspec checks an object while it reads it. It knows the types and ranges of Python; `Custom` adds
types of the file alone.
"""

import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from functools import cache
from math import isfinite
from operator import attrgetter
from types import NoneType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from msgspec import Meta, Raw, Struct, ValidationError, convert
from msgspec.structs import replace

LARGEST = sys.float_info.max
"""The bound of finite numbers: infinity is above it, and NaN is not below it."""
MAX_DIGITS = 4000
"""Maximum number of digits of an `Integer`; Python reads up to 4300."""

Count = Annotated[int, Meta(ge=0)]
Finite = Annotated[float, Meta(ge=-LARGEST, le=LARGEST)]
NonNegative = Annotated[float, Meta(ge=0, le=LARGEST)]


class Record(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An object of the model file: these fields and no others, of these types exactly."""

    texts: ClassVar[Collection[str]] = ()
    """The names of the fields of type `Integer`, which the file has as strings."""

    def changed(self, **values: Any) -> Self:  # noqa: ANN401 - of any field
        """Return the same object with other values in some fields."""
        return replace(self, **values)

    def to_fields(self) -> dict[str, Any]:
        """Return the fields that are not None, as msgspec writes them to the file."""
        get, names, writers = _plan(type(self))
        return {
            name: write[value.__class__](value)
            for name, write, value in zip(names, writers, get(self), strict=True)
            if value is not None
        }


@cache
def _plan(
    kind: type[Record],
) -> "tuple[Callable[[Record], tuple[object, ...]], Sequence[str], Sequence[_Writers]]":
    """Return what reads all fields of an object, their names, and how each is written."""
    names = kind.__struct_fields__
    # `attrgetter` returns a tuple only for several names
    get = attrgetter(*names) if len(names) > 1 else lambda record: (getattr(record, names[0]),)
    return get, names, [_TEXTS if name in kind.texts else _VALUES for name in names]


def _written(values: tuple[Any, ...]) -> Sequence[object]:
    if not values or values[-1].__class__ in _PLAIN:  # all are, or None
        return values
    return [_VALUES[value.__class__](value) for value in values]


def _object(values: dict[str, Any]) -> dict[str, object]:
    return {name: _VALUES[value.__class__](value) for name, value in values.items()}


def _as_texts(values: tuple[Any, ...]) -> list[object]:
    if values and values[0].__class__ is int:  # all are
        return list(map(str, values))
    return [_as_texts(value) for value in values]


def _number(value: float) -> float | Raw:
    """Return a number, as its text where msgspec writes another exponent than Python."""
    if FIXED[0] <= abs(value) < FIXED[1] or not value:
        return value
    if not isfinite(value):
        raise ValueError("a number of the model is not finite")
    return Raw(repr(value).encode())


def _same(value: object) -> object:
    return value


class _Writers(dict[type, Callable[[Any], object]]):
    """How msgspec writes a value of each class, which it finds faster than `isinstance` would."""

    def __missing__(self, kind: type) -> Callable[[Any], object]:
        assert issubclass(kind, Record)  # noqa: S101 - the model file has no other values
        self[kind] = kind.to_fields
        return kind.to_fields


FIXED = (1e-4, 1e16)
"""Python and msgspec write the numbers from the first to below the second without an exponent."""
_PLAIN = {bool, int, str}
_VALUES = _Writers(
    dict.fromkeys(_PLAIN | {NoneType}, _same) | {float: _number, tuple: _written, dict: _object}
)
_TEXTS = _Writers({int: str, tuple: _as_texts})
"""How fields of type `Integer` are written."""


class Custom(ABC):
    """The parent of types that msgspec does not know; each reads its values itself."""

    @staticmethod
    @abstractmethod
    def read(value: object) -> object:
        """Return the value of a field from what JSON has for it.

        Raises
        ------
        ValueError
            If that is of another type.

        """


def read_custom(kind: type[Custom], value: object) -> object:
    """Return the value of a field of a custom type: the hook of msgspec."""
    try:
        return kind.read(value)
    except ValidationError as error:  # to which msgspec would not add the place of the value
        raise ValueError(str(error)) from None


if TYPE_CHECKING:
    Integer = int
    HistoryLine = tuple[int, float] | tuple[int, float, float]
else:

    class Integer(Custom):
        """An integer that may pass 2**53, so the file holds it as a string."""

        @staticmethod
        def read(value: object) -> int:
            """Return the integer that a string holds."""
            digits = value.removeprefix("-") if isinstance(value, str) else ""
            if digits.isascii() and digits.isdecimal() and len(digits) <= MAX_DIGITS:
                return int(value)
            raise ValueError("must be an integer written as a string")

    class HistoryLine(Custom):
        """An epoch, its loss and its test loss, if there is one."""

        @staticmethod
        def read(value: object) -> tuple[int, float] | tuple[int, float, float]:
            """Return the numbers of an array."""
            has_test_loss = isinstance(value, list) and len(value) > len(("epoch", "loss"))
            losses = [NonNegative, NonNegative] if has_test_loss else [NonNegative]
            return convert(value, tuple[Count, *losses])

    # msgspec asks whether what was read is an instance of its type
    Integer.register(int)
    HistoryLine.register(tuple)
