"""Training on a real cluster, a scheduler and three workers, gives the bytes of one thread."""

import contextlib
import gzip
import http.server
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from linreg_cli.commands.signals import ending_cleanly
from linreg_cli.errors import ClusterError, DataError
from linreg_cli.reading import cluster as package
from linreg_cli.reading.cluster import connection
from linreg_cli.reading.cluster.connection import connected
from linreg_cli.reading.cluster.interrupts import held_interrupts
from linreg_cli.reading.cluster.run import sum_rows_on_cluster
from linreg_cli.reading.cluster.url_sources import find_remote_sources
from linreg_cli.reading.csv.options import CsvOptions
from linreg_cli.reading.row_sums import PassResult, sum_rows
from linreg_cli.reading.selection import Selection
from linreg_cli.reading.sources.source import Source
from tests import clusters
from tests.clusters import Cluster
from tests.conftest import TIMEOUT, Linreg, Result

RANGE_BYTES = 1000


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with clusters.started(tmp_path_factory.mktemp("cluster"), workers=3) as started:
        yield started


@pytest.fixture
def own_cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Start a cluster of one worker for a test that breaks it."""
    with clusters.started(tmp_path, workers=1) as started:
        yield started


@pytest.fixture
def small_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tasks read 1000 bytes, so that small files have many ranges."""
    small = partial(sum_rows_on_cluster, range_bytes=RANGE_BYTES)
    monkeypatch.setattr(package, "gather_on_cluster", small)


def rows(start: int = 1, stop: int = 400, note: bytes = b"n") -> bytes:
    return b"".join(
        b"%d,%s,%d.%02d,%d,%d\n" % (i % 97, note, i % 13, i % 100, 3 * i % 101, i % 5)
        for i in range(start, stop)
    )


HEADER = b"x,note,z,y,w\n"
PLAIN = HEADER + rows()
QUOTED = HEADER + rows(note=b'"in \n""quotes"",\n1,2,3,4,5\n"')
GAPS = PLAIN.replace(b"\n7,", b"\n,").replace(b",5,", b",NA,")
TWO = ["--x", "x", "--x", "z", "--y", "y"]


# the same bytes


@pytest.mark.usefixtures("small_ranges")
@pytest.mark.parametrize(
    ("content", "options"),
    [
        (PLAIN, []),
        (PLAIN, ["--weights", "w"]),
        (PLAIN, ["--test-fraction", "0.3", "--seed", "5"]),
        (PLAIN, ["--folds", "4", "--solver", "exact", "--test-fraction", "0.3"]),
        (PLAIN, ["--folds", "3", "--weights", "w", "--l2", "0,0.1"]),
        (PLAIN.rstrip(), ["--solver", "exact"]),
        (GAPS, ["--solver", "exact"]),
        (QUOTED, []),
        (QUOTED.replace(b"\n", b"\r\n"), ["--folds", "3"]),
        (PLAIN + b'1,5" pipe,2,3,4\n' + rows() + b'1,"",2,3,4\n', ["--solver", "exact"]),
        (b"\xef\xbb\xbf" + PLAIN.replace(b"\n", b"\r\n"), ["--solver", "exact"]),
        (PLAIN.replace(b"\n", b"\r"), ["--solver", "exact"]),
        (gzip.compress(PLAIN), ["--solver", "exact"]),
        (PLAIN.decode().encode("utf-16"), ["--encoding", "utf-16", "--solver", "exact"]),
        (HEADER + rows(note=b"\xe9"), ["--encoding", "latin-1", "--solver", "exact"]),
    ],
    ids=[
        "plain", "weighted", "test fraction", "folds", "weighted folds", "no final line end",
        "missing cells", "quotes", "quotes and CRLF", "late quotes", "byte-order mark", "CR",
        "gzip",
        "UTF-16", "Latin-1",
    ],
)  # fmt: skip
def test_the_model_is_the_same_to_the_byte(
    linreg: Linreg, cluster: Cluster, content: bytes, options: list[str]
) -> None:
    Path("data.csv").write_bytes(content)
    alone = linreg("train", "data.csv", *TWO, *options, "-o", "alone.json", "--threads", "1")
    spread = train(linreg, cluster, "data.csv", *TWO, *options, "-o", "clustered.json")
    assert spread.status == alone.status == 0
    assert spread.stderr.replace("clustered", "alone") == alone.stderr
    assert Path("clustered.json").read_bytes() == Path("alone.json").read_bytes()


def train(linreg: Linreg, cluster: Cluster, *args: str) -> Result:
    return linreg("train", *args, "--cluster", cluster.address)


@pytest.mark.usefixtures("small_ranges")
def test_several_files_give_the_model_of_all(linreg: Linreg, cluster: Cluster) -> None:
    Path("parts").mkdir()
    for number, content in enumerate([PLAIN, HEADER, QUOTED, GAPS, gzip.compress(PLAIN)]):
        Path(f"parts/{number}.csv").write_bytes(content)
    alone = linreg("train", "parts/*.csv", *TWO, "-o", "alone.json")
    spread = train(linreg, cluster, "parts/*.csv", *TWO, "-o", "clustered.json")
    assert spread.stderr.replace("clustered", "alone") == alone.stderr
    assert Path("clustered.json").read_bytes() == Path("alone.json").read_bytes()


@pytest.mark.usefixtures("small_ranges")
@pytest.mark.parametrize(
    "contents",
    [
        [PLAIN + b"1,bad,2,three,4\n" + PLAIN],
        [PLAIN, PLAIN.replace(b"\n", b"\r\n") + b"\r\n1,2,3\r\n"],
        [QUOTED + b"1,bad,2,three,4\n"],
        [QUOTED + b'1,"closed"early,2,3,4\n' + rows()],
        [PLAIN + b'1,"left open,2,3,4\n' + rows()],
        [PLAIN + b"1,\xff,2,3,4\n" + rows()],
        [PLAIN, HEADER.replace(b"y", b"price") + rows(), b"1,bad,2,three,4\n"],
        [PLAIN, b""],
        [HEADER],
        [HEADER + b"NA,a,1,1,1\n" * 900],
    ],
)
def test_an_error_is_that_of_one_process(
    linreg: Linreg, cluster: Cluster, contents: list[bytes]
) -> None:
    for number, content in enumerate(contents):
        Path(f"{number}.csv").write_bytes(content)
    alone = linreg("train", "[0-9].csv", *TWO)
    spread = train(linreg, cluster, "[0-9].csv", *TWO)
    assert alone.status == 3
    assert spread == alone
    assert not Path("model.json").exists()


def test_a_negative_weight_is_told_with_its_line(linreg: Linreg, cluster: Cluster) -> None:
    Path("data.csv").write_bytes(PLAIN + b"1,a,2,3,-4\n")
    spread = train(linreg, cluster, "data.csv", *TWO, "--weights", "w")
    assert spread.stderr.startswith("Error: data.csv, line 401, column 'w': the weight -4 is")
    assert spread.status == 3


def test_processes_of_this_machine_are_a_cluster_too(installed: Linreg) -> None:
    long_note = b"x" * 1000
    block = b'1,"%s\n9,9\n",2\n2,a,4\n3,,5\n' % long_note
    with Path("data.csv").open("wb") as file:  # larger than one range, which ends in quotes
        file.write(b"x,note,y\n")
        file.writelines(block * 100 for _ in range(700))
    assert Path("data.csv").stat().st_size > 64 << 20
    columns = ["--x", "x", "--y", "y", "--solver", "exact"]
    alone = installed("train", "data.csv", *columns, "-o", "alone.json")
    local = installed("train", "data.csv", *columns, "--cluster", "local", "-o", "local.json")
    assert local.stderr.replace("local.json", "alone.json") == alone.stderr
    assert Path("local.json").read_bytes() == Path("alone.json").read_bytes()


# what breaks


def gather_here(source: Source) -> PassResult:
    selection = Selection(columns=("x", "y"))
    return sum_rows([source], selection, CsvOptions(), advance=lambda *_: None)


def gather_there(
    cluster: Cluster, source: Source, at_progress: Callable[[], object], range_bytes: int = 50
) -> PassResult:
    """Gather on a cluster; do something when the first sums are there."""
    has_begun = False

    def advance(read: int, _: int) -> None:
        nonlocal has_begun
        if read and not has_begun:
            has_begun = True
            at_progress()

    selection = Selection(columns=("x", "y"))
    result = sum_rows_on_cluster(
        cluster.address, [source], selection, CsvOptions(), advance=advance, range_bytes=range_bytes
    )
    assert has_begun
    return result


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """Give a file that takes some hundred tasks."""
    path = tmp_path / "data.csv"
    path.write_bytes(HEADER + rows(1, 1500))
    return Source("data.csv", path)


def test_a_worker_that_is_killed_costs_no_row(cluster: Cluster, source: Source) -> None:
    victim = cluster.add_worker()
    wait_for_workers(cluster, 4)
    there = gather_there(cluster, source, victim.kill)
    here = gather_here(source)
    assert victim.wait(TIMEOUT) == -signal.SIGKILL
    assert there.data.moments == here.data.moments
    assert there.row_counts == here.row_counts


def wait_for_workers(cluster: Cluster, count: int) -> None:
    with connected(cluster.address) as client:
        client.wait_for_workers(count, timeout=TIMEOUT)


def test_a_cluster_that_loses_all_workers_is_an_error(
    own_cluster: Cluster, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert connection.WORKERLESS_SECONDS == 30  # as README says
    monkeypatch.setattr(connection, "WORKERLESS_SECONDS", 1)
    with pytest.raises(ClusterError, match=r"^the cluster has had no worker for 1 seconds$"):
        gather_there(own_cluster, source, own_cluster.workers[0].kill)


def test_a_scheduler_that_goes_away_is_an_error(own_cluster: Cluster, source: Source) -> None:
    with pytest.raises(ClusterError, match=r"^the scheduler went away$"):
        gather_there(own_cluster, source, own_cluster.scheduler.kill)


def test_no_scheduler_is_an_error(
    linreg: Linreg, houses: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert connection.CONNECT_SECONDS == 10  # as README says
    monkeypatch.setattr(connection, "CONNECT_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    columns = ["--x", "square_feet", "--y", "price"]
    done = linreg("train", houses.name, *columns, "--cluster", address)
    assert done.status == 3
    assert done.stderr.startswith(f"Error: no scheduler answers at {address} within 1 seconds\n")


def test_a_task_that_ends_every_worker_is_an_error(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")  # opening it takes until the worker dies
    environment = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with clusters.started(tmp_path, workers=1, environment=environment) as started:
        wait_for_workers(started, 1)
        killer = threading.Timer(1.0, started.workers[0].kill)
        killer.start()
        with pytest.raises(ClusterError, match=r"^a task ended every worker that tried it$"):
            gather_there(started, Source("pipe", tmp_path / "pipe"), lambda: None)
        killer.join()


def test_a_worker_of_another_version_is_an_error(tmp_path: Path, source: Source) -> None:
    metadata = tmp_path / "linreg_cli-9.9.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text("Metadata-Version: 2.1\nName: linreg-cli\nVersion: 9.9\n")
    with clusters.started(tmp_path, workers=0) as started:
        started.add_worker({"PYTHONPATH": str(tmp_path)})
        with pytest.raises(
            ClusterError, match=r"^the worker tcp://\S+ has linreg 9\.9; needed is "
        ):
            gather_there(started, source, lambda: None)


@pytest.fixture
def without_linreg(tmp_path: Path) -> dict[str, str]:
    """Give the environment of a Python that knows nothing of linreg."""
    (tmp_path / "sitecustomize.py").write_text(
        "from importlib import metadata\n"
        "of = metadata.version\n"
        "metadata.version = lambda name: of(name.replace('linreg', 'none'))\n"
    )
    return {"PYTHONPATH": str(tmp_path)}


def test_a_worker_without_linreg_is_an_error(
    tmp_path: Path, source: Source, without_linreg: dict[str, str]
) -> None:
    with clusters.started(tmp_path, workers=0) as started:
        started.add_worker(without_linreg)
        with pytest.raises(ClusterError, match=r"^the worker tcp://\S+ has no linreg; needed is "):
            gather_there(started, source, lambda: None)


def test_a_scheduler_without_linreg_is_an_error(
    tmp_path: Path, source: Source, without_linreg: dict[str, str]
) -> None:
    with (
        clusters.started(tmp_path, workers=1, environment=without_linreg) as started,
        pytest.raises(ClusterError, match=r"^the scheduler has no linreg; needed is "),
    ):
        gather_there(started, source, lambda: None)


# object stores: a web server stands in for them


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
        """Give the address of a file."""
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


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    (folder / "store").mkdir()
    with serving(Store(folder / "store")) as store:
        yield store


@pytest.mark.usefixtures("small_ranges")
@pytest.mark.parametrize("content", [PLAIN, QUOTED, gzip.compress(PLAIN)])
@pytest.mark.parametrize("has_ranges", [True, False])
def test_a_url_gives_the_model_of_the_file(
    linreg: Linreg, cluster: Cluster, store: Store, content: bytes, *, has_ranges: bool
) -> None:
    store.has_ranges = has_ranges
    (store.folder / "data.csv").write_bytes(content)
    linreg("train", "store/data.csv", *TWO, "-o", "alone.json")
    done = train(linreg, cluster, store.url("data.csv?version=1"), *TWO, "-o", "clustered.json")
    assert done.status == 0
    assert done.stderr.startswith(f"{store.url('data.csv?version=1')}: 399 rows read, 399 used\n")
    assert Path("clustered.json").read_bytes() == Path("alone.json").read_bytes()
    is_divided = has_ranges and content in (PLAIN, QUOTED)
    assert (store.statuses.count(206) > 5) == is_divided


@pytest.mark.usefixtures("small_ranges")
def test_a_glob_of_urls_gives_the_model_of_all_files(
    linreg: Linreg, cluster: Cluster, store: Store
) -> None:
    for number, content in enumerate([PLAIN, QUOTED]):
        (store.folder / f"part-{number}.csv").write_bytes(content)
    (store.folder / "other.csv").write_bytes(b"a,b\n")
    linreg("train", "store/part-*.csv", *TWO, "-o", "alone.json")
    done = train(linreg, cluster, store.url("part-*.csv"), *TWO, "-o", "clustered.json")
    assert done.status == 0
    assert Path("clustered.json").read_bytes() == Path("alone.json").read_bytes()


@pytest.mark.usefixtures("small_ranges")
def test_an_error_at_a_url_names_it(linreg: Linreg, cluster: Cluster, store: Store) -> None:
    (store.folder / "data.csv").write_bytes(PLAIN + b"1,a,2,three,4\n" + rows())
    done = train(linreg, cluster, store.url("data.csv"), *TWO)
    place = f"Error: {store.url('data.csv')}, line 401, column 'y': 'three' is not a number\n"
    assert (done.status, done.stderr.startswith(place)) == (3, True)


@pytest.mark.parametrize(
    ("name", "problem"),
    [("none.csv", "no such file"), ("none-*.csv", "matches no file"), ("none", "no such file")],
)
def test_a_url_without_file_is_an_error(
    linreg: Linreg, cluster: Cluster, store: Store, name: str, problem: str
) -> None:
    done = train(linreg, cluster, store.url(name), *TWO)
    assert (done.status, done.stderr.splitlines()[0]) == (3, f"Error: {store.url(name)}: {problem}")


def test_columns_that_are_not_named_are_listed(
    linreg: Linreg, cluster: Cluster, store: Store
) -> None:
    (store.folder / "data.csv").write_bytes(PLAIN)
    url = store.url("data.csv")
    done = train(linreg, cluster, url, "--y", "y")
    assert done.status == 2
    assert done.stderr == (
        f"Error: --x not given; the columns of {url} are: x, note, z, y, w\n"
        f"Hint: For example: linreg train {url} --x x --y y\n"
    )


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("is_local", [False, True])
def test_ctrl_c_ends_the_run(
    script: str, cluster: Cluster, store: Store, *, is_local: bool
) -> None:
    command = [script, "train", store.url("stuck.csv"), *TWO]
    process = subprocess.Popen(
        [*command, "--cluster", "local" if is_local else cluster.address],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert store.is_stuck.wait(TIMEOUT)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    out, said = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, out, said) == (130, b"", b"")
    assert not Path("model.json").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("is_group", [False, True])
def test_a_signal_ends_a_local_cluster_and_leaves_no_file(
    script: str, store: Store, tmp_path: Path, number: signal.Signals, *, is_group: bool
) -> None:
    command = [script, "train", store.url("stuck.csv"), *TWO, "--cluster", "local"]
    (tmp_path / "temporary").mkdir()
    process = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        env=os.environ | {"TMPDIR": str(tmp_path / "temporary")},
    )
    assert store.is_stuck.wait(TIMEOUT)
    if is_group:
        os.killpg(process.pid, number)  # as a terminal that is closed, or timeout, does
    else:
        process.send_signal(number)
    out, said = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, out, said) == (128 + number, b"", b"")
    assert list((tmp_path / "temporary").iterdir()) == []
    assert not [path for path in Path().iterdir() if path.name.startswith(".")]


def test_a_signal_that_was_held_back_comes_at_the_end_of_the_block() -> None:
    done = []
    with pytest.raises(SystemExit) as caught, ending_cleanly(), held_interrupts():  # noqa: PT012
        os.kill(os.getpid(), signal.SIGTERM)
        done.append("held")
        raise RuntimeError
    assert (caught.value.code, done) == (143, ["held"])


# what cannot be read on a cluster


COLUMNS = ["--x", "square_feet", "--y", "price"]


@pytest.mark.usefixtures("houses")
@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["-"], "stdin cannot be read with --cluster: it is no file that workers can open"),
        (["/dev/null"], "/dev/null cannot be read with --cluster: it is no file that workers"),
        (["houses.csv", "--rejects", "bad.csv"], "--rejects has no effect with --cluster: work"),
        (["houses.csv", "--explain"], "--explain has no effect with --cluster: workers give"),
        (["houses.csv", "--plot", "fit.svg"], "--plot has no effect with --cluster: workers give"),
    ],
)
def test_what_a_cluster_cannot_do_is_refused(linreg: Linreg, args: list[str], message: str) -> None:
    done = linreg("train", *args, *COLUMNS, "--cluster", "local")
    assert (done.status, done.stderr[7 : 7 + len(message)]) == (2, message)


@pytest.mark.parametrize("address", ["host:8786", "locally", ""])
def test_an_address_says_how_it_is_reached(linreg: Linreg, houses: Path, address: str) -> None:
    done = linreg("train", houses.name, *COLUMNS, "--cluster", address)
    assert done.status == 2
    assert done.stderr.endswith(f"'{address}' is neither local nor as tcp://host:8786.\n")


def test_a_file_system_without_its_package_says_which(linreg: Linreg, folder: Path) -> None:
    assert not list(folder.iterdir())
    done = linreg("train", "s3://bucket/data.csv", *COLUMNS, "--cluster", "local")
    assert done.status == 3
    assert done.stderr == (
        "Error: s3://bucket/data.csv: s3:// needs a package that is not installed\n"
        "Hint: Install s3fs to access S3, here and on every worker.\n"
    )


def test_an_unknown_file_system_is_an_error(folder: Path) -> None:
    assert not list(folder.iterdir())
    with pytest.raises(
        DataError, match=r"^foo://a\.csv: cannot be opened: Protocol not known: foo$"
    ):
        find_remote_sources(["foo://a.csv"])


def test_a_url_of_a_local_file_is_that_file(folder: Path, houses: Path) -> None:
    assert find_remote_sources([f"file://{houses}"]) == [Source(str(houses), houses)]
    assert find_remote_sources(["houses.csv"]) == [Source("houses.csv", folder / "houses.csv")]


def test_the_packages_are_asked_for_by_name(
    linreg: Linreg, houses: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("linreg_cli.cluster")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = linreg("train", houses.name, *COLUMNS, "--cluster", "local")
    assert (done.status, done.stderr) == (
        2,
        "Error: --cluster needs the package distributed\nHint: pip install 'linreg-cli[cluster]'\n",
    )


def test_a_file_that_workers_do_not_see_is_an_error(cluster: Cluster, tmp_path: Path) -> None:
    elsewhere = Source("data.csv", tmp_path / "data.csv")
    with pytest.raises(DataError, match=r"^data\.csv: no such file on a worker$"):
        gather_there(cluster, elsewhere, lambda: None)
