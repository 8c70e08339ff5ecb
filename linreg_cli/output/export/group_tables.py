"""Models of groups as programs with a table: the weights of each group by its key.

The features are numbers. A row with another key has no prediction.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from linreg_cli.design import Key
from linreg_cli.exact import from_float, to_float
from linreg_cli.model import GroupedModel, Model
from linreg_cli.output.export import awk, c
from linreg_cli.output.export.formula import quoted
from linreg_cli.output.export.notation import literal
from linreg_cli.training import value_at


class Line(NamedTuple):
    """The prediction of a group: value + Σ m·(x - center)."""

    key: Key
    value: float
    slopes: Sequence[float]
    centers: Sequence[float]


def write_table(model: GroupedModel, target: str) -> str:
    """Return the models of all groups that have a fit as a program."""
    return "\n".join(_WRITERS[target](model)) + "\n"


def _lines(model: GroupedModel) -> Iterator[Line]:
    for key in model.fit_keys:
        yield _line(key, model.model_of(key))


def _line(key: Key, model: Model) -> Line:
    """Return a model about centers that float64 holds; the value there is rounded once."""
    plane = model.plane
    centers = [float(center) + 0.0 for center in plane.centers]
    value = to_float(value_at(plane, list(map(from_float, centers)))) + 0.0
    return Line(key, value, [slope + 0.0 for slope in plane.slopes], centers)


PYTHON_KEY = '''

def predict(row):
    """Predict; row gives a value for each name, or a column of values.

    The prediction is NaN for a group that has none; of columns it is a list.
    """
    cells = [row[name] for name in BY + X]
    is_one = isinstance(cells[0], str) or not hasattr(cells[0], "__iter__")
    return _predict(cells) if is_one else [_predict(each) for each in zip(*cells)]


def _text(value):
    if value is None or value != value:
        return None
    is_whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if is_whole else value).strip() or None


def _number(name, value):
    if isinstance(value, str):
        raise ValueError(f"{name!r} needs a number, not the text {value!r}")
    return float("nan") if value is None else value'''
"""The Python functions that find the group of a row; they call _predict with its cells."""
_PYTHON = """

def _predict(cells):
    found = GROUPS.get(tuple(map(_text, cells[: len(BY)])))
    if found is None:
        return float("nan")
    total = found[0]
    for name, x, m, center in zip(X, cells[len(BY) :], found[1], found[2]):
        total = total + m * (_number(name, x) - center)
    return total"""


def _python(model: GroupedModel) -> Iterator[str]:
    yield f"BY = {list(model.by)!r}"
    yield f"X = {list(model.x)!r}"
    yield "GROUPS = {  # key: value at the centers, weights, centers"
    for line in _lines(model):
        centers = ", ".join(map(literal, line.centers))
        yield f"    {line.key!r}: ({line.value!r}, {list(line.slopes)!r}, [{centers}]),"
    yield "}"
    yield f"# the target is {model.y!r}"
    yield PYTHON_KEY
    yield _PYTHON


_JAVASCRIPT = """
export function predict(row) {
  const text = (name) => String(row[name] ?? "").trim();
  const found = groups.get(JSON.stringify(by.map(text)));
  if (found === undefined) return NaN;
  const [value, slopes, centers] = found;
  return x.reduce(
    (total, name, i) =>
      total + slopes[i] * ((text(name) === "" ? NaN : Number(row[name])) - centers[i]),
    value,
  );
}"""


def _javascript(model: GroupedModel) -> Iterator[str]:
    def array(texts: Sequence[str]) -> str:
        return f"[{', '.join(texts)}]"

    def string(text: str | None) -> str:
        # no text can end a script element of a page
        return quoted(text or "").replace("<", "\\u003c")

    yield f"// Predicts {string(model.y)} from the columns of a row; NaN where one is missing,"
    yield "// and for a group that has no prediction."
    yield f"const by = {array(list(map(string, model.by)))};"
    yield f"const x = {array(list(map(string, model.x)))};"
    yield "const groups = new Map([  // key: value at the centers, weights, centers"
    for line in _lines(model):
        key = array(list(map(string, line.key)))
        numbers = [repr(line.value), array(list(map(repr, line.slopes)))]
        numbers.append(array(list(map(repr, line.centers))))
        yield f"  [JSON.stringify({key}), {array(numbers)}],"
    yield "]);"
    yield _JAVASCRIPT


def _awk(model: GroupedModel) -> Iterator[str]:
    number = awk.AwkNotation().number
    yield awk.READ_HEADER
    yield from (f"    find({awk.string(name)})" for name in (*model.by, *model.x))
    yield awk.READ_ROW
    yield f"    key = {' SUBSEP '.join(f'text({awk.string(name)})' for name in model.by)}"
    yield "    if (key in value) {"
    yield "        y = value[key]"
    for i, name in enumerate(model.x):
        yield f"        y += m[key, {i}] * (number({awk.string(name)}) - center[key, {i}])"
    yield "    } else is_complete = 0"
    yield awk.PRINT_ROW.rstrip()
    yield "BEGIN {"
    for line in _lines(model):
        key = " SUBSEP ".join(awk.string(value or "") for value in line.key)
        yield f"    value[{key}] = {number(line.value)}"
        for i, (slope, center) in enumerate(zip(line.slopes, line.centers, strict=True)):
            yield f"    m[{key}, {i}] = {number(slope)}"
            yield f"    center[{key}, {i}] = {number(center)}"
    yield "}"


def _c(model: GroupedModel) -> Iterator[str]:
    by, x = len(model.by), len(model.x)
    yield "#include <math.h>"
    yield "#include <string.h>"
    yield ""
    yield f"// Predicts {quoted(model.y)}; NAN for a group that has no prediction."
    # the quote at the end of a comment prevents a backslash that would continue the line
    yield from (f"// key[{i}] is {quoted(name)}" for i, name in enumerate(model.by))
    yield from (f"// x[{i}] is {quoted(name)}" for i, name in enumerate(model.x))
    yield "double predict(const char *const *key, const double *x) {"
    yield "    static const struct {"
    yield f"        const char *key[{by}];"
    yield f"        double value, m[{x}], center[{x}];"
    yield "    } groups[] = {"
    for line in _lines(model):
        key = ", ".join(c.string(value or "") for value in line.key)
        slopes, centers = (", ".join(map(repr, each)) for each in (line.slopes, line.centers))
        yield f"        {{{{{key}}}, {line.value!r}, {{{slopes}}}, {{{centers}}}}},"
    yield "    };"
    yield "    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {"
    yield "        int is_same = 1;"
    yield f"        for (int j = 0; j < {by}; j++) {{"
    yield "            is_same = is_same && strcmp(key[j], groups[i].key[j]) == 0;"
    yield "        }"
    yield "        if (is_same) {"
    yield "            double y = groups[i].value;"
    yield f"            for (int j = 0; j < {x}; j++) {{"
    yield "                y += groups[i].m[j] * (x[j] - groups[i].center[j]);"
    yield "            }"
    yield "            return y;"
    yield "        }"
    yield "    }"
    yield "    return NAN;"
    yield "}"


_WRITERS: dict[str, Callable[[GroupedModel], Iterator[str]]] = {
    "python": _python,
    "javascript": _javascript,
    "awk": _awk,
    "c": _c,
}
