"""Commands in hints."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from linreg_cli.reading.sources.hints import list_command, scheme_of


@pytest.mark.parametrize(
    ("url", "command"),
    [
        ("s3://bucket/2026/sales-*.csv", "aws s3 ls s3://bucket/2026/"),
        ("gs://bucket/a.csv", "gcloud storage ls gs://bucket/a.csv"),
        ("https://host/a b.csv", "curl -I 'https://host/a b.csv'"),
    ],
)
def test_a_store_is_listed_by_its_own_program(url: str, command: str) -> None:
    assert list_command(url) == command


def test_any_other_store_is_listed_by_fsspec(tmp_path: Path) -> None:
    (tmp_path / "here.csv").write_text("x\n1\n")
    command = shlex.split(list_command(f"local://{tmp_path}/it's-*.csv"))
    assert command[:2] == ["python", "-c"]
    done = subprocess.run(
        [sys.executable, *command[1:]], capture_output=True, text=True, check=True
    )
    assert "here.csv" in done.stdout


@pytest.mark.parametrize(
    ("name", "scheme"), [("S3://a", "s3"), ("a.csv", ""), ("c:/a.csv", ""), ("-", "")]
)
def test_only_a_url_has_a_scheme(name: str, scheme: str) -> None:
    assert scheme_of(name) == scheme
