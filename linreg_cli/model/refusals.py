"""The message of a model file that is not whole: the place in it, and what is needed there.

msgspec says "Expected `int` >= 0 - at `$.moments.decimals[1]`"; the user reads

    moments.decimals.1: Input should be greater than or equal to 0
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, cast, get_args, get_origin

from linreg_cli.errors import count_of
from linreg_cli.model.record import LARGEST, Record

_PLACE = re.compile(r" - at `\$([^`]*)`$")
_STEP = re.compile(r"\.(\w+)|\[(\d+|\.\.\.)\]")
_ANY_KEY = "..."
"""What msgspec calls a key of an object whose keys are names of columns."""
_FIELD = re.compile(r"Object (missing required|contains unknown) field `(.*)`", re.DOTALL)
_LIMIT = re.compile(r"Expected `(?:int|float)` (>=|>|<=|<) (\S+)")
_LENGTH = re.compile(r"Expected `array` of length (>= )?(\d+)")
_PATTERN = re.compile(r"Expected `str` matching regex '\\\\A(.*)\\\\Z'")
_TYPE = re.compile(r"Expected `(\w+)")
_COMPARISONS = {
    ">=": "greater than or equal to",
    ">": "greater than",
    "<=": "less than or equal to",
    "<": "less than",
}
_FINITE = "Input should be a finite number"
_TYPES = {
    "int": "a valid integer",
    "float": "a valid number",
    "str": "a valid string",
    "bool": "a valid boolean",
    "array": "a valid array",
    "object": "an object",
}


def explain(message: str, fields: Mapping[str, Any], kind: type[Record]) -> str:
    """Return the place of a value that msgspec refuses, and what is needed there.

    Parameters
    ----------
    message
        What msgspec says.
    fields, kind
        The object that was read, and what it should be.

    """
    steps: list[str] = []
    while found := _PLACE.search(message):  # the outermost place is the last
        message = message[: found.start()]
        steps += map("".join, _STEP.findall(found[1]))
    if field := _FIELD.fullmatch(message):
        is_missing = field[1] == "missing required"
        problem = "Field required" if is_missing else "Extra inputs are not permitted"
        steps.append(field[2])
    else:
        problem = _needed(message, _type_at(steps, kind))
    return ": ".join(filter(None, [".".join(_with_keys(steps, fields, message)), problem]))


def _needed(message: str, kind: object) -> str:
    """Return what a field of a type needs; `message` is without its place."""
    if message == "Number out of range":
        return _FINITE
    if limit := _LIMIT.match(message):
        if abs(float(limit[2])) == LARGEST:
            return _FINITE
        return f"Input should be {_COMPARISONS[limit[1]]} {limit[2].removesuffix('.0')}"
    if choices := _choices(kind):
        return f"Input should be {choices}"
    return _described(message)


def _described(message: str) -> str:
    """Return the length, pattern or type that msgspec asks for; other messages are ours."""
    if length := _LENGTH.match(message):
        least = "at least " if length[1] else ""
        return f"Input should have {least}{count_of(int(length[2]), 'item')}"
    if pattern := _PATTERN.match(message):
        return f"Input should match the pattern {pattern[1]}"
    name = _TYPE.match(message)
    return f"Input should be {_TYPES.get(name[1], name[1])}" if name else message


def _type_at(steps: Sequence[str], kind: object) -> object:
    """Return the type of a field of a record, or of the records and the items in it."""
    for step in steps:
        if step.isdecimal():
            tuples = (each for each in (kind, *get_args(kind)) if get_origin(each) is tuple)
            kind = next((get_args(each)[0] for each in tuples), None)
            continue
        record = next(filter(_is_record, (kind, *get_args(kind))), None)
        kinds = [getattr(each, "__annotations__", {}) for each in getattr(record, "__mro__", ())]
        kind = next((found[step] for found in kinds if step in found), None)
    return kind


def _is_record(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Record)


def _choices(kind: object) -> str:
    """Write the values of a type that has only some; nothing for every other type."""
    members = [kind, *get_args(kind)]
    values = [
        repr(value) for each in members if get_origin(each) is Literal for value in get_args(each)
    ]
    if values and get_origin(kind) is not Literal:
        values.insert(0, _TYPES["float"])
    return " or ".join(filter(None, [", ".join(values[:-1]), *values[-1:]]))


def _with_keys(steps: Sequence[str], fields: Mapping[str, Any], message: str) -> Iterator[str]:
    """Yield the steps to a value, with its key where msgspec does not say which one it is."""
    is_right = _is_text if message.startswith("Expected `str`") else _is_finite
    inside: Any = fields
    for step in steps:
        key = step
        if step == _ANY_KEY:
            key = next((key for key, value in inside.items() if not is_right(value)), step)
        yield key
        inside = inside[int(key)] if isinstance(inside, list) else inside.get(key)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_finite(value: object) -> bool:
    return type(value) in {float, int} and -LARGEST <= cast("float", value) <= LARGEST
