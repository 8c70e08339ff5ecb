"""Updates of a model that others change at the same time, and inputs that count once."""

import bz2
import gzip
import hashlib
import json
import lzma
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from linreg_cli.commands import model_change, training_run
from linreg_cli.errors import ModelFileError
from linreg_cli.model.model_file import from_json
from linreg_cli.reading.sources import streams
from tests.conftest import HOUSES, TIMEOUT, Linreg, Result, Shell

COLUMNS = ["--x", "square_feet", "--y", "price"]
HEADER = b"square_feet,price\n"


def shard(number: int) -> bytes:
    """Return as many rows as the number says, of their own."""
    rows = (b"%d,%d\n" % (1000 * number + i, 7 * i + number) for i in range(number))
    return HEADER + b"".join(rows)


@pytest.fixture
def shards(linreg: Linreg, folder: Path) -> list[str]:
    """Write houses.csv, its model, and shards."""
    (folder / "houses.csv").write_bytes(HOUSES)
    names = []
    for number in range(1, 13):
        (folder / f"s{number}.csv").write_bytes(shard(number))
        names.append(f"s{number}.csv")
    train(linreg, "houses.csv", output="model.json")
    return names


def train(linreg: Linreg, *arguments: str, output: str) -> bytes:
    done = linreg("train", *arguments, *COLUMNS, "-q", "-o", output)
    assert (done.status, done.stderr) == (0, "")
    return Path(output).read_bytes()


def rows_of(name: str) -> int:
    return int(json.loads(Path(name).read_bytes())["moments"]["rows"])


def inputs_of(name: str) -> list[str]:
    return list(json.loads(Path(name).read_bytes()).get("inputs", []))


def digest(*contents: bytes) -> list[str]:
    return sorted(hashlib.sha256(content).hexdigest() for content in contents)


# at the same time


def test_parallel_updates_lose_no_row(linreg: Linreg, script: str, shards: list[str]) -> None:
    processes = [
        subprocess.Popen([script, "update", "model.json", name, "-q"], stderr=subprocess.PIPE)
        for name in shards
    ]
    for process in processes:
        assert (process.communicate(timeout=TIMEOUT * 2)[1], process.returncode) == (b"", 0)
    expected = train(linreg, "houses.csv", *shards, output="whole.json")
    assert Path("model.json").read_bytes() == expected
    assert not [path for path in Path().iterdir() if path.name.startswith(".")]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Do something once, while an update learns."""

    def plan(action: Callable[[], object]) -> None:
        learn = training_run.learn

        def act_and_learn(*args: object, **options: object) -> object:
            monkeypatch.setattr(model_change, "learn", learn)
            action()
            return learn(*args, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(model_change, "learn", act_and_learn)

    return plan


@pytest.mark.usefixtures("shards")
def test_an_update_adds_to_what_another_one_wrote(
    linreg: Linreg, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    meanwhile(lambda: linreg("update", "model.json", "s2.csv"))
    done = linreg("update", "model.json", "s1.csv")
    said = (
        "another program changed model.json while the rows were read; "
        "the changed model is updated\n"
    )
    assert (done.status, said in done.stderr) == (0, True)
    assert done.stderr.endswith("\nwrote model.json\nthe model has 8 rows\n")
    expected = train(linreg, "houses.csv", "s1.csv", "s2.csv", output="whole.json")
    assert Path("model.json").read_bytes() == expected


@pytest.mark.usefixtures("shards")
@pytest.mark.parametrize("by_other_name", ["./model.json", "link.json"])
def test_an_update_in_place_by_another_name_is_one_too(
    linreg: Linreg, meanwhile: Callable[[Callable[[], object]], None], by_other_name: str
) -> None:
    Path("link.json").symlink_to("model.json")
    meanwhile(lambda: linreg("update", "model.json", "s2.csv"))
    assert linreg("update", "model.json", "s1.csv", "-o", by_other_name).status == 0
    assert rows_of("model.json") == 8


@pytest.mark.usefixtures("shards")
def test_rows_are_taken_out_of_what_another_one_wrote(
    linreg: Linreg, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    assert linreg("update", "model.json", "s1.csv").status == 0
    meanwhile(lambda: linreg("update", "model.json", "s2.csv"))
    assert linreg("update", "model.json", "s1.csv", "--remove").status == 0
    assert rows_of("model.json") == 7


@pytest.mark.usefixtures("shards")
@pytest.mark.parametrize(
    "command",
    [
        ["train", "s2.csv", *COLUMNS, "-o", "model.json"],
        ["merge", "other.json", "-o", "model.json"],
    ],
)
def test_an_update_adds_to_a_model_that_was_trained_meanwhile(
    linreg: Linreg, meanwhile: Callable[[Callable[[], object]], None], command: list[str]
) -> None:
    train(linreg, "s2.csv", output="other.json")
    meanwhile(lambda: linreg(*command))
    assert linreg("update", "model.json", "s1.csv").status == 0
    assert rows_of("model.json") == 3


@pytest.mark.usefixtures("shards")
@pytest.mark.parametrize(
    "options", [["--x", "price", "--y", "square_feet"], [*COLUMNS, "--folds", "2"]]
)
def test_a_model_that_needs_other_rows_is_not_updated(
    linreg: Linreg, meanwhile: Callable[[Callable[[], object]], None], options: list[str]
) -> None:
    meanwhile(lambda: linreg("train", "s9.csv", *options, "-o", "model.json"))
    done = linreg("update", "model.json", "s1.csv", "-q")
    said = "was replaced by a model of other columns or parts while DATA was read"
    hint = "Nothing was changed. Run the same command again."
    assert (done.status, done.stderr) == (4, f"Error: model.json: {said}\nHint: {hint}\n")
    assert rows_of("model.json") == 9


@pytest.mark.usefixtures("shards")
def test_a_model_that_was_removed_is_not_written_again(
    linreg: Linreg, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    meanwhile(Path("model.json").unlink)
    done = linreg("update", "model.json", "s1.csv", "-q")
    assert (done.status, Path("model.json").exists()) == (4, False)


@pytest.mark.usefixtures("shards")
def test_the_same_input_at_the_same_time_counts_once(
    linreg: Linreg, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    meanwhile(lambda: linreg("update", "model.json", "s3.csv", "--once"))
    done = linreg("update", "model.json", "s3.csv", "--once")
    assert "s3.csv: left out, since the model already has this content\n" in done.stderr
    assert (done.status, rows_of("model.json")) == (0, 8)


# inputs that count once


@pytest.mark.parametrize(
    "compress",
    [bytes, gzip.compress, bz2.compress, lzma.compress],
    ids=["plain", "gzip", "bzip2", "xz"],
)
def test_the_content_is_hashed_as_it_is_decompressed(
    linreg: Linreg, shards: list[str], compress: Callable[[bytes], bytes]
) -> None:
    assert len(shards) == 12
    content = shard(9)
    Path("data").write_bytes(compress(content))
    assert linreg("update", "model.json", "data", "--once", "-q").status == 0
    assert inputs_of("model.json") == digest(content)
    assert linreg("update", "model.json", "-", "--once", "-q", stdin=compress(content)).status == 0
    assert rows_of("model.json") == 14


@pytest.mark.usefixtures("shards")
@pytest.mark.parametrize(
    ("content", "options"),
    [
        (b"\xef\xbb\xbf" + shard(3), []),
        ((HEADER + b"1,2\n3,4\n").decode().encode("utf-16"), []),
        (HEADER + b'1,2\n"3",4\n\n', []),
        (HEADER + b"1,2\n3,4", ["--threads", "1"]),
        (HEADER + b"1,2\n3,x\n5,6\n", ["--rejects", "r.csv"]),
        (HEADER + b"500,150000\n" * 200_000, []),
        (HEADER + b"500,150000\n" * 200_000 + b'"1",2\n', ["--threads", "1"]),
    ],
    ids=["mark", "utf-16", "quotes", "no line end", "rejects", "large", "large, general reader"],
)
def test_all_bytes_are_hashed(linreg: Linreg, content: bytes, options: list[str]) -> None:
    Path("data.csv").write_bytes(content)
    assert linreg("update", "model.json", "data.csv", "--once", "-q", *options).status == 0
    assert inputs_of("model.json") == digest(content)


@pytest.mark.usefixtures("shards")
def test_nothing_is_hashed_that_was_not_asked_for(
    linreg: Linreg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams.HashedStream, "read", pytest.fail)
    assert linreg("update", "model.json", "s1.csv", "-q").status == 0
    assert linreg("update", "model.json", "s1.csv", "--remove", "-q").status == 0
    assert b'"inputs"' not in Path("model.json").read_bytes()


@pytest.mark.usefixtures("shards")
def test_a_second_update_changes_nothing_and_says_so(linreg: Linreg) -> None:
    assert linreg("update", "model.json", "s4.csv", "--once").status == 0
    before = (Path("model.json").read_bytes(), Path("model.json").stat().st_mtime_ns)
    Path("copy.csv").write_bytes(shard(4))
    done = linreg("update", "model.json", "copy.csv", "--once")
    assert done == Result(
        0,
        "",
        "copy.csv: 4 rows read, 4 used\n"
        "copy.csv: left out, since the model already has this content\n"
        "the model has 9 rows\n",
    )
    assert (Path("model.json").read_bytes(), Path("model.json").stat().st_mtime_ns) == before


@pytest.mark.usefixtures("shards")
def test_of_several_inputs_the_new_ones_count(linreg: Linreg) -> None:
    assert linreg("update", "model.json", "s4.csv", "--once").status == 0
    done = linreg("update", "model.json", "s4.csv", "s5.csv", "s5.csv", "--once")
    assert done.stderr.count("left out") == 2
    assert rows_of("model.json") == 14
    assert inputs_of("model.json") == digest(shard(4), shard(5))


@pytest.mark.usefixtures("shards")
def test_a_known_input_gives_the_same_model_elsewhere(linreg: Linreg) -> None:
    assert linreg("update", "model.json", "s4.csv", "--once").status == 0
    before = Path("model.json").read_text()
    assert linreg("update", "model.json", "s4.csv", "--once", "-o", "o.json").status == 0
    assert Path("o.json").read_text() == before
    assert linreg("update", "model.json", "s4.csv", "--once", "-o", "-").stdout == before


@pytest.mark.usefixtures("shards")
@pytest.mark.parametrize("option", [["--once"], []])
def test_an_input_that_was_taken_out_can_come_again(linreg: Linreg, option: list[str]) -> None:
    original = Path("model.json").read_bytes()
    assert linreg("update", "model.json", "s4.csv", "--once").status == 0
    assert linreg("update", "model.json", "s4.csv", "--remove", *option).status == 0
    assert json.loads(Path("model.json").read_bytes())["moments"]["rows"] == "5"
    assert b'"inputs"' not in Path("model.json").read_bytes()
    assert linreg("update", "model.json", "s4.csv", "--once").status == 0
    assert rows_of("model.json") == 9
    assert original != Path("model.json").read_bytes()


@pytest.mark.usefixtures("shards")
def test_an_input_is_taken_out_once(linreg: Linreg) -> None:
    assert linreg("update", "model.json", "s4.csv", "--once").status == 0
    assert linreg("update", "model.json", "s4.csv", "--remove", "--once").status == 0
    done = linreg("update", "model.json", "s4.csv", "--remove", "--once")
    assert "s4.csv: left out, since the model does not have this content\n" in done.stderr
    assert (done.status, rows_of("model.json")) == (0, 5)


@pytest.mark.usefixtures("shards")
def test_training_keeps_what_counts_once(linreg: Linreg) -> None:
    arguments = ["s3.csv", "s4.csv", "s3.csv", *COLUMNS, "--once", "-o", "o.json"]
    done = linreg("train", *arguments)
    assert "s3.csv: left out, since the model already has this content\n" in done.stderr
    assert (rows_of("o.json"), inputs_of("o.json")) == (7, digest(shard(3), shard(4)))
    assert linreg("update", "o.json", "s4.csv", "--once", "-q").status == 0
    assert rows_of("o.json") == 7


@pytest.mark.usefixtures("shards")
def test_merged_models_have_the_inputs_of_all(linreg: Linreg) -> None:
    for name, data in (("a.json", ["s3.csv"]), ("b.json", ["s4.csv"]), ("c.json", ["s3.csv"])):
        train(linreg, *data, "--once", output=name)
    done = linreg("merge", "a.json", "b.json", "-o", "o.json")
    assert inputs_of("o.json") == digest(shard(3), shard(4))
    assert "Warning" not in done.stderr
    assert done.stderr.endswith("the model has 7 rows\n")
    done = linreg("merge", "a.json", "b.json", "c.json", "-o", "p.json")
    warning = "Warning: a.json and c.json have an input in common: its rows count twice\n"
    assert warning in done.stderr
    assert linreg("train", "o.json", "--solver", "exact", "-q", "-o", "q.json").status == 0
    assert inputs_of("q.json") == inputs_of("o.json")


@pytest.mark.usefixtures("shards")
def test_rows_for_testing_are_told_apart(linreg: Linreg) -> None:
    train(linreg, "s12.csv", "--test-fraction", "0.3", output="t.json")
    stderr = linreg("update", "t.json", "s11.csv").stderr
    test = int(json.loads(Path("t.json").read_bytes())["test_moments"]["rows"])
    assert stderr.endswith(f"the model has 23 rows, {test} of them for testing\n")


@pytest.mark.usefixtures("shards")
def test_what_reads_no_whole_file_hashes_none(shell: Shell) -> None:
    done = shell("linreg train houses.csv --x square_feet --y price --once --cluster local")
    assert (done.status, done.stderr.startswith("Error: --once has no")) == (2, True)


@pytest.mark.usefixtures("shards")
@pytest.mark.parametrize("inputs", [[], ["abc"], ["A" * 64], "0" * 64])
def test_inputs_that_are_no_hashes_are_refused(inputs: object) -> None:
    fields = json.loads(Path("model.json").read_bytes()) | {"inputs": inputs}
    with pytest.raises(ModelFileError, match=r"^m: is not a whole linreg model: inputs"):
        from_json(json.dumps(fields), "m")
