"""Work on several threads; the results come in the order of the input."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from linreg_cli.errors import LinregError

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 2
"""How many pieces of work for each thread are under way at once."""


def default_threads() -> int:
    """Return the number of cores that this process may use: one thread for each."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def map_in_order(work: Callable[[T], R], items: Iterable[T], threads: int) -> Iterator[tuple[T, R]]:
    """Yield each item with the result of the work on it.

    An error while an item is made is raised after the results of the items before it.
    """
    if threads == 1:
        yield from ((item, work(item)) for item in items)
        return
    from concurrent.futures import ThreadPoolExecutor

    under_way: deque[tuple[T, Future[R]]] = deque()
    source, error = iter(items), None
    pool = ThreadPoolExecutor(threads)
    try:
        while True:
            try:
                item = next(source)
            except StopIteration:
                break
            except LinregError as found:
                error = found
                break
            under_way.append((item, pool.submit(work, item)))
            if len(under_way) > AHEAD * threads:
                first, future = under_way.popleft()
                yield first, future.result()
        for first, future in under_way:
            yield first, future.result()
    finally:
        pool.shutdown(cancel_futures=True)
    if error is not None:
        raise error
