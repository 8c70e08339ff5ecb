"""Zip archives: one with exactly one CSV file is read as this file."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, BinaryIO

from linreg_cli.errors import DataError
from linreg_cli.reading.sources.formats import refuse_archive
from linreg_cli.reading.sources.streams import FullStream

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

_PIECE_BYTES = 1 << 16
_MANY = 5
_TEXT = (".csv", ".tsv", ".txt", ".tab", ".dat")
_IS_ENCRYPTED = 1


@contextmanager
def open_csv_in_zip(stream: FullStream, path: Path | None, source: str) -> Iterator[FullStream]:
    """Open the only CSV file in an archive.

    Parameters
    ----------
    stream
        The archive, from its start.
    path
        Where it is on disk, if it is a file there; a pipe is copied to a temporary file first.
    source
        Its name.

    Raises
    ------
    DataError
        If it holds no CSV file or several, or is corrupt or encrypted; while reading, too.

    """
    from zipfile import BadZipFile, ZipFile

    with _seekable(stream, path) as file:
        try:
            with ZipFile(file) as archive:
                member = _only_csv(archive, source)
                with archive.open(member) as content:
                    yield FullStream(partial(_read, content, source))
        except (BadZipFile, NotImplementedError) as error:
            raise _corrupt(source) from error


@contextmanager
def _seekable(stream: FullStream, path: Path | None) -> Iterator[BinaryIO]:
    if path is not None:
        with path.open("rb") as file:
            yield file
        return
    with TemporaryFile() as copy:
        while piece := stream.read(_PIECE_BYTES):
            copy.write(piece)
        yield copy


def _only_csv(archive: "ZipFile", source: str) -> "ZipInfo":
    names = archive.namelist()
    mimetype = archive.read("mimetype") if "mimetype" in names else b""
    refuse_archive(names, mimetype, source)
    files = [
        info
        for info in archive.infolist()
        if not info.is_dir() and not info.filename.startswith("__MACOSX/")
    ]
    tables = [info for info in files if info.filename.lower().endswith(_TEXT)]
    found = [info for info in tables if info.filename.lower().endswith(".csv")] or tables or files
    if len(found) == 1:
        if found[0].flag_bits & _IS_ENCRYPTED:
            hint = f"Unpack it first: unzip {shlex.quote(source)}"
            raise DataError("is an encrypted zip archive", source=source, hint=hint)
        return found[0]
    shown = ", ".join(info.filename for info in found[:_MANY])
    more = f" and {len(found) - _MANY} more" if len(found) > _MANY else ""
    held = f"{len(found)} files: {shown}{more}" if found else "no file"
    hint = f"Read one of them: unzip -p {shlex.quote(source)} NAME | linreg ... -"
    if found:
        name = shlex.quote(found[0].filename)
        hint = f"Read one of them: unzip -p {shlex.quote(source)} {name} | linreg ... -"
    raise DataError(f"is a zip archive with {held}", source=source, hint=hint)


def _read(file: IO[bytes], source: str, size: int) -> bytes:
    """Read at most `size` bytes; an error of the archive is one of the data."""
    import zlib
    from zipfile import BadZipFile

    try:
        return file.read(size)
    except (BadZipFile, EOFError, zlib.error) as error:
        raise _corrupt(source) from error


def _corrupt(source: str) -> DataError:
    return DataError("its zip data is corrupt", source=source, hint="Copy the file again.")
