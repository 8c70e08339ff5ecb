"""Opening files, globs of files and standard input, compressed or not.

Paths and globs come in; streams of decompressed UTF-8 text go out.
"""

from typing import TYPE_CHECKING

from linreg_cli import lazy_exports

if TYPE_CHECKING:
    from linreg_cli.reading.sources.hints import list_command as list_command
    from linreg_cli.reading.sources.lines import (
        CR as CR,
        LF as LF,
        count_line_ends as count_line_ends,
        find_line_ends as find_line_ends,
    )
    from linreg_cli.reading.sources.source import (
        Source as Source,
        SourceStream as SourceStream,
        find_sources as find_sources,
    )
    from linreg_cli.reading.sources.streams import FullStream as FullStream, RawStream as RawStream
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "hints": ("list_command",),
            "lines": ("CR", "LF", "count_line_ends", "find_line_ends"),
            "source": ("Source", "SourceStream", "find_sources"),
            "streams": ("FullStream", "RawStream"),
        },
    )
