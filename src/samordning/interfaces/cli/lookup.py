"""The commands that look things up: provisions, the matrix, queries, services and facts."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from samordning.errors import InputError
from samordning.interfaces.cli.options import (
    RDF_FORMS,
    DatasetOption,
    DateOption,
    Format,
    FormatOption,
    Lang,
    LangOption,
    StoreOption,
    TableFormat,
    TableFormatOption,
    parse_date,
    today,
)

if TYPE_CHECKING:
    from samordning.knowledge import Knowledge


def opened(dataset: Path | None) -> Knowledge:
    """The dataset, loaded only when a command needs it: --help must not wait for the engine."""
    from samordning.knowledge import Knowledge  # noqa: PLC0415  # --help must not load the engine

    return Knowledge.open(dataset)


_WORDS = {"true": True, "false": False}


def pair(text: str, option: str) -> tuple[str, str]:
    """``NAME=VALUE`` taken apart."""
    name, equals, value = text.partition("=")
    if not equals:
        raise InputError("This is not NAME=VALUE", where=option)
    return name.strip(), value.strip()


def fact(text: str) -> tuple[str, object]:
    """A ``--fact`` taken apart; true and false become what they say."""
    name, value = pair(text, "--fact")
    return name, _WORDS.get(value, value)


def provision(
    address: Annotated[str, typer.Argument(help="An address, such as lov/2011-06-24-30/§3-4/ledd/1.")],
    date: DateOption = None,
    lang: LangOption = Lang.NB,
    store: StoreOption = None,
    dataset: DatasetOption = None,
) -> None:
    """One provision: its wordings, what is read out of it, and Lovdata's words once imported."""
    from samordning.interfaces.cli.provision import provision_text  # noqa: PLC0415

    kg = opened(dataset)
    typer.echo(provision_text(kg.law, address, parse_date(date) or today(), lang.value, store), nl=False)


def explain(
    norm: Annotated[str, typer.Argument(help="A norm by its key, such as hol-3-4-1, or its IRI.")],
    case: Annotated[Path | None, typer.Argument(help="A case file, to see how each test came out.")] = None,
    date: DateOption = None,
    lang: LangOption = Lang.NB,
    format_: FormatOption = Format.TEXT,
    words: Annotated[
        bool, typer.Option("--words", help="Show Lovdata's words of the provision, once imported.")
    ] = False,
    store: StoreOption = None,
    dataset: DatasetOption = None,
) -> None:
    """Why a norm applies, does not apply or depends: its rows and tests, wordings and reading."""
    from samordning.interfaces.cli.explanation import explanation_text  # noqa: PLC0415
    from samordning.interfaces.cli.provision import official, words_text  # noqa: PLC0415

    kg = opened(dataset)
    given = kg.case_file(case, date=parse_date(date)) if case else None
    when = given.date if given else parse_date(date) or today()
    found = kg.explain(norm, when, lang.value, given)
    if format_ is Format.JSON:
        typer.echo(found.model_dump_json(indent=2))
        return
    if format_ in RDF_FORMS:
        from samordning.answer.prov import prov  # noqa: PLC0415  # rdflib is slow to load and needed only here

        typer.echo(prov(found, RDF_FORMS[format_]), nl=False)
        return
    typer.echo(explanation_text(found, kg.law, lang.value), nl=False)
    if words:
        typer.echo("\n" + words_text(kg.law, official(kg.law, [found.address], when, store), lang.value), nl=False)


def diff(
    case: Annotated[
        Path | None,
        typer.Argument(help="A case file: what changes for this case. Without one, what changed in the law."),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option("--from", metavar="YYYY-MM-DD", help="The earlier date; for a case, its own when left out."),
    ] = None,
    end: Annotated[
        str | None,
        typer.Option("--to", metavar="YYYY-MM-DD", help="The later date; today, or the case's own, when left out."),
    ] = None,
    fact: Annotated[
        list[str] | None,
        typer.Option(
            "--fact", "-f", metavar="NAME=VALUE", help="What if this fact of the case were so; repeat for more."
        ),
    ] = None,
    service: Annotated[str | None, typer.Option("--service", "-s", help="Only what binds this service.")] = None,
    lang: LangOption = Lang.NB,
    format_: TableFormatOption = TableFormat.TEXT,
    dataset: DatasetOption = None,
) -> None:
    """What changed between two dates, in the law or for one case; or what one more fact would change for a case."""
    if case is not None:
        if service:
            raise InputError("Give a case file or --service, not both", todo="A case has its own services")
        _case_diff(opened(dataset), case, start, end, fact or [], lang, format_)
        return
    if fact:
        raise InputError(
            "--fact is about a case", todo="Give the case file too: samordning diff case.yaml -f NAME=VALUE"
        )
    if start is None:
        raise InputError("There is no earlier date", todo="Give --from YYYY-MM-DD, or a case file")
    from samordning.interfaces.cli.tables import diff_text, write_table  # noqa: PLC0415

    kg = opened(dataset)
    first, last = parse_date(start, "--from") or today(), parse_date(end, "--to") or today()
    changes = kg.diff(first, last, lang.value, service)
    if format_ is TableFormat.TEXT:
        typer.echo(diff_text(changes, kg.law, first, last, lang.value), nl=False)
    else:
        rows = [change.model_dump(mode="json") for change in changes]
        typer.echo(write_table(["kind", "since", "before", "after", "norm", "label"], rows, format_.value), nl=False)


def _case_diff(
    kg: Knowledge, path: Path, start: str | None, end: str | None, facts: list[str], lang: Lang, format_: TableFormat
) -> None:
    from samordning.interfaces.cli.comparison import comparison_rows, comparison_text  # noqa: PLC0415
    from samordning.interfaces.cli.tables import write_table  # noqa: PLC0415

    before = kg.case_file(path, date=parse_date(start, "--from"))
    learnt = dict(_fact(text) for text in facts)
    after = kg.case_file(path, date=parse_date(end, "--to") or (before.date if facts else today()), learnt=learnt)
    found = kg.compare(before, after, lang.value)
    if format_ is TableFormat.JSON:
        typer.echo(found.model_dump_json(indent=2))
    elif format_ is TableFormat.CSV:
        rows = comparison_rows(found)
        columns = ["about", "service", "kind", "before", "before_basis", "after", "after_basis"]
        typer.echo(write_table(columns, rows, "csv"), nl=False)
    else:
        typer.echo(comparison_text(found, kg.law, lang.value), nl=False)


def _fact(text: str) -> tuple[str, object]:
    name, value = fact(text)
    # A number is an age; everything else is what the case file would say.
    return name, int(value) if isinstance(value, str) and value.isdecimal() else value


def matrix(
    date: DateOption = None,
    lang: LangOption = Lang.NB,
    format_: TableFormatOption = TableFormat.TEXT,
    dataset: DatasetOption = None,
) -> None:
    """Which provision of which act holds which duty, on a date."""
    from samordning.interfaces.cli.tables import matrix_text, write_table  # noqa: PLC0415

    kg = opened(dataset)
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


def query(
    name: Annotated[str | None, typer.Argument(help="Name of a query, or a .rq file.")] = None,
    param: Annotated[
        list[str] | None,
        typer.Option("--param", "-p", metavar="NAME=VALUE", help="A parameter of the query; repeat for more."),
    ] = None,
    date: DateOption = None,
    lang: LangOption = Lang.NB,
    format_: TableFormatOption = TableFormat.TEXT,
    list_: Annotated[bool, typer.Option("--list", help="List the queries and the questions they answer.")] = False,
    dataset: DatasetOption = None,
) -> None:
    """Ask a named question, or run your own SPARQL from a file."""
    from samordning.answer.case import refuse_outside  # noqa: PLC0415
    from samordning.engine.query import from_file, library, named  # noqa: PLC0415
    from samordning.interfaces.cli.tables import query_list, write_table  # noqa: PLC0415

    if list_ or name is None:
        typer.echo(query_list(library()), nl=False)
        return
    path = Path(name)
    own = path.suffix == ".rq" and path.is_file()
    chosen = from_file(path) if own else named(name)
    kg = opened(dataset)
    given = dict(pair(text, "--param") for text in param or [])
    values = chosen.bind(given, {"date": parse_date(date) or today(), "lang": lang.value})
    for value in () if own else values.values():
        if isinstance(value, dt.date):
            # No rows would look like an answer.
            refuse_outside(value, kg.law, "date")
    try:
        table = kg.store.select(chosen.text, values)
    except SyntaxError as error:
        raise InputError(f"This is not valid SPARQL: {error.msg}", where=name) from None
    typer.echo(write_table(list(table.columns), list(table.rows), format_.value), nl=False)


def services(
    lang: LangOption = Lang.NB,
    format_: TableFormatOption = TableFormat.TEXT,
    dataset: DatasetOption = None,
) -> None:
    """List the services a case may name, with their Norwegian names."""
    from samordning.interfaces.cli.tables import write_table  # noqa: PLC0415

    kg = opened(dataset)
    rows = [
        {"id": thing.id, "name": thing.label(lang.value), "also": ", ".join(sorted(thing.strings("altLabel")))}
        for thing in kg.law.selectable
    ]
    typer.echo(write_table(["id", "name", "also"], rows, format_.value), nl=False)


def facts(
    lang: LangOption = Lang.NB,
    format_: TableFormatOption = TableFormat.TEXT,
    dataset: DatasetOption = None,
) -> None:
    """List the facts a case may state, and the question each answers."""
    from samordning.interfaces.cli.tables import write_table  # noqa: PLC0415

    kg = opened(dataset)
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
