"""How each role of a layer looks in a terminal."""

from dataclasses import dataclass

from linreg_cli.output.plots.picture import Density, Dots, Layer, Role


@dataclass(frozen=True)
class Look:
    """The look of a role.

    Attributes
    ----------
    color, ascii_character
        The colour, and the character in ASCII.
    is_joined
        Whether a line joins the points.
    dash
        The length of the dashes of a curve without such a line, in characters; 0 for single dots.

    """

    color: str
    ascii_character: str
    is_joined: bool = False
    dash: int = 0


LOOKS = {
    Role.ROWS: Look("blue", "o"),
    Role.TEST_ROWS: Look("yellow", "+"),
    Role.DENSITY: Look("blue", "o"),
    Role.EXTREMES: Look("cyan", "x"),
    Role.PREDICTION: Look("yellow", "."),
    Role.CONFIDENCE: Look("green", ":", dash=3),
    Role.LINE: Look("red", "#", is_joined=True),
    Role.REFERENCE: Look("red", "-", dash=3),
    Role.NORMAL: Look("red", "."),
    Role.LOSS: Look("blue", "o", is_joined=True),
    Role.TEST_LOSS: Look("yellow", "x", dash=1),
    Role.PATH: Look("red", "o", is_joined=True),
    Role.OPTIMUM: Look("green", "*"),
}


def legend_characters(layer: Layer) -> str:
    """Return the characters that stand for a layer in a Unicode legend."""
    if isinstance(layer, Density):
        return "░▒"
    if isinstance(layer, Dots):
        return "++" if layer.role is Role.TEST_ROWS else "••"
    look = LOOKS[layer.role]
    return "━━" if look.is_joined else {0: "··", 1: "┄┄"}.get(look.dash, "╌╌")
