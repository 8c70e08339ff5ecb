"""A web server that stands in for an object store."""

import contextlib
import http.server
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import TIMEOUT


class Store(http.server.ThreadingHTTPServer):
    """Serves the files of a folder; keeps account of the requests."""

    def __init__(self, folder: Path, *, has_ranges: bool = True) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.has_ranges = has_ranges
        self.statuses: list[int] = []
        self.is_stuck = threading.Event()
        self.may_go_on = threading.Event()

    def url(self, name: str) -> str:
        """Return the URL of a file."""
        return f"http://127.0.0.1:{self.server_port}/{name}"


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Store

    def do_HEAD(self) -> None:
        self._answer(sends_body=False)

    def do_GET(self) -> None:
        self._answer(sends_body=True)

    def _answer(self, *, sends_body: bool) -> None:
        name = self.path.strip("/").partition("?")[0]
        if name == "stuck.csv":
            self.server.is_stuck.set()
            self.server.may_go_on.wait(TIMEOUT)
        if name and not (self.server.folder / name).exists():
            self.send_error(404)
            return
        data = (self.server.folder / name).read_bytes() if name else self._index()
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        status, start, end = 200, 0, len(data)
        if asked and self.server.has_ranges:
            status, start, end = 206, int(asked[1]), min(int(asked[2]) + 1, end)
        self.server.statuses.append(status)
        self.send_response(status)
        self.send_header("Content-Length", str(end - start))
        if status == 206:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(data)}")
        self.end_headers()
        if sends_body:
            with contextlib.suppress(ConnectionError):  # of a reader that wanted the head alone
                self.wfile.write(data[start:end])

    def _index(self) -> bytes:
        names = sorted(path.name for path in self.server.folder.iterdir())
        return "".join(f'<a href="{name}">{name}</a>\n' for name in names).encode()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(store: Store) -> Iterator[Store]:
    thread = threading.Thread(target=store.serve_forever)
    thread.start()
    try:
        yield store
    finally:
        store.may_go_on.set()
        store.shutdown()
        thread.join()
        store.server_close()
