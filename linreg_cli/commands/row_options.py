"""The options of how rows are read from CSV files, each declared once.

To add an option

- for all commands that read rows: add a field to `FileOptions`, with its help and its default. A
  field of the same name in `CsvOptions` gets its value, and must have the same default. It is not
  imported for that, so that a prediction for typed values starts without it; a test compares;
- for all commands that can set rows aside or leave them out: add a field to `RowOptions`
  or to `TrainingRowOptions` (`train` and `update` alone).
"""

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from linreg_cli.commands import parsers
from linreg_cli.commands.option_groups import OptionGroup
from linreg_cli.commands.option_kinds import choice, flag
from linreg_cli.commands.shared_options import READING

if TYPE_CHECKING:
    from linreg_cli.reading.csv import CsvOptions


class FileOptions(OptionGroup, frozen=True, kw_only=True):
    """How CSV files are written, and with how many threads they are read."""

    threads: Annotated[
        int | None,
        typer.Option(
            parser=parsers.whole(parsers.Bounds(at_least=1)),
            metavar="N",
            help="Number of reading threads.",
            show_default="one for each core",
            rich_help_panel=READING,
        ),
    ] = None
    delimiter: Annotated[
        str | None,
        typer.Option(
            metavar="CHAR",
            help="Field delimiter, for example ';', tab or whitespace. Detected if not given.",
            rich_help_panel=READING,
        ),
    ] = None
    decimal: Annotated[
        str,
        typer.Option(
            metavar="CHAR", help="Decimal point, for example ','.", rich_help_panel=READING
        ),
    ] = "."
    thousands: Annotated[
        str,
        typer.Option(
            metavar="CHAR",
            help="Thousands separator in numbers, for example '.'.",
            show_default="none",
            rich_help_panel=READING,
        ),
    ] = ""
    strip: Annotated[
        str,
        typer.Option(
            metavar="CHARS",
            help="Characters to remove at both ends of numbers, for example '$' or '€%'.",
            show_default="none",
            rich_help_panel=READING,
        ),
    ] = ""
    accounting: Annotated[
        bool,
        flag("--accounting", "Read (120) and 120- as -120.", READING),
    ] = False
    na: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TEXT",
            help="Count cells with this text as missing too, for example '?'. Repeatable.",
            show_default=False,
            rich_help_panel=READING,
        ),
    ] = None
    na_only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TEXT",
            help="Count only cells with this text as missing. Repeatable.",
            show_default=False,
            rich_help_panel=READING,
        ),
    ] = None
    comment: Annotated[
        str,
        typer.Option(
            metavar="TEXT",
            help="Skip lines that begin with this text, for example '#'.",
            show_default="none",
            rich_help_panel=READING,
        ),
    ] = ""
    skip: Annotated[
        int,
        typer.Option(
            parser=parsers.whole(parsers.Bounds(at_least=0)),
            metavar="N",
            help="Number of lines to skip at the start of each file.",
            rich_help_panel=READING,
        ),
    ] = 0
    skip_initial_space: Annotated[
        bool,
        flag(
            "--skip-initial-space",
            "Ignore spaces after a delimiter, so that quotes may follow them.",
            READING,
        ),
    ] = False
    encoding: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Text encoding, for example latin-1, utf-16, or auto.",
            rich_help_panel=READING,
        ),
    ] = "utf-8"
    no_header: Annotated[
        bool,
        flag("--no-header", "The first line is a row; the columns are named 1, 2, 3 ...", READING),
    ] = False

    def csv(self, **others: Any) -> "CsvOptions":  # noqa: ANN401 - of any field
        """Return what the reader needs to know; `others` are its fields of other names."""
        from linreg_cli.reading.csv import CsvOptions, MissingMarkers

        known = CsvOptions.__struct_fields__
        same = {name: getattr(self, name) for name in self.names() if name in known}
        markers = MissingMarkers(
            added=(*(self.na_only or ()), *(self.na or ())), has_default=not self.na_only
        )
        return CsvOptions(has_header=not self.no_header, markers=markers, **same, **others)


class RowOptions(FileOptions, frozen=True, kw_only=True):
    """How rows are read, and what becomes of those that cannot be read."""

    rejects: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Write unreadable rows to this CSV file, and continue.",
            rich_help_panel=READING,
        ),
    ] = None

    def csv(self, **others: Any) -> "CsvOptions":  # noqa: ANN401 - as above
        """Return what the reader needs to know."""
        return super().csv(sets_aside=self.rejects is not None, **others)


class TrainingRowOptions(RowOptions, frozen=True, kw_only=True):
    """How rows are read to learn from them."""

    missing: Annotated[
        Literal["drop", "fail"],
        choice(
            ("drop", "fail"),
            "Rows with a missing cell: drop leaves them out, fail stops with an error.",
            READING,
        ),
    ] = "drop"

    def csv(self, **others: Any) -> "CsvOptions":  # noqa: ANN401 - as above
        """Return what the reader needs to know."""
        return super().csv(fail_on_missing=self.missing == "fail", **others)
