"""The test of linear restrictions as text."""

from linreg_cli.output.terminal.page_width import NOTHING, in_blocks, note_lines, wrapped
from linreg_cli.output.terminal.printing import escape
from linreg_cli.output.terminal.summary_tables import error_name, kind_name
from linreg_cli.output.terminal.text_table import distribution, p_equals, p_value
from linreg_cli.statistics import WaldTest

_DIGITS = 4


def text_of(tested: WaldTest) -> str:
    """Return the table of the restrictions, and their joint test."""
    rows = [["restriction", "left - right", error_name(tested.robust), "t", "p"]]
    for found in tested.restrictions:
        t = NOTHING if found.t is None else f"{found.t:.{_DIGITS}g}"
        rows.append(
            [
                escape(found.text),
                f"{found.difference:.7g}",
                f"{found.standard_error:.5g}",
                t,
                p_value(found.p, _DIGITS),
            ]
        )
    f = "undefined" if tested.f is None else f"{tested.f:.7g}"
    kind = f" ({kind_name(tested.robust)})" if tested.robust else ""
    joint = f"{distribution('F', tested.numerator, tested.denominator)} = {f}"
    p = f"= {NOTHING}" if tested.p is None else p_equals(tested.p, _DIGITS)
    which = "all restrictions hold" if len(tested.restrictions) > 1 else "the restriction holds"
    return "\n".join(
        [
            *wrapped(f"target {escape(tested.target)}, {tested.rows:,} rows"),
            "",
            *in_blocks(rows),
            "",
            f"{joint}, p {p}{kind}",
            *wrapped(f"p is the probability of an F of at least this size if {which}."),
            *(line for text in tested.notes for line in note_lines(text)),
        ]
    )
