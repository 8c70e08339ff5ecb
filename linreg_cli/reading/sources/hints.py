"""Commands that a hint can name: how to copy, fetch or look at a file or a URL."""

import re
import shlex

_URL = r"([A-Za-z][A-Za-z0-9+.-]+)://"
_FETCH = {"s3": "aws s3 cp {} -", "gs": "gcloud storage cat {}", "hdfs": "hdfs dfs -cat {}"}
"""Commands that write the content of a URL to standard output."""
_LIST = {
    "s3": "aws s3 ls {}",
    "gs": "gcloud storage ls {}",
    "hdfs": "hdfs dfs -ls {}",
    "http": "curl -I {}",
    "https": "curl -I {}",
}
"""Commands that tell whether a URL exists."""
_LIST_ANY = "from fsspec.core import url_to_fs; f, path = url_to_fs({!r}); print(*f.ls(path))"


def scheme_of(name: str) -> str:
    """Return the scheme of a URL, such as ``s3``; nothing for a name that is not a URL."""
    match = re.match(_URL, name) if "://" in name else None
    return match[1].lower() if match else ""


def fetch_command(url: str) -> str:
    """Return a command that writes the content of a URL to standard output."""
    return _FETCH.get(scheme_of(url), "curl -L {}").format(shlex.quote(url))


def list_command(url: str) -> str:
    """Return a command that tells whether a URL, or the folder of a glob, exists."""
    folder = re.sub(r"[^/]*[*[].*", "", url)
    scheme = scheme_of(url)
    if scheme in _LIST:
        return _LIST[scheme].format(shlex.quote(folder))
    return f"python -c {shlex.quote(_LIST_ANY.format(folder))}"


def copy_hint(source: str) -> str:
    """Return the hint for a source that fails while it is read."""
    if source == "stdin":
        return "Write the data to a file first: COMMAND > data.csv"
    if scheme_of(source):
        return f"Copy it to this machine first: {fetch_command(source)} > data.csv"
    return f"Copy it to another disk first: cp {shlex.quote(source)} FOLDER"
