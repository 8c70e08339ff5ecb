"""The options of reading as words of a command line."""

from linreg_cli.reading.csv.csv_options import CsvOptions


def option_words(options: CsvOptions, given: CsvOptions | None = None) -> list[str]:
    """Return the options that differ from others, as words of a command line, not quoted.

    Parameters
    ----------
    options
        The options to write. The file of `sets_aside` is not part of them.
    given
        The options that are written already; those of a command without options if not given.

    """
    written = _pairs(given or CsvOptions())
    return [word for pair in _pairs(options) if pair not in written for word in pair]


def _pairs(options: CsvOptions) -> list[tuple[str, ...]]:
    """Return each option in use, with its value if it takes one."""
    delimiter = "tab" if options.delimiter == "\t" else options.delimiter
    values = {
        "--delimiter": delimiter,
        "--decimal": options.decimal,
        "--thousands": options.thousands,
        "--strip": options.strip,
        "--comment": options.comment,
        "--skip": str(options.skip or ""),
        "--encoding": options.encoding,
        "--missing": "fail" if options.fail_on_missing else "",
    }
    flags = {
        "--accounting": options.accounting,
        "--skip-initial-space": options.skip_initial_space,
        "--no-header": not options.has_header,
    }
    marker = "--na" if options.markers.has_default else "--na-only"
    return [
        *((option, value) for option, value in values.items() if value),
        *((option,) for option, is_set in flags.items() if is_set),
        *((marker, text) for text in options.markers.added),
    ]
