"""The commands ``samordning check case`` and ``samordning check setup``: one file, or a folder of them."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from samordning.errors import InputError
from samordning.interfaces.cli.lookup import opened
from samordning.interfaces.cli.options import DatasetOption, DateOption, Lang, LangOption, parse_date

if TYPE_CHECKING:
    from samordning.check.checker import Checker
    from samordning.check.folder import Tally
    from samordning.check.model import Report

app = typer.Typer(
    name="check",
    help="Does this case, does this organisation, meet the duties that apply to it on the date?",
    no_args_is_help=True,
)


class CheckFormat(StrEnum):
    """How a report or a table is written."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"
    TURTLE = "turtle"
    JSONLD = "json-ld"
    SARIF = "sarif"
    CSV = "csv"
    PARQUET = "parquet"


class EngineName(StrEnum):
    """Which engine checks one file."""

    RUDOF = "rudof"
    PYSHACL = "pyshacl"


_FOUND = ("breach", "to_be_assessed", "recommended", "not_assessable", "depends")
_TABLES = (CheckFormat.TEXT, CheckFormat.JSON, CheckFormat.CSV, CheckFormat.PARQUET)
_REPORTS = tuple(form for form in CheckFormat if form not in (CheckFormat.CSV, CheckFormat.PARQUET))

PathArgument = Annotated[
    Path, typer.Argument(help="A file (YAML, JSON, Turtle, JSON-LD), - for standard input, or a folder of files.")
]
CheckFormatOption = Annotated[
    CheckFormat,
    typer.Option(
        "--format",
        help="Of a file: text, html, json, turtle, json-ld or sarif. Of a folder: text, json, csv or parquet.",
    ),
]
EngineOption = Annotated[EngineName, typer.Option("--engine", help="rudof is fast; pyshacl is the reference.")]
OutOption = Annotated[Path | None, typer.Option("--out", help="File to write to; standard output when left out.")]
SampleOption = Annotated[
    int,
    typer.Option("--sample", min=0, help="Of a folder: check at least this many files with pyshacl too, and compare."),
]


@app.command()
def case(
    path: PathArgument,
    date: DateOption = None,
    lang: LangOption = Lang.NB,
    format_: CheckFormatOption = CheckFormat.TEXT,
    engine: EngineOption = EngineName.RUDOF,
    out: OutOption = None,
    sample: SampleOption = 0,
    dataset: DatasetOption = None,
) -> None:
    """Hold what was done in a case against the duties that apply. Exit 1 where anything was found."""
    _check("case", path, date, lang, format_, engine, out, sample, dataset)


@app.command()
def setup(
    path: PathArgument,
    date: DateOption = None,
    lang: LangOption = Lang.NB,
    format_: CheckFormatOption = CheckFormat.TEXT,
    engine: EngineOption = EngineName.RUDOF,
    out: OutOption = None,
    sample: SampleOption = 0,
    dataset: DatasetOption = None,
) -> None:
    """Hold how a municipality, county or health authority is set up against its duties. Exit 1 where anything was found."""
    _check("setup", path, date, lang, format_, engine, out, sample, dataset)


def _check(
    scope: str,
    path: Path,
    date: str | None,
    lang: Lang,
    form: CheckFormat,
    engine: EngineName,
    out: Path | None,
    sample: int,
    dataset: Path | None,
) -> None:
    is_folder = path.is_dir()
    if form not in (_TABLES if is_folder else _REPORTS):
        offered = ", ".join(_TABLES if is_folder else _REPORTS)
        raise InputError(
            f"A {'folder' if is_folder else 'file'} can't be written as {form}",
            where="--format",
            todo=f"Choose {offered}",
        )
    if form is CheckFormat.PARQUET and out is None:
        raise InputError("Parquet is no text for a screen", where="--format", todo="Name a file with --out")
    if is_folder:
        _folder(scope, path, date, lang, form, out, sample, dataset)
    else:
        _file(scope, path, date, lang, form, engine, out, dataset)


def _file(
    scope: str,
    path: Path,
    date: str | None,
    lang: Lang,
    form: CheckFormat,
    engine: EngineName,
    out: Path | None,
    dataset: Path | None,
) -> None:
    from samordning.answer.document import MAX_BYTES  # noqa: PLC0415  # --help must not load the engine
    from samordning.check.checker import Checker  # noqa: PLC0415
    from samordning.check.shacl import Engine  # noqa: PLC0415
    from samordning.check.source import Reader  # noqa: PLC0415

    checker = Checker(opened(dataset))
    with Reader(checker, scope, parse_date(date)) as reader:
        if str(path) == "-":
            record = reader.record(sys.stdin.buffer.read(MAX_BYTES + 1), "standard input")
        else:
            record = reader.file(path)
    report = checker.check(record, Engine(engine.value))
    _write(out, written(checker, report, form, lang.value))
    if not report.conforms:
        raise typer.Exit(1)


def written(checker: Checker, report: Report, form: CheckFormat, lang: str) -> str:
    """A report in one of its forms."""
    if form is CheckFormat.JSON:
        return report.model_dump_json(indent=2) + "\n"
    if form is CheckFormat.SARIF:
        from samordning.check.sarif import sarif  # noqa: PLC0415

        return json.dumps(sarif(checker, [report], lang), ensure_ascii=False, indent=2) + "\n"
    if form in (CheckFormat.TURTLE, CheckFormat.JSONLD):
        from samordning.check.turtle import json_ld, turtle  # noqa: PLC0415  # rdflib is slow to load

        return turtle(checker, report) if form is CheckFormat.TURTLE else json_ld(checker, report)
    from samordning.check.report import html, text  # noqa: PLC0415

    return html(checker, report, lang) if form is CheckFormat.HTML else text(checker, report, lang)


def _folder(
    scope: str,
    path: Path,
    date: str | None,
    lang: Lang,
    form: CheckFormat,
    out: Path | None,
    sample: int,
    dataset: Path | None,
) -> None:
    from samordning.check.folder import check  # noqa: PLC0415

    kg = opened(dataset)

    def done(number: int, whole: int) -> None:
        if sys.stderr.isatty():
            filled = 40 * number // whole
            typer.echo(f"\r[{'#' * filled}{'.' * (40 - filled)}] {number}/{whole}", nl=number == whole, err=True)

    tally = check(path, scope, date=parse_date(date), dataset=dataset, sample=sample, done=done)
    labels = {key.removeprefix("duty-type/"): thing.label(lang.value) for key, thing in kg.law.concepts.items()}
    rows = [{"duty": labels[str(row["duty_type"])], **row} for row in tally.rows()]
    if form is CheckFormat.PARQUET and out is not None:
        from samordning.check.parquet import write  # noqa: PLC0415

        write(rows, out)
    else:
        from samordning.interfaces.cli.tables import write_table  # noqa: PLC0415

        _write(out, write_table(list(rows[0]) if rows else ["duty"], rows, form.value))
    for reason in tally.refused:
        typer.echo(f"refused {reason}", err=True)
    typer.echo(_told(tally), err=True)
    if tally.refused and not tally.read:
        raise InputError("None of the files could be read", where=str(path))
    if tally.refused or any(row[kind] for row in rows for kind in _FOUND):
        raise typer.Exit(1)


def _told(tally: Tally) -> str:
    compared = f", {tally.compared} of them with pyshacl too, with the same findings" if tally.compared else ""
    return f"{tally.read} files checked{compared}; {len(tally.refused)} refused"


def _write(out: Path | None, text: str) -> None:
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"The file can't be written: {error.strerror}", where=str(out)) from None
