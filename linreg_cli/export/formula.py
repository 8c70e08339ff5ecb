"""What the targets share: the terms of the line, and names in quotes."""

import json
from typing import NamedTuple

from linreg_cli.errors import UsageError
from linreg_cli.model import Model


class Term(NamedTuple):
    """The term m·x of one feature: a sign, the size of m, and the name of the column x."""

    sign: str
    size: float
    name: str


def terms(model: Model) -> list[Term]:
    """Give the term of each feature, in the order of x."""
    return [
        Term("-" if slope < 0 else "+", abs(slope), name)
        for slope, name in zip(model.slopes, model.x, strict=True)
    ]


def intercept(model: Model) -> float:
    """Give b, which is 0 where none was learned; it takes the sign from a sum that is -0."""
    return model.b + 0.0


def quoted(name: str) -> str:
    r"""Quote a name as JSON does: on one line, and nothing in it is unseen.

    Examples
    --------
    >>> print(quoted('größe "netto"'), quoted("a\nb"))
    "größe \"netto\"" "a\nb"

    """
    return json.dumps(name, ensure_ascii=not name.isprintable())


def refuse_alike(model: Model, target: str) -> None:
    """Refuse features whose names a target without regard to case takes for one.

    Raises
    ------
    UsageError
        Naming the first two.

    """
    seen: dict[str, str] = {}
    for name in model.x:
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            raise UsageError(
                f"{target} cannot tell the columns '{other}' and '{name}' apart",
                hint="Rename one of them in the data, and train again.",
            )
