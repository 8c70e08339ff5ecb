"""Characters that have a meaning in LaTeX."""

_COMMANDS = {
    "\\": "textbackslash", "~": "textasciitilde", "^": "textasciicircum", "<": "textless",
    ">": "textgreater", "|": "textbar",
}  # fmt: skip
_SPECIAL = {character: rf"\{character}" for character in "&%$#_{}"} | {
    character: rf"\{command}{{}}" for character, command in _COMMANDS.items()
}


def latex_text(text: str) -> str:
    r"""Return text that LaTeX prints as it is.

    Examples
    --------
    >>> print(latex_text("50%_off"))
    50\%\_off

    """
    return "".join(_SPECIAL.get(character, character) for character in text)
