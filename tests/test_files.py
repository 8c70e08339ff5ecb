"""Files written whole."""

import errno
import os
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from linreg_cli.errors import DataError, ModelFileError
from linreg_cli.files import open_output, open_whole

NEW = b"new content"
FAILURES = [OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), KeyboardInterrupt()]


def write_whole(path: Path, content: bytes) -> None:
    with open_whole(path) as file:
        file.write(content)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.json"
    path.write_bytes(b"old content")
    return path


def fail_with(failure: BaseException) -> Any:
    def fail(*_args: object, **_options: object) -> None:
        raise failure

    return fail


def test_a_new_file_has_the_content(tmp_path: Path) -> None:
    write_whole(tmp_path / "new.json", NEW)
    assert (tmp_path / "new.json").read_bytes() == NEW


def test_an_old_file_gets_the_new_content(old: Path) -> None:
    write_whole(old, NEW)
    assert old.read_bytes() == NEW


def test_a_path_may_be_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_whole(Path("new.json"), NEW)
    assert (tmp_path / "new.json").read_bytes() == NEW


def test_nothing_else_is_left_in_the_folder(old: Path) -> None:
    write_whole(old, NEW)
    assert list(old.parent.iterdir()) == [old]


def test_who_reads_the_old_file_meanwhile_sees_it_whole(old: Path) -> None:
    with old.open("rb") as reader:
        write_whole(old, NEW)
        assert reader.read() == b"old content"


@pytest.mark.parametrize("failure", FAILURES, ids=["full disk", "Ctrl-C"])
@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
def test_a_failure_at_any_step_leaves_the_old_file_and_nothing_else(
    old: Path, monkeypatch: pytest.MonkeyPatch, step: str, failure: BaseException
) -> None:
    monkeypatch.setattr(os if step == "fsync" else Path, step, fail_with(failure))
    with pytest.raises(type(failure)):
        write_whole(old, NEW)
    assert old.read_bytes() == b"old content"
    assert list(old.parent.iterdir()) == [old]


def test_the_content_is_on_disk_before_it_takes_the_old_place(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def look(_descriptor: int) -> None:
        seen.append(old.read_bytes())
        seen.extend(path.read_bytes() for path in old.parent.iterdir() if path != old)

    monkeypatch.setattr(os, "fsync", look)
    write_whole(old, NEW)
    assert seen == [b"old content", NEW]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o755])
def test_an_old_file_keeps_its_mode(old: Path, mode: int) -> None:
    old.chmod(mode)
    write_whole(old, NEW)
    assert stat.S_IMODE(old.stat().st_mode) == mode


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_has_the_mode_that_the_umask_leaves(
    tmp_path: Path, mask: int, mode: int
) -> None:
    before = os.umask(mask)
    try:
        write_whole(tmp_path / "new.json", NEW)
        assert os.umask(mask) == mask
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new.json").stat().st_mode) == mode


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_an_old_file_keeps_its_owner_and_group(old: Path) -> None:
    os.chown(old, 1234, 2345)
    old.chmod(0o640)
    write_whole(old, NEW)
    status = old.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (1234, 2345, 0o640)


def test_an_owner_that_cannot_be_kept_is_told(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status = old.stat()
    uid, gid = status.st_uid, status.st_gid
    theirs = os.stat_result((*status[:4], uid + 1, gid + 1, *status[6:]))
    monkeypatch.setattr(
        Path, "stat", lambda path, stat=Path.stat: theirs if path == old else stat(path)
    )
    tried = []

    def refuse(_path: Path, *ids: int) -> None:
        tried.append(ids)
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "chown", refuse)
    told: list[str] = []
    with open_whole(old, tell=told.append) as file:
        file.write(NEW)
    assert tried == [(uid + 1, gid + 1), (-1, gid + 1)]
    kept = (
        f"its owner {uid + 1} and group {gid + 1} could not be kept; they are now {uid} and {gid}."
    )
    assert told == [f"{old}: {kept} As root, chown {uid + 1}:{gid + 1} {old} restores them."]
    assert old.read_bytes() == NEW


def test_a_link_stays_a_link_to_the_new_content(old: Path) -> None:
    link = old.with_name("link.json")
    link.symlink_to(old.name)
    write_whole(link, NEW)
    assert link.is_symlink()
    assert old.read_bytes() == NEW


def test_a_link_to_nothing_gets_its_file(tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to("target.json")
    write_whole(link, NEW)
    assert link.is_symlink()
    assert (tmp_path / "target.json").read_bytes() == NEW


def test_a_device_is_written_directly() -> None:
    write_whole(Path("/dev/null"), NEW)
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_full_device_is_an_error() -> None:
    with pytest.raises(OSError, match="No space left on device") as caught:
        write_whole(Path("/dev/full"), NEW)
    assert caught.value.errno == errno.ENOSPC


def test_a_pipe_is_written_directly(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_whole(pipe, NEW)
    reader.join(timeout=10)
    assert read == [NEW]
    assert pipe.is_fifo()


def test_a_pipe_that_is_named_by_its_descriptor_is_written_directly() -> None:
    # what the shell makes of -o >(gzip), and /dev/stdout in a pipe
    reader, writer = os.pipe()
    try:
        write_whole(Path(f"/dev/fd/{writer}"), NEW)
        assert os.read(reader, 100) == NEW
    finally:
        os.close(reader)
        os.close(writer)


def test_a_name_as_long_as_names_can_be_is_written(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 255)
    write_whole(path, NEW)
    assert path.read_bytes() == NEW


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "missing" / "new.json", NEW)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_not_overwritten(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        write_whole(tmp_path, NEW)
    assert tmp_path.is_dir()


def test_a_file_that_may_not_be_written_is_not_replaced(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a rename needs the right to write the folder alone; root has every right
    monkeypatch.setattr(os, "access", lambda _path, mode: not mode & os.W_OK)
    with pytest.raises(PermissionError) as caught:
        write_whole(old, NEW)
    assert caught.value.strerror == "Permission denied"
    assert old.read_bytes() == b"old content"


@pytest.mark.parametrize("name", ["fd/{}", "stdout"])
def test_what_a_redirection_wrote_already_stays(
    old: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with old.open("ab") as file:
        number = file.fileno()
        monkeypatch.setattr(os, "dup", lambda _number, dup=os.dup: dup(number))
        write_whole(Path("/dev") / name.format(number), NEW)
    assert old.read_bytes() == b"old content" + NEW


def test_a_place_that_cannot_be_written_is_an_error_that_names_it(tmp_path: Path) -> None:
    place = str(tmp_path / "nowhere" / "page.html")
    with pytest.raises(DataError) as caught, open_output(place, "page"):
        pytest.fail("the block is not reached")
    assert caught.value.message == f"{place}: cannot write the page: No such file or directory"
    assert caught.value.hint == f"Make the folder: mkdir -p {tmp_path / 'nowhere'}"


def test_a_caller_chooses_the_error_and_the_hint(old: Path) -> None:
    def fail_half_way() -> None:
        with open_output(str(old), "model", hint="Try again.", failure=ModelFileError) as file:
            file.write(NEW)
            raise FAILURES[0]

    with pytest.raises(ModelFileError) as caught:
        fail_half_way()
    assert caught.value.message == f"{old}: cannot write the model: No space left on device"
    assert caught.value.hint == "Try again."
    assert old.read_bytes() == b"old content"
