"""Run linreg columns in tests, and read what it says."""

import json
from typing import Any

from tests.conftest import Linreg

MIXED = b"""id,age,price,city,none
1,30,100.5,Rome,
2,NA,200,Oslo,NA
3,x,300,,null
4,50,n/a?,Bern,
5,60,,Rome,
"""


def as_json(linreg: Linreg, *arguments: str, stdin: bytes | str = b"") -> Any:
    result = linreg("columns", *arguments, "--json", stdin=stdin)
    assert result.status == 0, result.stderr
    return json.loads(result.stdout)


def columns_of(linreg: Linreg, *arguments: str, stdin: bytes | str = b"") -> dict[str, Any]:
    described = as_json(linreg, *arguments, stdin=stdin)["columns"]
    return {column["name"]: column for column in described}


def lines(linreg: Linreg, *arguments: str, stdin: bytes | str = b"") -> list[list[str]]:
    result = linreg("columns", *arguments, stdin=stdin)
    assert result.status == 0, result.stderr
    return [line.split() for line in result.stdout.splitlines()]
