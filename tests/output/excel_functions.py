"""Functions of Excel that pycel lacks."""


def exact(first: object, second: object) -> bool:
    """Return whether two texts are equal, letter by letter; an empty cell is an empty text."""
    return ("" if first is None else str(first)) == ("" if second is None else str(second))
