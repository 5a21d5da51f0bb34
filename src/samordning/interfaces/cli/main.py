"""The command ``samordning``: one function per subcommand, one place where errors become exit codes."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path  # noqa: TC003  # typer reads the annotations at run time
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from samordning.errors import InputError, SamordningError
from samordning.interfaces.cli import check as checks
from samordning.interfaces.cli import lookup, lovdata, service
from samordning.interfaces.cli.options import (
    RDF_FORMS,
    DatasetOption,
    DateOption,
    Format,
    FormatOption,
    Lang,
    LangOption,
    StoreOption,
    parse_date,
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
app.add_typer(checks.app)
app.add_typer(service.app)
for command in (
    lookup.provision,
    lookup.explain,
    lookup.diff,
    lookup.matrix,
    lookup.query,
    lookup.services,
    lookup.facts,
    service.serve,
    service.export,
):
    app.command()(command)

#: A stage is shown only when the whole takes longer than this, in seconds.
PATIENCE = 2.0


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
    kg = lookup.opened(dataset)
    checked = _case(kg, case, service or [], age, unborn, fact or [], date)
    result = kg.answer(checked, lang)
    if format_ is Format.JSON:
        typer.echo(result.model_dump_json(indent=2))
    elif format_ in RDF_FORMS:
        from samordning.answer.turtle import turtle  # noqa: PLC0415  # rdflib is slow to load and needed only here

        typer.echo(turtle(result, RDF_FORMS[format_]), nl=False)
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
        {"person": person, "services": services, "facts": dict(lookup.fact(text) for text in facts)},
        date=when,
    )


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
