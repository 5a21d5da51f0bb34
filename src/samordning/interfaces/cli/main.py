"""The command ``samordning``: one function per subcommand, one place where errors become exit codes."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from samordning.errors import InputError, SamordningError
from samordning.interfaces.cli import lovdata
from samordning.interfaces.cli.options import (
    DatasetOption,
    DateOption,
    Format,
    FormatOption,
    Lang,
    LangOption,
    StoreOption,
    TableFormat,
    parse_date,
    today,
)

if TYPE_CHECKING:
    from samordning.answer.case import Case
    from samordning.knowledge import Knowledge

app = typer.Typer(
    name="samordning",
    help="Which Norwegian welfare services must cooperate about a person, who coordinates, and on what legal basis.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(lovdata.app)

#: A stage is shown only when the whole takes longer than this, in seconds.
PATIENCE = 2.0


def _open(dataset: Path | None) -> Knowledge:
    from samordning.knowledge import Knowledge  # noqa: PLC0415  # --help must not load the engine

    return Knowledge.open(dataset)


@app.command()
def answer(
    case: Annotated[
        Path | None,
        typer.Argument(
            help="A case file, YAML or JSON; - reads standard input. Or describe the case with the options below."
        ),
    ] = None,
    service: Annotated[
        list[str] | None, typer.Option("--service", "-s", help="A service, by id or Norwegian name; repeat for more.")
    ] = None,
    age: Annotated[int | None, typer.Option("--age", help="Age in completed years.")] = None,
    unborn: Annotated[bool, typer.Option("--unborn", help="The child is expected, not yet born.")] = False,
    fact: Annotated[
        list[str] | None,
        typer.Option(
            "--fact", "-f", metavar="NAME=VALUE", help="A fact: true, false, unknown or open; repeat for more."
        ),
    ] = None,
    date: DateOption = None,
    lang: LangOption = Lang.NB,
    format_: FormatOption = Format.TEXT,
    dataset: DatasetOption = None,
    words: Annotated[
        bool, typer.Option("--words", help="Show Lovdata's words of what is cited, once imported.")
    ] = False,
    store: StoreOption = None,
) -> None:
    """Who must cooperate, who coordinates and what else follows, for one person on one date."""
    kg = _open(dataset)
    checked = _case(kg, case, service or [], age, unborn, fact or [], date)
    result = kg.answer(checked, lang)
    if format_ is Format.JSON:
        typer.echo(result.model_dump_json(indent=2))
    elif format_ is Format.TURTLE:
        from samordning.answer.turtle import turtle  # noqa: PLC0415  # rdflib is slow to load and needed only here

        typer.echo(turtle(result), nl=False)
    else:
        from samordning.answer.report import report  # noqa: PLC0415

        typer.echo(report(result, kg.law), nl=False)
        if words:
            from samordning.interfaces.cli.provision import official, words_text  # noqa: PLC0415

            found = official(kg.law, result.provisions, result.date, store)
            typer.echo("\n" + words_text(kg.law, found, lang.value), nl=False)


def _case(
    kg: Knowledge,
    path: Path | None,
    services: list[str],
    age: int | None,
    unborn: bool,
    facts: list[str],
    date: str | None,
) -> Case:
    when = parse_date(date)
    described = bool(services or facts or unborn or age is not None)
    if path is not None and described:
        raise InputError("Give a case file or describe the case with options, not both")
    if path is not None and str(path) == "-":
        from samordning.answer.case import check  # noqa: PLC0415
        from samordning.answer.document import MAX_BYTES, read  # noqa: PLC0415

        return check(read(sys.stdin.buffer.read(MAX_BYTES + 1), "standard input"), kg.law, date=when)
    if path is not None:
        return kg.case_file(path, date=when)
    if not described:
        raise InputError(
            "There is no case", todo="Give a case file, or services with --service; samordning answer --help shows how"
        )
    person: dict[str, object] = {} if age is None else {"age": age}
    if unborn:
        person["unborn"] = True
    return kg.case(
        {"person": person, "services": services, "facts": dict(_pair(pair, "--fact") for pair in facts)}, date=when
    )


_WORDS = {"true": True, "false": False}


def _pair(text: str, option: str) -> tuple[str, object]:
    name, equals, value = text.partition("=")
    if not equals:
        raise InputError("This is not NAME=VALUE", where=option)
    return name.strip(), _WORDS.get(value.strip(), value.strip())


@app.command()
def provision(
    address: Annotated[str, typer.Argument(help="An address, such as lov/2011-06-24-30/§3-4/ledd/1.")],
    date: DateOption = None,
    lang: LangOption = Lang.NB,
    store: StoreOption = None,
    dataset: DatasetOption = None,
) -> None:
    """One provision: its wordings, what is read out of it, and Lovdata's words once imported."""
    from samordning.interfaces.cli.provision import provision_text  # noqa: PLC0415

    kg = _open(dataset)
    typer.echo(provision_text(kg.law, address, parse_date(date) or today(), lang.value, store), nl=False)


@app.command()
def matrix(
    date: DateOption = None,
    lang: LangOption = Lang.NB,
    format_: Annotated[TableFormat, typer.Option("--format")] = TableFormat.TEXT,
    dataset: DatasetOption = None,
) -> None:
    """Which provision of which act holds which duty, on a date."""
    from samordning.interfaces.cli.tables import matrix_text, write_table  # noqa: PLC0415

    kg = _open(dataset)
    when = parse_date(date) or today()
    rows = kg.matrix(when)
    if format_ is TableFormat.JSON:
        typer.echo(json.dumps([row.model_dump() for row in rows], ensure_ascii=False, indent=2))
    elif format_ is TableFormat.CSV:
        plain = [
            {
                key: " ".join(value) if isinstance(value, list) else value
                for key, value in row.model_dump(exclude={"title"}).items()
            }
            for row in rows
        ]
        typer.echo(write_table(list(plain[0]), plain, "csv"), nl=False)
    else:
        typer.echo(matrix_text(rows, when, lang.value), nl=False)


@app.command()
def query(
    name: Annotated[str | None, typer.Argument(help="Name of a query, or a .rq file.")] = None,
    param: Annotated[
        list[str] | None,
        typer.Option("--param", "-p", metavar="NAME=VALUE", help="A parameter of the query; repeat for more."),
    ] = None,
    date: DateOption = None,
    lang: LangOption = Lang.NB,
    format_: Annotated[TableFormat, typer.Option("--format")] = TableFormat.TEXT,
    list_: Annotated[bool, typer.Option("--list", help="List the queries and the questions they answer.")] = False,
    dataset: DatasetOption = None,
) -> None:
    """Ask a named question, or run your own SPARQL from a file."""
    from samordning.engine.query import from_file, library, named  # noqa: PLC0415
    from samordning.interfaces.cli.tables import query_list, write_table  # noqa: PLC0415

    if list_ or name is None:
        typer.echo(query_list(library()), nl=False)
        return
    path = Path(name)
    chosen = from_file(path) if path.suffix == ".rq" and path.is_file() else named(name)
    kg = _open(dataset)
    given = {
        key: str(value) if not isinstance(value, bool) else str(value).lower()
        for key, value in (_pair(text, "--param") for text in param or [])
    }
    values = chosen.bind(given, {"date": parse_date(date) or today(), "lang": lang.value})
    try:
        table = kg.store.select(chosen.text, values)
    except SyntaxError as error:
        raise InputError(f"This is not valid SPARQL: {error.msg}", where=name) from None
    typer.echo(write_table(list(table.columns), list(table.rows), format_.value), nl=False)


@app.command()
def services(
    lang: LangOption = Lang.NB,
    format_: Annotated[TableFormat, typer.Option("--format")] = TableFormat.TEXT,
    dataset: DatasetOption = None,
) -> None:
    """List the services a case may name, with their Norwegian names."""
    from samordning.interfaces.cli.tables import write_table  # noqa: PLC0415

    kg = _open(dataset)
    rows = [
        {"id": thing.id, "name": thing.label(lang.value), "also": ", ".join(sorted(thing.strings("altLabel")))}
        for thing in sorted(kg.law.services.values(), key=lambda thing: thing.id)
        if thing.one("selectable") is True
    ]
    typer.echo(write_table(["id", "name", "also"], rows, format_.value), nl=False)


@app.command()
def facts(
    lang: LangOption = Lang.NB,
    format_: Annotated[TableFormat, typer.Option("--format")] = TableFormat.TEXT,
    dataset: DatasetOption = None,
) -> None:
    """List the facts a case may state, and the question each answers."""
    from samordning.interfaces.cli.tables import write_table  # noqa: PLC0415

    kg = _open(dataset)
    rows = [
        {
            "id": thing.id,
            "section": thing.one("section"),
            "kind": thing.one("valueKind"),
            "question": thing.texts("question")(lang.value),
        }
        for thing in sorted(kg.law.facts.values(), key=lambda thing: (str(thing.one("section")), thing.id))
    ]
    typer.echo(write_table(["id", "section", "kind", "question"], rows, format_.value), nl=False)


@app.command()
def build(
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to write to; the package's own when left out.")
    ] = None,
    root: Annotated[Path | None, typer.Option("--root", help="Folder that holds ontology/, shapes/ and data/.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Only check the files; write nothing.")] = False,
) -> None:
    """Read, check and reason over the files, and write the dataset."""
    from samordning.files import DATASET  # noqa: PLC0415
    from samordning.graph.build import build as run_build  # noqa: PLC0415
    from samordning.graph.build import verify  # noqa: PLC0415

    started = time.monotonic()

    def say(stage: str) -> None:
        if sys.stderr.isatty() or time.monotonic() - started > PATIENCE:
            typer.echo(f"{time.monotonic() - started:5.1f} s  {stage}", err=True)

    if check:
        verify(root, say)
        typer.echo("The files are sound.")
        return
    built = run_build(out or DATASET, root, say)
    counts = built.manifest["counts"]
    if isinstance(counts, dict):
        norms = sum(counts[kind] for kind in ("Duty", "Right", "Power", "Recommendation", "Exception", "Definition"))
        typer.echo(
            f"{counts['Act']} acts, {counts['Regulation']} regulations, {norms} norms, {counts['Service']} services; "
            f"{built.manifest['triples']} statements, {built.manifest['inferred']} of them inferred, in {time.monotonic() - started:.1f} s"
        )
    typer.echo(str(built.manifest["dataset"]))


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 8000,
    dataset: DatasetOption = None,
) -> None:
    """Serve the same answers over HTTP."""
    import uvicorn  # noqa: PLC0415

    from samordning.interfaces.http.app import create  # noqa: PLC0415

    uvicorn.run(create(_open(dataset)), host=host, port=port, access_log=False, server_header=False)


def run() -> NoReturn:
    """Entry point. Exit 0 done, 1 findings, 2 the input is wrong, 3 our fault."""
    try:
        app(standalone_mode=True)
    except SamordningError as error:
        typer.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # Whoever read our output has heard enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    sys.exit(0)
