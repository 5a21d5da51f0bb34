"""A table as a Parquet file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from samordning.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence


def write(rows: Sequence[dict[str, object]], out: Path) -> None:
    """Write rows that all have the same columns: whole numbers, and texts for the rest. The file is written whole or not at all.

    Raises:
        InputError: the file can't be written.
    """
    columns = list(rows[0]) if rows else ["duty"]
    kinds = {name: "BIGINT" if rows and isinstance(rows[0][name], int) else "VARCHAR" for name in columns}
    with duckdb.connect() as db:
        # The names are our own column names, never something from a record.
        db.execute(f"CREATE TABLE found ({', '.join(f'{name} {kind}' for name, kind in kinds.items())})")
        if rows:
            places = ", ".join("?" for _ in columns)
            db.executemany(f"INSERT INTO found VALUES ({places})", [list(row.values()) for row in rows])  # noqa: S608  # only question marks
        try:
            with tempfile.TemporaryDirectory(dir=out.parent) as folder:
                made = Path(folder) / "table.parquet"
                db.table("found").write_parquet(str(made))
                made.replace(out)
        except OSError as error:
            raise InputError(f"The file can't be written: {error.strerror}", where=str(out)) from None
