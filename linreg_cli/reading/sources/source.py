"""Sources of data: files, globs of files, and standard input."""

import os
import re
import shlex
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

from msgspec import Struct

from linreg_cli.errors import DataError, UsageError, nearest
from linreg_cli.reading.sources import formats
from linreg_cli.reading.sources.compression import decompressed
from linreg_cli.reading.sources.encodings import as_utf8
from linreg_cli.reading.sources.hints import fetch_command, scheme_of
from linreg_cli.reading.sources.streams import FullStream, HashedStream, RawStream

_CSV = r"(?i)\.(csv|tsv|txt)(\.(gz|bz2|xz|zst))?$"
_MANY = 5
_MAGIC = frozenset("*?[")
"""A pattern of file names has one of these; the module `glob` is imported for patterns alone."""
STDIN = "-"
"""The argument that means standard input."""


class SourceStream(Struct, frozen=True):
    """An open source: its text in UTF-8, and the number of bytes read from disk.

    Attributes
    ----------
    text
        The text, decompressed and decoded.
    raw
        The bytes on disk.
    text_start
        The offset on disk where the text begins, after a byte-order mark; None if the file is
        compressed or has another encoding, so that its bytes are not those of the text.
    hashed
        The stream that computes the SHA-256 of the decompressed bytes, where it was asked for.

    """

    text: FullStream
    raw: RawStream
    text_start: int | None
    hashed: HashedStream | None = None

    def head(self, size: int) -> "SourceStream":
        """Return a stream of the first `size` bytes, up to the end of their last whole line."""
        data = self.peek(size)
        if len(data) >= size:
            data = data[: 1 + max(data.rfind(b"\n", 0, size), data.rfind(b"\r", 0, size))]
        return SourceStream(FullStream(BytesIO(data).read), self.raw, self.text_start)

    def read(self, size: int, /) -> bytes:
        """Read the next `size` bytes of decompressed UTF-8; fewer only at the end."""
        return self.text.read(size)

    def peek(self, size: int) -> bytes:
        """Return the next `size` bytes, or more, without reading them."""
        return self.text.peek(size)

    @property
    def bytes_read(self) -> int:
        """The number of bytes read from disk, for the progress bar."""
        return self.raw.bytes_read


class Source(Struct, frozen=True):
    """One file, or standard input (without a path)."""

    name: str
    path: Path | None = None

    @property
    def is_stdin(self) -> bool:
        """Whether this is standard input."""
        return self.path is None

    @property
    def argument(self) -> str:
        """The argument that names it on a command line."""
        return STDIN if self.is_stdin else self.name

    @property
    def size(self) -> int | None:
        """The size on disk in bytes; None for a pipe or a device."""
        status = self.path.stat() if self.path else None
        return status.st_size if status and stat.S_ISREG(status.st_mode) else None

    @contextmanager
    def open(self, encoding: str = "utf-8", *, hashes: bool = False) -> Iterator[SourceStream]:
        """Open the source as decompressed UTF-8 text; compute its SHA-256 if `hashes` is true."""
        with self.open_bytes() as file, ExitStack() as opened:
            raw = RawStream(file, self.name)
            stored = FullStream(raw.read)
            plain = opened.enter_context(self._plain(stored))
            hashed = HashedStream(plain.read) if hashes else None
            text = as_utf8(FullStream(hashed.read) if hashed else plain, encoding, self.name)
            yield SourceStream(text, raw, stored.position if text is stored else None, hashed)

    @contextmanager
    def _plain(self, stored: FullStream) -> Iterator[FullStream]:
        """Decompress and unpack the bytes on disk.

        Raises
        ------
        DataError
            If they are of another format than CSV.

        """
        plain = decompressed(stored, self.name)
        start = plain.peek(formats.FIRST_BYTES)
        if not start.startswith(formats.ZIP_STARTS):
            formats.refuse_other_formats(start, self.name)
            yield plain
            return
        from linreg_cli.reading.sources.zip_archive import open_csv_in_zip

        path = self.path if plain is stored and self.size is not None else None
        with open_csv_in_zip(plain, path, self.name) as text:
            formats.refuse_other_formats(text.peek(formats.FIRST_BYTES), self.name)
            yield text

    @contextmanager
    def open_bytes(self, start: int = 0) -> Iterator[BinaryIO]:
        """Open the bytes on disk, from an offset on."""
        if self.path is None:
            if sys.stdin is None:  # closed, as by <&-
                raise DataError("is closed", source=self.name, hint="Pipe data in, or name a file.")
            # unbuffered, so that Ctrl-C is seen at once while a pipe stands still
            yield cast("BinaryIO", getattr(sys.stdin.buffer, "raw", sys.stdin.buffer))
            return
        try:
            file = self.path.open("rb", buffering=0)
        except OSError as error:
            raise DataError(
                f"cannot be opened: {error.strerror}",
                source=self.name,
                hint=f"Look at it: ls -l {shlex.quote(self.name)}",
            ) from error
        with file:
            if start:  # not in a pipe
                file.seek(start)
            yield file


def find_sources(data: Sequence[str], *, hint: str = "") -> list[Source]:
    """Return the sources that the arguments name.

    Parameters
    ----------
    data
        Paths, globs (``**`` matches folders too), and at most one ``-`` for standard input.
    hint
        The remedy for a file that does not exist, if no file has a similar name. If it is empty,
        the hint lists the CSV files of the folder.

    Raises
    ------
    UsageError
        If stdin is named twice.
    DataError
        If a path is not a readable file, or a glob matches none.

    """
    if data.count(STDIN) > 1:
        raise UsageError(
            "stdin (-) is given twice", hint="Give - once: standard input can be read only once."
        )
    return [source for argument in data for source in _sources(argument, hint)]


def _sources(argument: str, hint: str) -> list[Source]:
    if argument == STDIN:
        return [Source("stdin")]
    if scheme_of(argument):
        raise UsageError(
            f"{argument} is a URL, which linreg train reads with --cluster",
            hint=f"Add --cluster local to linreg train, or pipe it into - in its place: "
            f"{fetch_command(argument)} | linreg ... -",
        )
    if _MAGIC.intersection(argument) and not Path(argument).exists():
        return _matching(argument)
    if not argument:
        hint = "Name a CSV file, or - for standard input."
        raise DataError("no such file", source="''", hint=hint)
    return [_file(argument, hint)]


def _matching(pattern: str) -> list[Source]:
    import glob

    # Path.glob knows no absolute pattern.
    names = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207
    sources = [_file(name, "") for name in names if not Path(name).is_dir()]
    if not sources:
        folder = Path(pattern).parent
        while glob.has_magic(str(folder)):
            folder = folder.parent
        raise DataError("matches no file", source=pattern, hint=_csv_files_of(folder))
    return sources


def _file(name: str, hint: str) -> Source:
    path = Path(name)
    if path.is_dir():
        raise DataError("is a folder", source=name, hint=_csv_files_of(path))
    if not path.exists():
        near = _near_file(path) or hint or _csv_files_of(path.parent)
        raise DataError("no such file", source=name, hint=near)
    if not os.access(path, os.R_OK):
        raise DataError(
            "no permission to read it", source=name, hint=f"chmod +r {shlex.quote(name)}"
        )
    return Source(name, path)


def _csv_files_of(folder: Path) -> str:
    """Return a hint with the CSV files of a folder, or a command that lists the folder."""
    if not folder.is_dir():
        return f"Check the path: there is no folder '{folder}'."
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError:
        names = []
    found = [str(folder / name) for name in names if re.search(_CSV, name)]
    if not found:
        return f"There is no CSV file in it: ls {shlex.quote(str(folder))}"
    more = f" and {len(found) - _MANY} more" if len(found) > _MANY else ""
    return f"The CSV files there are {' '.join(map(shlex.quote, found[:_MANY]))}{more}"


def _near_file(path: Path) -> str:
    """Return a hint that names the file with the most similar name, or the missing folder."""
    if not path.parent.is_dir():
        return _csv_files_of(path.parent)
    return nearest(path.name, sorted(entry.name for entry in path.parent.iterdir()))
