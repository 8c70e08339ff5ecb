"""Sources that every worker can open: files, globs and URLs."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from msgspec.structs import replace

from linreg_cli.errors import DataError, UsageError
from linreg_cli.reading.sources import Source, find_sources, list_command

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?=://|::)")
_LOCAL = re.compile(r"(file|local)://")
_WEB = ("http", "https")
_KNOWN_PROTOCOLS = (
    'fsspec lists the protocols that it knows: python -c "import fsspec; '
    'print(*fsspec.available_protocols())"'
)


class UrlSource(Source, frozen=True):
    """A file at a URL that fsspec can open; `listed_size` is its size in the listing of a glob."""

    listed_size: int | None = None

    @property
    def is_stdin(self) -> bool:
        """Whether this is standard input: never."""
        return False

    @property
    def size(self) -> int | None:
        """The size in bytes; None if it was not listed."""
        return self.listed_size

    @contextmanager
    def open_bytes(self, start: int = 0) -> Iterator[BinaryIO]:
        """Open the file from an offset on."""
        with self._open(is_stream=start == 0) as file:
            if start:
                _attempt(lambda: file.seek(start), self.name)
            yield cast("BinaryIO", _Reader(file))

    def size_for_ranges(self) -> int | None:
        """Return the size if the file can be read from any offset on, else None."""
        with self._open(is_stream=False) as file:
            size = getattr(file, "size", None)
            try:
                file.seek((size or 1) - 1)
                return size if file.read(1) else None
            except (OSError, ValueError):  # what fsspec raises for a server without ranges
                return None

    @contextmanager
    def _open(self, *, is_stream: bool) -> Iterator[Any]:
        filesystem, path = _filesystem(self.name)
        # A web server that knows no ranges can still send a file from its start.
        options = {"block_size": 0} if is_stream and _protocol(self.name) in _WEB else {}
        with _attempt(lambda: filesystem.open(path, "rb", **options), self.name) as file:
            yield file


class _Reader:
    """Reads a file of fsspec; every error there becomes an OSError."""

    def __init__(self, file: Any) -> None:  # noqa: ANN401 - of a library without types
        self._file = file

    def read(self, size: int) -> bytes:
        """Read at most `size` bytes; none at the end."""
        try:
            return bytes(self._file.read(size))
        except Exception as error:  # each file system raises its own
            raise OSError(str(error) or type(error).__name__) from error


def find_remote_sources(data: Sequence[str]) -> list[Source]:
    """Return the sources that the arguments name.

    Parameters
    ----------
    data
        Paths, URLs, and globs of both.

    Raises
    ------
    UsageError
        For standard input and pipes, which workers cannot read.
    DataError
        If a file does not exist, a glob matches none, or the protocol of a URL is unknown.

    """
    return [source for argument in data for source in _sources(argument)]


def _sources(argument: str) -> Iterator[Source]:
    argument = _LOCAL.sub("", argument, count=1)
    if _URL.match(argument):
        yield from _at_url(argument)
        return
    for source in find_sources([argument]):
        if source.path is None or source.size is None:
            raise UsageError(
                f"{source.name} cannot be read with --cluster: "
                "it is not a file that workers can open",
                hint="Name files, globs or URLs; or leave out --cluster.",
            )
        yield replace(source, path=source.path.absolute())


def _at_url(url: str) -> Iterator[Source]:
    filesystem, path = _filesystem(url)
    # The ? of a web address begins a query.
    if not re.search(r"[*[]" if _protocol(url) in _WEB else r"[*[?]", path):
        yield UrlSource(url)
        return
    found = _attempt(lambda: filesystem.glob(path, detail=True), url)
    files = {name: info for name, info in sorted(found.items()) if info.get("type") != "directory"}
    if not files:
        raise DataError("matches no file", source=url, hint=_look_at(url))
    for name, info in files.items():
        yield UrlSource(filesystem.unstrip_protocol(name), listed_size=info.get("size"))


def _protocol(url: str) -> str:
    match = _URL.match(url)
    return match[0].lower() if match else ""


def _filesystem(url: str) -> "tuple[AbstractFileSystem, str]":
    from fsspec.core import url_to_fs

    try:
        filesystem, path = url_to_fs(url)
    except ImportError as error:  # its text names the package
        raise DataError(
            f"{_protocol(url)}:// needs a package that is not installed",
            source=url,
            hint=f"{error}, here and on every worker.",
        ) from error
    except ValueError as error:
        problem = f"cannot be opened: {error}"
        raise DataError(problem, source=url, hint=_KNOWN_PROTOCOLS) from error
    return filesystem, path


def _attempt(action: Any, url: str) -> Any:  # noqa: ANN401 - of a library without types
    """Do an action with a file system; every error there becomes a DataError."""
    try:
        return action()
    except FileNotFoundError as error:
        raise DataError("no such file", source=url, hint=_look_at(url)) from error
    except Exception as error:
        problem = f"cannot be opened: {error or type(error).__name__}"
        raise DataError(problem, source=url, hint=_look_at(url)) from error


def _look_at(url: str) -> str:
    return f"Look at it: {list_command(url)}"
