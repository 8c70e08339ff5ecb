"""Picture files for papers: PNG, SVG and PDF, by matplotlib, the same bytes on every run."""

import logging
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO, Literal

from linreg_cli.errors import UsageError
from linreg_cli.files import open_output
from linreg_cli.output.plots.figure import draw_figure
from linreg_cli.output.plots.picture import Picture

Format = Literal["png", "svg", "pdf"]
_DOTS_PER_INCH = 300
_STYLE: Any = {
    "font.family": "DejaVu Sans", "font.size": 7.5, "axes.labelsize": 8, "legend.fontsize": 7.5,
    "axes.linewidth": 0.6, "axes.spines.top": False, "axes.spines.right": False,
    "xtick.major.width": 0.6, "ytick.major.width": 0.6, "xtick.minor.width": 0.4,
    "ytick.minor.width": 0.4, "legend.frameon": False, "lines.markeredgewidth": 0,
    "pdf.fonttype": 42, "svg.fonttype": "path",
    "svg.hashsalt": "linreg",
}  # fmt: skip
_METADATA: dict[Format, dict[str, str | None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": "linreg"},
    "pdf": {"CreationDate": None, "Creator": "linreg", "Producer": None},
}
"""Without the time and the version, so that the bytes are the same on every run."""


def format_of(path: str) -> Format:
    """Return the format of a picture file from its ending.

    Raises
    ------
    UsageError
        If the ending is unknown, or matplotlib is not installed.

    """
    ending = Path(path).suffix.lower()
    known: dict[str, Format] = {".png": "png", ".svg": "svg", ".pdf": "pdf"}
    if ending not in known:
        raise UsageError(
            f"{path}: the ending of a picture file is .png, .svg or .pdf",
            hint=f"Name it {Path(path).with_suffix('.png')}; linreg plot without --output draws in "
            "the terminal.",
        )
    if find_spec("matplotlib") is None:
        raise UsageError(
            f"{path}: picture files need matplotlib, which is not installed",
            hint="pip install 'linreg-cli[plot]'",
        )
    return known[ending]


def save_picture(picture: Picture, path: str) -> list[str]:
    """Write a picture to a file, whole or not at all, in the format of its ending.

    Returns
    -------
    Warnings: characters that the font lacks, or an owner of the file that could not be kept.

    Raises
    ------
    DataError
        If the file cannot be written, or a number is too large for matplotlib.

    """
    notes: list[str] = []
    with open_output(path, "picture", hint="Name another place.", tell=notes.append) as file:
        lacks = write_picture(picture, file, format_of(path))
    return [*lacks, *notes]


def write_picture(picture: Picture, file: BinaryIO, kind: Format) -> list[str]:
    """Write a picture to an open file; return a warning if the font lacks characters."""
    from matplotlib import style

    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it reports on its cache of fonts

    with style.context(["default", _STYLE]), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        figure = draw_figure(picture)
        figure.savefig(file, format=kind, dpi=_DOTS_PER_INCH, metadata=_METADATA[kind])
    missing = [str(warning.message) for warning in caught]
    if any("missing from font" in text for text in missing):
        return ["the font of the picture lacks characters of the column names"]
    return []
