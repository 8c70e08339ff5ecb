"""What the objects of the model file have in common: their parent, and the types of their fields.

msgspec checks an object while it reads it. It knows the types and ranges of Python; `Custom` adds
types of the file alone.
"""

import sys
from abc import ABC, abstractmethod
from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from msgspec import Meta, Struct, ValidationError, convert
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

    def to_fields(self, *, with_none: bool = False) -> dict[str, Any]:
        """Return the fields as JSON has them, those that are None only if it is asked for."""
        texts, fields = self.texts, {}
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if value.__class__ in _PLAIN and name not in texts:
                fields[name] = value
            elif value is not None:
                fields[name] = _written(value, as_text=name in texts, with_none=with_none)
            elif with_none:
                fields[name] = None
        return fields


_PLAIN = {bool, int, float, str}
"""Types of which JSON has each value as it is; fields of type `Integer` are texts there."""


def _written(value: object, *, as_text: bool, with_none: bool) -> object:
    """Return a value as JSON has it, and the values in it."""
    if isinstance(value, tuple):
        return [_written(item, as_text=as_text, with_none=with_none) for item in value]
    if isinstance(value, Record):
        return value.to_fields(with_none=with_none)
    return str(value) if as_text else value


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
