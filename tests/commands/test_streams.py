"""The installed script in real pipes: what ends early, what never ends, and Ctrl-C."""

import contextlib
import fcntl
import json
import os
import re
import signal
import subprocess
import termios
import threading
from array import array
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from linreg_cli.commands.signals import ending_cleanly
from tests.conftest import TIMEOUT, Linreg, Shell, snapshot
from tests.oracles import textbook_descent

COLUMNS = "--x square_feet --y price"
BLOCK = b"".join(b"%d,%d\n" % (500 + i % 2000, 300 * (i % 1999)) for i in range(20_000))
"""A quarter of a megabyte of rows without their header."""
HEADER = b"square_feet,price\n"
pytestmark = pytest.mark.usefixtures("houses", "interruptible")


@pytest.fixture
def model(linreg: Linreg, houses: Path) -> None:
    done = linreg("train", houses.name, *COLUMNS.split(), "-q", "--solver", "exact")
    assert (done.status, done.stderr) == (0, "")


@contextlib.contextmanager
def started(script: str, command: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start linreg with pipes on all sides; end it in any case."""
    process = subprocess.Popen(
        [script, *command.split()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    watchdog = threading.Timer(TIMEOUT, process.kill)
    watchdog.start()
    try:
        yield process
    finally:
        watchdog.cancel()
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            assert stream
            with contextlib.suppress(BrokenPipeError):  # of what was left to write
                stream.close()


def feed(process: subprocess.Popen[bytes], data: bytes) -> threading.Thread:
    """Write to a process until it ends, while something else is done."""

    def write() -> None:
        assert process.stdin
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(data)

    thread = threading.Thread(target=write)
    thread.start()
    return thread


def wait_for_more(process: subprocess.Popen[bytes]) -> None:
    """Wait until a process has read all that was written to it, and sleeps for more.

    Python looks for signals when a system call is interrupted; one that arrives just before
    the call is seen when the call returns, which it never does here.
    """
    assert process.stdin
    process.stdin.flush()
    left = array("i", [1])
    while process.poll() is None:
        fcntl.ioctl(process.stdin, termios.FIONREAD, left)
        state = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0]
        if (left[0], state) == (0, "S"):
            return


def pipe_without_reader() -> int:
    read, write = os.pipe()
    os.close(read)
    return write


# Pipelines


def test_a_model_goes_through_a_pipe(shell: Shell) -> None:
    done = shell(f"linreg train houses.csv {COLUMNS} -q -o - | linreg predict - 1800")
    assert (done.stderr, done.status) == ("", 0)
    assert float(done.stdout) == pytest.approx(540000, rel=1e-11)


@pytest.mark.usefixtures("model")
def test_seq_goes_through_a_pipe(shell: Shell) -> None:
    done = shell("seq 500 500 2500 | linreg predict model.json")
    assert done.stdout == "150000.0\n300000.0\n450000.0\n600000.0\n750000.0\n"
    assert (done.stderr, done.status) == ("", 0)


def test_data_can_be_the_output_of_another_command(shell: Shell) -> None:
    done = shell(f"linreg train <(cat houses.csv) {COLUMNS} -q -o one.json")
    assert (done.stderr, done.status) == ("", 0)
    assert json.loads(Path("one.json").read_bytes())["moments"]["rows"] == "5"


def test_a_device_can_be_the_output(shell: Shell) -> None:
    done = shell(f"linreg train houses.csv {COLUMNS} -q -o /dev/stdout | cat")
    assert (done.stderr, json.loads(done.stdout)["y"]) == ("", "price")


def test_progress_and_summary_are_on_standard_error_alone(shell: Shell) -> None:
    done = shell(f"linreg train houses.csv {COLUMNS} -o - 2> said | linreg predict - 1800")
    assert done.stdout.count("\n") == 1
    assert "wrote the model to standard output" in Path("said").read_text()


# Readers that go away


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("options", ["", "--only", "--column guess"])
def test_head_ends_predict_quietly(shell: Shell, options: str) -> None:
    Path("big.csv").write_bytes(HEADER + BLOCK * 4)  # more than any pipe holds
    command = f"linreg predict model.json big.csv {options} | head -1"
    done = shell(f"{command}; echo ${{PIPESTATUS[0]}}")
    first, status = done.stdout.splitlines()
    assert first.count(",") == (0 if options == "--only" else 2)
    assert (status, done.stderr) == ("0", "")


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    "command",
    [
        f"train houses.csv {COLUMNS} -q -o -",
        "predict model.json 1800",
        "predict model.json houses.csv --column guess",
    ],
)
def test_a_reader_that_is_gone_ends_the_command_quietly(script: str, command: str) -> None:
    write = pipe_without_reader()
    done = subprocess.run(
        [script, *command.split()], stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert (done.stderr, done.returncode) == (b"", 0)


def test_training_goes_on_when_nobody_reads_what_it_says(script: str) -> None:
    write = pipe_without_reader()  # as in: linreg train ... 2>&1 | head -1
    command = [script, "train", "houses.csv", *COLUMNS.split()]
    done = subprocess.run(command, stderr=write, stdout=write, check=False)
    os.close(write)
    assert (done.returncode, Path("model.json").exists()) == (0, True)


# Data that is larger than memory, or never ends


def peak_memory(script: str, command: str, blocks: int) -> int:
    """Feed rows through a pipe; give the largest amount of memory in use, in bytes."""
    process = subprocess.Popen(
        [script, *command.split()], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    assert process.stdin
    process.stdin.write(HEADER)
    for _ in range(blocks):
        process.stdin.write(BLOCK)
    process.stdin.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss * 1024


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    "command", [f"train - {COLUMNS} -q -o new.json", "predict model.json - --column guess -q"]
)
def test_memory_does_not_grow_with_the_rows(script: str, command: str) -> None:
    growth = peak_memory(script, command, 160) - peak_memory(script, command, 20)
    # as bytes or as numbers, the rows that are more would need as much again and more
    assert growth < 140 * len(BLOCK) / 2


@pytest.mark.usefixtures("model")
def test_predictions_come_before_the_input_ends(script: str) -> None:
    with started(script, "predict model.json - --column guess") as process:
        assert process.stdin
        assert process.stdout
        feeder = feed(process, HEADER + BLOCK * 20)
        assert process.stdout.readline() == b"square_feet,price,guess\n"
        assert process.stdout.readline() == b"500,0,150000.0\n"
        drain = threading.Thread(target=process.stdout.read)
        drain.start()
        feeder.join()
        process.stdin.close()
        drain.join()
        assert process.wait() == 0


# Ctrl-C


def test_ctrl_c_while_reading_leaves_nothing_behind(script: str, folder: Path) -> None:
    (folder / "model.json").write_text("old")
    before = snapshot(folder)
    with started(script, f"train - {COLUMNS} --history h.csv") as process:
        assert process.stdin
        assert process.stderr
        process.stdin.write(HEADER + BLOCK * 8)
        wait_for_more(process)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
        assert process.wait() == 130
    assert b"Traceback" not in said
    assert snapshot(folder) == before


@pytest.mark.usefixtures("model")
def test_ctrl_c_ends_predict_without_a_traceback(script: str) -> None:
    with started(script, "predict model.json - --column guess") as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        drain = threading.Thread(target=process.stdout.read)
        drain.start()
        process.stdin.write(HEADER + BLOCK * 8)
        wait_for_more(process)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
        assert process.wait() == 130
        drain.join()
    assert b"Traceback" not in said


DESCENT = "--no-scale --learning-rate 1e-12 --epochs 1000000000 --log-every 1"
ENDLESS = f"train houses.csv {COLUMNS} {DESCENT}"


def interrupted(script: str, command: str) -> tuple[bytes, str]:
    """Press Ctrl-C at some time after epoch 1024; give standard output, and what is said then."""
    with started(script, command) as process:
        assert process.stdout
        assert process.stderr
        for line in process.stderr:
            if line.split()[:1] == [b"1024"]:
                break
        process.send_signal(signal.SIGINT)
        said = process.stderr.read().decode()
        assert process.wait() == 130
        return process.stdout.read(), said


def test_ctrl_c_while_training_writes_the_model_so_far(script: str, installed: Linreg) -> None:
    _, said = interrupted(script, ENDLESS)
    model = json.loads(Path("model.json").read_bytes())
    epochs = model["training"]["epochs"]
    assert (epochs >= 1024, model["training"]["stopped"]) == (True, "interrupted")
    assert f"interrupted after {epochs:,} epochs" in said
    assert said.endswith("\nwrote model.json\n")
    x = np.array([500, 1000, 1500, 2000, 2500.0])
    X = np.column_stack([np.ones(5), x])
    b, m = textbook_descent(X, 300 * x, learning_rate=1e-12, epochs=epochs)[-1]
    # rounding of some thousands of steps
    np.testing.assert_allclose([model["b"], model["m"]], [b, m], rtol=1e-9)
    assert installed("predict", "model.json", "1800").status == 0


def test_ctrl_c_while_training_writes_the_model_to_standard_output(script: str) -> None:
    stdout, _ = interrupted(script, f"{ENDLESS} -o -")
    assert json.loads(stdout)["training"]["stopped"] == "interrupted"
    assert not Path("model.json").exists()


def test_ctrl_c_while_training_writes_the_history_so_far(script: str) -> None:
    interrupted(script, f"{ENDLESS} --history h.csv")
    epochs = [line.split(",")[0] for line in Path("h.csv").read_text().splitlines()]
    assert epochs[:12] == ["epoch", *map(str, range(11))]
    training = json.loads(Path("model.json").read_bytes())["training"]
    assert epochs[-1] == str(training["epochs"])


def test_ctrl_c_while_a_training_that_has_to_converge_writes_no_model(script: str) -> None:
    Path("model.json").write_text("old")
    options = "--require-convergence --history h.csv"
    stdout, said = interrupted(script, f"{ENDLESS} {options} -o model.json")
    assert (stdout, Path("model.json").read_text()) == (b"", "old")
    assert re.search(
        r"(^|\n)Warning: interrupted after [\d,]+ epochs: no model was written\n$", said
    )
    assert len(Path("h.csv").read_text().splitlines()) > 1024  # how it went is worth keeping


# Other signals


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
@pytest.mark.parametrize(
    "command",
    [
        f"train - {COLUMNS} --rejects r.csv -o new.json",
        "update model.json - --rejects r.csv",
        "evaluate model.json - --rejects r.csv",
        "predict model.json - --only --rejects r.csv",
        "plot model.json - --rejects r.csv",
        "replay model.json - --rejects r.csv",
    ],
)
def test_a_signal_leaves_nothing_behind(
    script: str, folder: Path, command: str, number: signal.Signals, status: int
) -> None:
    before = snapshot(folder)
    with started(script, command) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(HEADER + b"500,a\n")
        process.stdin.flush()
        while snapshot(folder) == before:  # until there is something to leave
            assert process.poll() is None
        wait_for_more(process)
        process.send_signal(number)
        assert (process.stderr.read(), process.wait()) == (b"", status)
    assert snapshot(folder) == before


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_while_training_keeps_the_old_model(
    script: str, folder: Path, number: signal.Signals, status: int
) -> None:
    (folder / "model.json").write_text("old")
    before = snapshot(folder)
    with started(script, f"{ENDLESS} --history h.csv") as process:
        assert process.stderr
        for line in process.stderr:
            if line.split()[:1] == [b"1024"]:
                break
        process.send_signal(number)
        assert b"Traceback" not in process.stderr.read()
        assert process.wait() == status
    assert snapshot(folder) == before


def test_a_hangup_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    try:
        with ending_cleanly():
            os.kill(os.getpid(), signal.SIGHUP)
            assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_second_signal_does_not_interrupt_the_cleaning_up() -> None:
    cleaned = []
    with pytest.raises(SystemExit) as caught, ending_cleanly():  # noqa: PT012  # how it cleans up
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            os.kill(os.getpid(), signal.SIGHUP)
            cleaned.append("all")
    assert (caught.value.code, cleaned) == (143, ["all"])


def test_handlers_are_those_of_the_caller_after_a_run(linreg: Linreg) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)]
    linreg("--version")
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)] == before


def test_a_closed_standard_error_leaves_standard_output_to_data(shell: Shell, houses: Path) -> None:
    assert houses.exists()
    line = "linreg train houses.csv --x square_feet --y price --explain -o -"
    said, silent = shell(line), shell(f"{line} 2>&-")
    assert (silent.status, silent.stderr) == (0, "")
    assert silent.stdout == said.stdout
