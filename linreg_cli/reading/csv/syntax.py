"""What separates fields and records."""

from msgspec import Struct

BLANKS = " \t"
"""The characters that separate fields in an aligned file; any number of them may follow."""


class Syntax(Struct, frozen=True):
    """How records and fields are separated.

    Attributes
    ----------
    delimiters
        The characters after which a field starts: one, or all that may do it while that is not
        known.
    comment
        Lines that begin with this text are not records; nothing if there are no such lines.
    skips_initial_space
        Whether blanks after a delimiter do not count, so that a quote may follow them.
    merges_blanks
        Whether a run of blanks is one delimiter, and blanks at both ends of a line do not count.

    """

    delimiters: str
    comment: str = ""
    skips_initial_space: bool = False
    merges_blanks: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether each delimiter separates two fields and each line may be a record."""
        return not (self.comment or self.skips_initial_space or self.merges_blanks)

    @property
    def plain(self) -> "Syntax":
        """The syntax of the same records in the plain form that `rewrite` gives."""
        return Syntax("\t" if self.merges_blanks else self.delimiters)

    @property
    def written_delimiter(self) -> str:
        """What a field that is added to a record is separated by."""
        return " " if self.merges_blanks else self.delimiters

    def is_plain_in(self, data: bytes) -> bool:
        """Return whether these records mean the same with a plain syntax.

        True is certain. False may be wrong, if a field holds the text that begins a comment.
        """
        if self.merges_blanks:
            return False
        if self.skips_initial_space and any(pair in data for pair in (b' "', b'\t"')):
            return False
        comment = self.comment.encode()
        return not comment or comment not in data
