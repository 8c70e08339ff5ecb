"""Files that are not CSV, recognised by their first bytes, and one way to convert each."""

import re
import shlex
from collections.abc import Sequence
from pathlib import PurePath

from msgspec import Struct

from linreg_cli.errors import DataError

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
"""What a zip archive begins with: a file, nothing at all, or the first of several parts."""
FIRST_BYTES = 512
"""How many first bytes tell every format."""


class _Format(Struct, frozen=True):
    """A format that is not CSV.

    Attributes
    ----------
    name
        Its name in messages.
    starts
        The data begins with one of these, from `offset` on.
    remedy
        How to convert it.
    then
        A pattern of what follows, compiled only if the data begins so.
    skips_blanks
        Whether blanks may come first.

    """

    name: str
    starts: tuple[bytes, ...]
    remedy: str
    then: bytes = b""
    offset: int = 0
    skips_blanks: bool = False

    def begins(self, data: bytes) -> bool:
        """Return whether data begins as this format does."""
        if self.skips_blanks:
            data = data.lstrip()
        start = next((s for s in self.starts if data.startswith(s, self.offset)), None)
        return start is not None and bool(re.match(self.then, data[len(start) :], re.DOTALL))


_BINARY = rb"[\x00-\x08\x0e-\x1f\x80-\xff]"
"""What no text has after these letters."""

_OFFICE = "office"
_BY_PANDAS = {
    "read_parquet": ".parquet",
    "read_feather": ".feather",
    "read_orc": ".orc",
    "read_json": ".json",
    "read_stata": ".dta",
    "read_spss": ".sav",
    "read_hdf": ".h5",
}
_SPREADSHEETS = {"xl/workbook.xml": "an Excel workbook", "xl/workbook.bin": "an Excel workbook"}
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"


_JSON_OBJECT = rb'\s*("[^"]*"\s*:|\})'
_JSON_ARRAY = rb"""\s*(\{\s*["}]|\[[\s\d"\[-]|"[^"]*"\s*[,\]])"""
_HTML = rb"(?i:!doctype html|html|head|body|table|!--)[\s>-]"
_STATA = [bytes([release, order, 1, 0]) for release in (113, 114, 115) for order in (1, 2)]
_FORMATS = (
    # the container of all files of Microsoft's programs until 2007
    _Format("an Excel workbook (.xls) or another old Office file", (b"\xd0\xcf\x11\xe0",), _OFFICE),
    _Format("a Parquet file", (b"PAR1",), "read_parquet", _BINARY),
    _Format("an Arrow (Feather) file", (b"ARROW1", b"FEA1"), "read_feather", _BINARY),
    _Format("an ORC file", (b"ORC",), "read_orc", _BINARY),
    _Format("an HDF5 file", (b"\x89HDF\r\n",), "read_hdf"),
    _Format("a Stata file", (b"<stata_dta>", *_STATA), "read_stata"),
    _Format("an SPSS file", (b"$FL2@", b"$FL3@"), "read_spss"),
    _Format("an SQLite database", (b"SQLite format 3\0",), "sqlite"),
    _Format("R data", (b"RDA2\n", b"RDA3\n", b"RDX2\n", b"RDX3\n", b"X\n\0\0\0"), "r"),
    _Format("a NumPy array", (b"\x93NUMPY",), "numpy"),
    _Format("a PDF document", (b"%PDF-",), "pdf"),
    _Format("a 7-Zip archive", (b"7z\xbc\xaf\x27\x1c",), "7z x"),
    _Format("a RAR archive", (b"Rar!\x1a",), "unrar x"),
    _Format("a tar archive", (b"ustar",), "tar -xf", offset=257),
    _Format("a PNG picture", (b"\x89PNG\r\n",), "text"),
    _Format("a JPEG picture", (b"\xff\xd8\xff",), "text"),
    _Format("an RTF document", (b"{\\rtf",), _OFFICE),
    _Format("a pointer of Git LFS", (b"version https://git-lfs.",), "lfs"),
    _Format("JSON lines", (b"{",), "lines", rb'\s*"[^\n]*\}\s*\n\s*\{', skips_blanks=True),
    _Format("a JSON document", (b"{",), "read_json", _JSON_OBJECT, skips_blanks=True),
    _Format("a JSON document", (b"[",), "read_json", _JSON_ARRAY, skips_blanks=True),
    _Format("an HTML page", (b"<",), "html", _HTML, skips_blanks=True),
    _Format("an XML document", (b"<?xml",), "xml", rb"\s", skips_blanks=True),
)


def refuse_other_formats(start: bytes, source: str) -> None:
    """Refuse data that is not CSV.

    Parameters
    ----------
    start
        The first `FIRST_BYTES` bytes of the decompressed data.
    source
        Its name.

    Raises
    ------
    DataError
        If these are the first bytes of another format, with one way to convert it.

    """
    start = start.removeprefix(b"\xef\xbb\xbf")
    for form in _FORMATS:
        if form.begins(start):
            raise _not_a_csv(form.name, form.remedy, source)


def refuse_archive(names: Sequence[str], mimetype: bytes, source: str) -> None:
    """Refuse a zip archive that is a document of an office program.

    Parameters
    ----------
    names
        The names of the files in the archive.
    mimetype
        What its file ``mimetype`` says, if it has one.
    source
        Its name.

    Raises
    ------
    DataError
        If it is such a document.

    """
    for name, form in _SPREADSHEETS.items():
        if name in names:
            raise _not_a_csv(form, _OFFICE, source)
    if mimetype.startswith(_SPREADSHEET):
        raise _not_a_csv("an OpenDocument spreadsheet", _OFFICE, source)
    if mimetype or "[Content_Types].xml" in names:
        raise _not_a_csv("an office document", _OFFICE, source)


def _not_a_csv(form: str, remedy: str, source: str) -> DataError:
    return DataError(f"is {form}, not a CSV file", source=source, hint=_hint(remedy, source))


def _hint(remedy: str, source: str) -> str:
    file, path = shlex.quote(source), PurePath(source)
    is_named_csv = path.suffix.casefold() == ".csv"  # the converted file gets another name
    csv = f"{path.stem}{'-converted' if is_named_csv else ''}.csv"
    if remedy in _BY_PANDAS:
        name = f"FILE{_BY_PANDAS[remedy]}" if source == "stdin" else source
        return _by_pandas(remedy, repr(name), csv)
    if remedy == "lines":
        return _by_pandas("read_json", f"{source!r}, lines=True", csv)
    if remedy == _OFFICE:
        folder = " --outdir converted" if is_named_csv else ""
        command = f"libreoffice --headless --convert-to csv{folder} {file}"
        return f"Save it as CSV, or convert it: {command}"
    if remedy == "numpy":
        code = f"import numpy; numpy.savetxt({csv!r}, numpy.load({source!r}), delimiter=',')"
        return f"Convert it, and read it with --no-header: python -c {shlex.quote(code)}"
    others = {
        "sqlite": f"Write one of its tables as CSV: sqlite3 -header -csv {file}",
        "r": f"Convert it in R: write.csv(x, {csv!r}, row.names = FALSE)",
        "pdf": f"Copy its table to a spreadsheet and save it as CSV, or: pdftotext -layout {file}",
        "html": "Was a page saved in place of the file that it offers? Download the CSV file.",
        "xml": "Export the data as CSV from the program that wrote it.",
        "text": "Give a text file with a row on each line.",
        "lfs": f"Fetch the file itself: git lfs pull --include {file}",
    }
    return others.get(remedy, f"Unpack it first: {remedy} {file}")


def _by_pandas(function: str, arguments: str, csv: str) -> str:
    code = f"import pandas; pandas.{function}({arguments}).to_csv({csv!r}, index=False)"
    return f"Convert it: python -c {shlex.quote(code)}"
