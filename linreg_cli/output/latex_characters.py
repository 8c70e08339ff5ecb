"""Text as LaTeX shows it."""

_COMMANDS = {
    "\\": "textbackslash", "~": "textasciitilde", "^": "textasciicircum", "<": "textless",
    ">": "textgreater", "|": "textbar",
}  # fmt: skip
_SPECIAL = {sign: rf"\{sign}" for sign in "&%$#_{}"} | {
    sign: rf"\{command}{{}}" for sign, command in _COMMANDS.items()
}


def latex_text(text: str) -> str:
    r"""Write text so that LaTeX prints it as it is.

    Examples
    --------
    >>> print(latex_text("50%_off"))
    50\%\_off

    """
    return "".join(_SPECIAL.get(character, character) for character in text)
