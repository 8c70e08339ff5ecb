"""Models of groups with categories or transforms as programs: a function for each group.

The functions are those that an export of one group writes. A row with another key has no
prediction.
"""

from collections.abc import Iterator

from linreg_cli.model import GroupedModel
from linreg_cli.output.export import javascript, python
from linreg_cli.output.export.group_tables import FIND_KEY_IN_PYTHON, javascript_array, string

_PYTHON = """

def predict(row):
    \"\"\"Predict; row gives a value for each name, or a column of values.

    The prediction is NaN for a group that has none; of columns it is a list.
    \"\"\"
    cells = [row[name] for name in NAMES]
    is_one = isinstance(cells[0], str) or not hasattr(cells[0], "__iter__")
    return _predict(cells) if is_one else [_predict(each) for each in zip(*cells)]


def _predict(cells):
    found = GROUPS.get(tuple(map(_text, cells[: len(BY)])))
    return float("nan") if found is None else found(dict(zip(NAMES, cells)))"""
_JAVASCRIPT = """
export function predict(row) {
  const key = JSON.stringify(by.map((name) => String(row[name] ?? "").trim()));
  return groups.has(key) ? groups.get(key)(row) : NaN;
}"""


def write_functions(model: GroupedModel, target: str) -> str:
    """Return the models of all groups that have a fit as a program in Python or JavaScript."""
    lines = _python(model) if target == "python" else _javascript(model)
    return "\n".join(lines) + "\n"


def _python(model: GroupedModel) -> Iterator[str]:
    columns = model.known_levels.columns if model.known_levels else model.x
    yield f"BY = {list(model.by)!r}"
    yield f"NAMES = {[*model.by, *columns]!r}"
    yield _PYTHON
    yield FIND_KEY_IN_PYTHON
    helpers: dict[str, None] = {}
    for number, key in enumerate(model.fit_keys):
        # the functions of a module have two empty lines between them, and no text has any
        function, *others = python.write(model.model_of(key)).rstrip("\n").split("\n\n\n")
        helpers |= dict.fromkeys(others)
        yield f"\n\n{function.replace('def predict(', f'def group_{number}(', 1)}"
    yield from (f"\n\n{helper}" for helper in helpers)
    yield "\n\nGROUPS = {"
    yield from (f"    {key!r}: group_{number}," for number, key in enumerate(model.fit_keys))
    yield "}"


def _javascript(model: GroupedModel) -> Iterator[str]:
    yield f"// Predicts {string(model.y)} from the columns of a row; NaN where one is missing,"
    yield "// and for a group that has no prediction."
    yield f"const by = {javascript_array(list(map(string, model.by)))};"
    yield "const groups = new Map();"
    for key in model.fit_keys:
        _, _, function = javascript.write(model.model_of(key)).partition("export function predict")
        place = f"JSON.stringify({javascript_array(list(map(string, key)))})"
        yield f"groups.set({place}, function {function.rstrip()});"
    yield _JAVASCRIPT
