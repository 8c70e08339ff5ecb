"""Messages of what cannot be read on a cluster."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from linreg_cli.errors import DataError
from linreg_cli.reading.cluster.url_sources import find_remote_sources
from linreg_cli.reading.sources.source import Source
from tests.clusters import Cluster
from tests.conftest import Linreg
from tests.reading.cluster.cluster_runs import HEADER, rows, sum_there


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """Return a file that takes some hundred tasks."""
    path = tmp_path / "data.csv"
    path.write_bytes(HEADER + rows(1, 1500))
    return Source("data.csv", path)


COLUMNS = ["--x", "square_feet", "--y", "price"]


@pytest.mark.usefixtures("houses")
@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["-"], "stdin cannot be read with --cluster: it is not a file that workers can open"),
        (["/dev/null"], "/dev/null cannot be read with --cluster: it is not a file that workers"),
        (
            ["houses.csv", "--rejects", "bad.csv"],
            "--rejects has no effect with --cluster: its workers return sums",
        ),
        (
            ["houses.csv", "--explain"],
            "--explain has no effect with --cluster: its workers return sums",
        ),
        (
            ["houses.csv", "--plot", "fit.svg"],
            "--plot has no effect with --cluster: its workers return sums",
        ),
    ],
)
def test_what_a_cluster_cannot_do_is_refused(linreg: Linreg, args: list[str], message: str) -> None:
    done = linreg("train", *args, *COLUMNS, "--cluster", "local")
    assert (done.status, done.stderr[7 : 7 + len(message)]) == (2, message)


FORMS = "Give local, or the address of a scheduler such as tcp://10.0.0.1:8786."


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("host:8786", "Give tcp://host:8786: --cluster tcp://host:8786"),
        ("locally", FORMS),
        ("", FORMS),
    ],
)
def test_an_address_says_how_it_is_reached(
    linreg: Linreg, houses: Path, address: str, hint: str
) -> None:
    done = linreg("train", houses.name, *COLUMNS, "--cluster", address)
    assert done.status == 2
    assert done.stderr == (
        f"Error: --cluster: '{address}' is neither local nor an address\nHint: {hint}\n"
    )


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
    ) as caught:
        find_remote_sources(["foo://a.csv"])
    _, _, command = caught.value.hint.partition(": ")
    python, *arguments = shlex.split(command)
    assert python == "python"
    listed = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=True
    )
    assert "s3" in listed.stdout.split()


def test_a_url_of_a_local_file_is_that_file(folder: Path, houses: Path) -> None:
    assert find_remote_sources([f"file://{houses}"]) == [Source(str(houses), houses)]
    assert find_remote_sources(["houses.csv"]) == [Source("houses.csv", folder / "houses.csv")]


def test_the_packages_are_asked_for_by_name(
    linreg: Linreg, houses: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("linreg_cli.reading.cluster")]:
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
        sum_there(cluster, elsewhere, lambda: None)
