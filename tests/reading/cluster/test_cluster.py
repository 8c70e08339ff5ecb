"""Training on a real cluster, a scheduler and three workers, gives the bytes of one thread."""

import gzip
from pathlib import Path

import pytest

from tests.clusters import Cluster
from tests.conftest import Linreg
from tests.reading.cluster.cluster_runs import HEADER, PLAIN, QUOTED, TWO, rows, train

GAPS = PLAIN.replace(b"\n7,", b"\n,").replace(b",5,", b",NA,")


@pytest.mark.usefixtures("small_ranges")
@pytest.mark.parametrize(
    ("content", "options"),
    [
        (PLAIN, []),
        (PLAIN, ["--weights", "w"]),
        (PLAIN, ["--test-fraction", "0.3", "--seed", "5"]),
        (PLAIN, ["--folds", "4", "--solver", "exact", "--test-fraction", "0.3"]),
        (PLAIN, ["--folds", "3", "--weights", "w", "--l2", "0,0.1"]),
        (PLAIN, ["--by", "w", "--folds", "3"]),
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
        "plain", "weighted", "test fraction", "folds", "weighted folds", "groups",
        "no final line end",
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
