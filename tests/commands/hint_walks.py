"""Files as people have them, and commands that follow hints until they work."""

import io
import re
import shlex
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.conftest import Linreg

MOST_STEPS = 10

FLAGS = {"--accounting", "--skip-initial-space", "--no-header"}
"""Options without a value."""

REPEATED = {"--na", "--na-only"}


class Walk(NamedTuple):
    """The commands that were typed, and the last result."""

    commands: list[str]
    status: int
    stderr: str

    @property
    def options(self) -> str:
        """What the hints added."""
        return self.commands[-1].removeprefix(self.commands[0]).strip()


def options_in(hint: str) -> list[list[str]]:
    """Return the first options that a hint names, each with its value."""
    found: list[list[str]] = []
    text = hint[hint.find("--") :] if "--" in hint else ""
    words = shlex.split(text)
    while words and words[0].startswith("--"):
        option = words.pop(0).rstrip(".;")
        if option in FLAGS:
            found.append([option])
        elif words:
            value = words.pop(0)
            ends_sentence = not words and len(value) > 1
            found.append([option, value.rstrip(".;") if ends_sentence else value])
    return found


def with_options(command: Sequence[str], options: Sequence[Sequence[str]]) -> list[str]:
    """Return a command with options added, each in place of one of the same name before."""
    words = list(command)
    for option in options:
        if option[0] in words and option[0] not in REPEATED:
            at = words.index(option[0])
            del words[at : at + len(option)]
        words += option
    return words


def follow(linreg: Linreg, command: Sequence[str]) -> Walk:
    """Type a command, and then what its hints say, until it works or a command comes again."""
    typed = [list(command)]
    while True:
        result = linreg(*typed[-1])
        _, _, hint = result.stderr.partition("Hint: ")
        options = options_in(re.sub(r"\s+", " ", hint))
        following = with_options(typed[-1], options)
        is_end = result.status == 0 or not options or following in typed
        if is_end or len(typed) > MOST_STEPS:
            return Walk([shlex.join(words) for words in typed], result.status, result.stderr)
        typed.append(following)


def crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def zipped(text: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("data.csv", text)
    return file.getvalue()


FILES: dict[str, tuple[str | bytes, str]] = {
    # the sixteen kinds, each with the options that the hints lead to
    "aligned": ("  x    y\n  1    2\n 20  4.5\n  3    5\n", ""),
    "missing": ("x,y\n1,2\n2,?\n3,4\n.,5\n5,missing\n6,9\n", "--na '?' --na . --na missing"),
    "currency": ('x,y\n1,"$1,200"\n2,$950\n3,"$1,300.50"\n', "--thousands , --strip '$'"),
    "percent": ("x,y\n1,12 %\n2,13.5%\n3,9%\n", "--strip %"),
    "accounting": ("x,y\n1,(20)\n2,30\n3,5-\n", "--accounting"),
    "minus": ("x,y\n1,\u22122\n2,3\n3,4\n", ""),
    "spaces": ("x;y\n1\u00a0200;2\n2\u202f400;3\n980;4\n", "--thousands ' '"),
    "apostrophes": ("x;y\n1'200;2\n2\u2019400;3\n980;4\n", "--thousands ''\"'\"''"),
    "Indian": ('x,y\n"12,50,000",2\n"1,00,000",3\n"95,000",4\n', "--thousands ,"),
    "decimal commas": ('x,y\n"1,5","2,5"\n"2,5","3,25"\n"4,5","7"\n', "--decimal ,"),
    "points": ("x;y\n1.200;10,5\n2.400;20,5\n980;8\n", "--decimal , --thousands ."),
    "comments": ("# by hand\nx,y\n1,2\n# gap\n2,3\n4,7\n# end\n", "--comment '#'"),
    "preamble": ("Report\nof the till\n\nx,y\n1,2\n2,3\n4,7\n", "--skip 3"),
    "sep": ("sep=;\nx;y\n1;2\n2;3\n4;7\n", ""),
    "trailing": ("x,y\n1,2,\n2,3,\n4,7,\n", ""),
    "blanks before quotes": ('x, y\n1, "2"\n2, "3"\n4, "7"\n', "--skip-initial-space"),
    "row names": ('"x" "y"\n"a" 1 2\n"b" 2 3\n"c" 4 7\n', ""),
    "total": ("x,y\n1,2\n2,3\n4,7\nTotal,12\n", "--rejects rejects.csv"),
    "Windows-1252": ("x,y,größe\n1,2,ä\n2,3,b\n4,7,€\n".encode("cp1252"), "--encoding cp1252"),
    "decomposed": ("x,y\n1,2\n2,3\n4,7\n".replace("x", " x "), ""),
    "zip": (zipped("x,y\n1,2\n2,3\n4,7\n"), ""),
    "sentinel word": ("x,y\n1,2\n2,n.a.\n4,7\n5,8\n", "--na n.a."),
    # combinations
    "bank": (
        crlf(
            "\ufeffKonto;\nvon;bis\n\nx;y;\n1.200,50;10,5;\n2.400,00;20,5;\n980,10;8;\nSumme;39;\n"
        ),
        "--skip 3 --decimal , --thousands . --rejects rejects.csv",
    ),
    "bank in Windows-1252": (
        crlf("Umsätze\n\nx;y\n1.200,50 €;10,5\n2.400,00 €;20,5\n980,10 €;8\n").encode("cp1252"),
        "--encoding cp1252 --skip 2 --decimal , --thousands . --strip '€'",
    ),
    "sep and decimal commas": ("sep=;\nx;y\n1,5;50\n2;61,5\n3,25;70\n", "--decimal ,"),
    "sep, preamble": ("sep=,\nReport\nx,y\n1,2\n2,3\n4,7\n", "--skip 2"),
    "aligned with comments": (
        "% mast 3\n x    y\n 1    2\n% gap\n 2.5  ?\n 4    7\n 5    8\n",
        "--comment % --na '?'",
    ),
    "aligned with decimal commas": (" x    y\n 1,5  2\n 2,25 4\n 4    7\n", "--decimal ,"),
    "aligned with text": ("x    y  z\n1,5  2  a,b\n2,25 4  c\n4    7  d\n", "--decimal ,"),
    "blanks and tabs": (' x \t y "a  b"\n 1   2\t" q "\n\t2 \t 3 r  \n4 7 s\n', ""),
    "tabs": (
        "x\ty\n1'200\t2\n2'400\t-\n980\t7\n990\tn/d\n10\t5\n",
        "--thousands ''\"'\"'' --na - --na n/d",
    ),
    "UTF-16": ("x;y\n1,5;2\n2,5;3\n4,5;7\n".encode("utf-16"), "--decimal ,"),
    "accounts": (
        'x,y\n1,"($1,200.50)"\n2,"$1,300.00"\n3,$5\n',
        "--thousands , --strip '$' --accounting",
    ),
    "per cent, decimal commas": ("x;y\n1;12,5\u00a0%\n2;13 %\n3;9,25 %\n", "--decimal , --strip %"),
    "zip with a preamble": (zipped("Report\n\nx;y\n1,5;2\n2,5;3\n4,5;7\n"), "--skip 2 --decimal ,"),
    "write.csv2": ('"";"x";"y"\n"a";1,5;2\n"b";2,5;3\n"c";4,5;7\n', "--decimal ,"),
    "quotes after blanks, currency": (
        'x, y\n1, "$1,200"\n2, "$950"\n3, "$1,300"\n',
        "--skip-initial-space --thousands , --strip '$'",
    ),
    "footers": (
        'x,y\n1,2\n2,3\n4,7\n\nSource: the till\n"a, b",c,d\n',
        "--rejects rejects.csv",
    ),
    "comments in a preamble": (
        "# a\n# b\n\nTitle\nx;y\n1,5;2\n2,5;3\n4,5;7\n",
        "--skip 4 --decimal ,",
    ),
    "euros in front": (
        "x;y\n€ 1.200,50;1\n€ 980,00;2\n€ 2.000,10;4\n",
        "--decimal , --thousands . --strip '€'",
    ),
    "trailing and comments": ("x;y;\n1;2;\n# gap\n2;3;\n4;7;\n", "--comment '#'"),
    "units": ("x,y\n1,5 kg\n2,6 kg\n3,9 kg\n", "--strip kg"),
    "lone CR": ("Title\rx;y\r1,5;2\r2,5;3\r4,5;7\r", "--skip 1 --decimal ,"),
}


def write(name: str) -> str:
    data, _ = FILES[name]
    file = "data.zip" if isinstance(data, bytes) and data.startswith(b"PK") else "data.csv"
    Path(file).write_bytes(data if isinstance(data, bytes) else data.encode())
    return file
