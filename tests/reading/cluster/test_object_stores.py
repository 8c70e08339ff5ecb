"""URLs are read by the workers; a web server stands in for an object store."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clusters import Cluster
from tests.conftest import Linreg
from tests.reading.cluster.cluster_runs import PLAIN, QUOTED, TWO, rows, train
from tests.reading.cluster.object_store import Store, serving


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
    ("name", "problem", "listed"),
    [
        ("none.csv", "no such file", "none.csv"),
        ("none-*.csv", "matches no file", ""),
        ("none", "no such file", "none"),
    ],
)
def test_a_url_without_file_is_an_error(  # noqa: PLR0913, PLR0917  # fixtures
    linreg: Linreg, cluster: Cluster, store: Store, name: str, problem: str, listed: str
) -> None:
    done = train(linreg, cluster, store.url(name), *TWO)
    error, hint = done.stderr.splitlines()
    assert (done.status, error) == (3, f"Error: {store.url(name)}: {problem}")
    assert hint.startswith("Hint: Look at it: ")
    assert store.url(listed) in hint


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
