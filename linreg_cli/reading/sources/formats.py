"""Files that are not CSV, recognised by their first bytes, and one way to convert each."""

import re
import shlex
from collections.abc import Sequence
from pathlib import PurePath
from typing import NamedTuple

from linreg_cli.errors import DataError

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
"""What a zip archive begins with: a file, nothing at all, or the first of several parts."""
FIRST_BYTES = 512
"""How many first bytes tell every format."""


class _Format(NamedTuple):
    """A format: its name, what its first bytes match, and the kind of its remedy."""

    name: str
    first: re.Pattern[bytes]
    remedy: str


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


def _format(name: str, first: bytes, remedy: str) -> _Format:
    return _Format(name, re.compile(first, re.DOTALL), remedy)


_JSON = rb"""\s*(\{\s*("[^"]*"\s*:|\})|\[\s*(\{\s*["}]|\[[\s\d"\[-]|"[^"]*"\s*[,\]]))"""
_FORMATS = (
    # the container of all files of Microsoft's programs until 2007
    _format("an Excel workbook (.xls) or another old Office file", rb"\xd0\xcf\x11\xe0", _OFFICE),
    _format("a Parquet file", rb"PAR1" + _BINARY, "read_parquet"),
    _format("an Arrow (Feather) file", rb"(ARROW1|FEA1)" + _BINARY, "read_feather"),
    _format("an ORC file", rb"ORC" + _BINARY, "read_orc"),
    _format("an HDF5 file", rb"\x89HDF\r\n", "read_hdf"),
    _format("a Stata file", rb"<stata_dta>|[\x71-\x73][\x01\x02]\x01\0", "read_stata"),
    _format("an SPSS file", rb"\$FL[23]@", "read_spss"),
    _format("an SQLite database", rb"SQLite format 3\0", "sqlite"),
    _format("R data", rb"RD[AX][23]\n|X\n\0\0\0", "r"),
    _format("a NumPy array", rb"\x93NUMPY", "numpy"),
    _format("a PDF document", rb"%PDF-", "pdf"),
    _format("a 7-Zip archive", rb"7z\xbc\xaf\x27\x1c", "7z x"),
    _format("a RAR archive", rb"Rar!\x1a", "unrar x"),
    _format("a tar archive", rb".{257}ustar", "tar -xf"),
    _format("a PNG picture", rb"\x89PNG\r\n", "text"),
    _format("a JPEG picture", rb"\xff\xd8\xff", "text"),
    _format("an RTF document", rb"\{\\rtf", _OFFICE),
    _format("a pointer of Git LFS", rb"version https://git-lfs\.", "lfs"),
    _format("JSON lines", rb'\s*\{\s*"[^\n]*\}\s*\n\s*\{', "lines"),
    _format("a JSON document", _JSON, "read_json"),
    _format("an HTML page", rb"\s*<(?i:!doctype html|html|head|body|table|!--)[\s>-]", "html"),
    _format("an XML document", rb"\s*<\?xml\s", "xml"),
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
        if form.first.match(start):
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
