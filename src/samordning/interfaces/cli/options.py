"""Options that several commands share, and the enumerations behind them."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from samordning.errors import InputError


class Lang(StrEnum):
    """A language the user reads."""

    NB = "nb"
    NN = "nn"
    EN = "en"


class Format(StrEnum):
    """How an answer is written."""

    TEXT = "text"
    JSON = "json"
    TURTLE = "turtle"
    JSONLD = "jsonld"


#: What rdflib calls the forms of RDF that a command writes.
RDF_FORMS: Final[dict[Format, Literal["turtle", "json-ld"]]] = {Format.TURTLE: "turtle", Format.JSONLD: "json-ld"}


class TableFormat(StrEnum):
    """How a table is written."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


LangOption = Annotated[Lang, typer.Option("--lang", help="Language of the text: nb, nn or en.")]
FormatOption = Annotated[Format, typer.Option("--format", help="text to read; json, turtle or jsonld for programs.")]
TableFormatOption = Annotated[TableFormat, typer.Option("--format", help="text, json or csv.")]
DateOption = Annotated[
    str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="As-of date; today when left out.")
]
DatasetOption = Annotated[
    Path | None,
    typer.Option(
        "--dataset",
        envvar="SAMORDNING_DATASET",
        help="Folder of a built dataset; the one that came with the package when left out.",
    ),
]


StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--store",
        envvar="SAMORDNING_LOVDATA",
        help="File of the official texts; one in your own data folder when left out.",
    ),
]


def parse_date(text: str | None, option: str = "--date") -> dt.date | None:
    """The date given on the command line.

    Raises:
        InputError: it is not a day in the form YYYY-MM-DD.
    """
    if text is None:
        return None
    try:
        if len(text) == len("2026-03-01"):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    raise InputError("This is not a day such as 2026-03-01", where=option)


def today() -> dt.date:
    """Today, in UTC."""
    return dt.datetime.now(tz=dt.UTC).date()
