"""SQLite: the expression of SQL, with SQLite's functions of dates."""

from linreg_cli.model import Model
from linreg_cli.output.export import sql


class SqliteNotation(sql.SqlNotation):
    """SQL with strftime, which reads texts: %s are the whole seconds, %f has their fraction."""

    def days(self, name: str) -> str:
        """Return the days of a text, to the millisecond."""
        seconds = " ".join(
            f"{sign}strftime('{part}', {name})"
            for sign, part in (("", "%s"), ("- ", "%S"), ("+ ", "%f"))
        )
        return f"(({seconds}) / 86400e0)"


def write(model: Model, *, inverse: bool = False) -> str:
    """Return the model as an expression for SQLite; see `sql.write`."""
    return sql.write(model, inverse=inverse, notation=SqliteNotation())
