"""Models of groups as programs with a formula for each group, for categories and transforms."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from linreg_cli.design import Key
from linreg_cli.model import GroupedModel
from linreg_cli.output.export import awk, c, javascript, python
from linreg_cli.output.export.formula import Formula, formula, quoted
from linreg_cli.output.export.group_tables import PYTHON_KEY

Formulas = Sequence[tuple[Key, Formula]]


def write_program(model: GroupedModel, target: str, *, inverse: bool = False) -> str:
    """Return the models of all groups that have a fit as a program."""
    found = [(key, formula(model.model_of(key), inverse=inverse)) for key in model.fit_keys]
    _, first = found[0]
    terms = chain.from_iterable(each.terms for _, each in found)
    together = Formula(0.0, tuple(terms), first.target, first.inverse)
    return "\n".join(_WRITERS[target](model.by, found, together)) + "\n"


def _python(by: Sequence[str], found: Formulas, together: Formula) -> Iterator[str]:
    yield f"BY = {list(by)!r}"
    yield f"X = {list(dict.fromkeys([*together.numbers, *together.texts]))!r}"
    yield f"NUMBERS = {list(dict.fromkeys(together.numbers))!r}"
    yield f"# the target is {together.target!r}{PYTHON_KEY}"
    yield _PYTHON
    for i, (_, each) in enumerate(found):
        yield f"\n\ndef _group_{i}(row):"
        yield from python.body(each)
    yield "".join(python.functions(together))
    yield "\nGROUPS = {"
    for i, (key, _) in enumerate(found):
        yield f"    {key!r}: _group_{i},"
    yield "}"


_PYTHON = """

def _predict(cells):
    group = GROUPS.get(tuple(map(_text, cells[: len(BY)])))
    if group is None:
        return float("nan")
    values = dict(zip(X, cells[len(BY) :]))
    return group(values | {name: _number(name, values[name]) for name in NUMBERS})"""


def _javascript(by: Sequence[str], found: Formulas, together: Formula) -> Iterator[str]:
    string = javascript.string
    yield f"// Predicts {string(together.target)} from a row; NaN if a column of it is missing,"
    yield "// and for a group that has no prediction."
    yield "export function predict(row) {"
    yield from javascript.functions(together)
    yield from [] if together.texts else javascript.TEXT
    yield f"  switch (JSON.stringify([{', '.join(f'text({string(name)})' for name in by)}])) {{"
    for key, each in found:
        values = ", ".join(string(value or "") for value in key)
        yield f"    case JSON.stringify([{values}]): {{"
        yield from (f"    {line}" for line in javascript.body(each))
        yield "    }"
    yield "  }"
    yield "  return NaN;"
    yield "}"


def _awk(by: Sequence[str], found: Formulas, together: Formula) -> Iterator[str]:
    yield awk.READ_HEADER
    for name in dict.fromkeys([*by, *together.numbers, *together.texts]):
        yield f"    find({awk.string(name)})"
    yield awk.READ_ROW
    yield f"    key = {' SUBSEP '.join(f'text({awk.string(name)})' for name in by)}"
    for i, (key, each) in enumerate(found):
        values = " SUBSEP ".join(awk.string(value or "") for value in key)
        yield f"    {'} else ' if i else ''}if (key == {values}) {{"
        yield from (f"    {line}" for line in awk.body(each))
    yield "    } else is_complete = 0"
    yield awk.PRINT_ROW + "".join(awk.functions(together)).rstrip()


def _c(by: Sequence[str], found: Formulas, together: Formula) -> Iterator[str]:
    notation = c.CNotation(together)
    yield from c.functions(together, compares_texts=True)
    yield f"// Predicts {quoted(together.target)}; NAN for a number that does not exist,"
    yield "// a level that no training row of the group has, and a group that has no prediction."
    yield from (f"// key[{i}] is {quoted(name)}" for i, name in enumerate(by))
    yield from c.head(together, "const char *const *key")
    for key, each in found:
        same = (f"strcmp(key[{i}], {c.string(value or '')}) == 0" for i, value in enumerate(key))
        yield f"    if ({' && '.join(same)}) {{"
        yield from (f"    {line}" for line in c.body(each, notation))
        yield "    }"
    yield "    return NAN;"
    yield "}"


_WRITERS: dict[str, Callable[[Sequence[str], Formulas, Formula], Iterator[str]]] = {
    "python": _python,
    "javascript": _javascript,
    "awk": _awk,
    "c": _c,
}
