"""The subcommands ``samordning lovdata``: official texts on your own disk, and what they say of the data."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from samordning.interfaces.cli.options import DateOption, StoreOption, parse_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    from samordning.lovdata.check import Report
    from samordning.lovdata.collection import Entry
    from samordning.lovdata.store import Store

app = typer.Typer(
    name="lovdata",
    help="Official texts from Lovdata's public archives (NLOD 2.0): import them, and check the data against them.",
    no_args_is_help=True,
)

PlacesArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH...", help="A tar.bz2 archive, a folder, an XML file or an https address of an archive."
    ),
]
RootOption = Annotated[Path | None, typer.Option("--root", help="Folder that holds ontology/ and data/.")]
DayOption = Annotated[
    str | None,
    typer.Option(
        "--date", metavar="YYYY-MM-DD", help="The day the texts stand as they do; that of the files when left out."
    ),
]


def _track(entries: Iterable[Entry], count: int) -> Iterator[Entry]:
    if not sys.stderr.isatty():
        yield from entries
        return
    with typer.progressbar(entries, length=count, file=sys.stderr) as shown:
        yield from shown


@app.command("import")
def import_(places: PlacesArgument, store: StoreOption = None, date: DayOption = None) -> None:
    """Add the texts to the store. Older wordings stay; exit 1 when a file was left out."""
    from samordning.lovdata.collection import open_collection  # noqa: PLC0415  # --help must not load the parser
    from samordning.lovdata.load import load  # noqa: PLC0415
    from samordning.lovdata.writer import create_store  # noqa: PLC0415

    day = parse_date(date)
    skipped = False
    for place in places:
        with open_collection(place) as collection, create_store(store) as writer:
            done = load(writer, collection, day, _track)
        typer.echo(
            f"{collection.name}, as of {done.date}: {done.new} new, {done.changed} changed, {done.unchanged} unchanged, {len(done.skipped)} skipped"
        )
        for reason in done.skipped:
            typer.echo(f"skipped {reason}", err=True)
        skipped = skipped or bool(done.skipped)
    if skipped:
        raise typer.Exit(1)


@app.command()
def check(places: PlacesArgument, date: DateOption = None, store: StoreOption = None, root: RootOption = None) -> None:
    """Hold the provisions that the data cites against the texts; exit 1 when something has changed."""
    from samordning.lovdata.check import check as run_check  # noqa: PLC0415
    from samordning.lovdata.current import look  # noqa: PLC0415

    with look(places, parse_date(date), root, _track) as current, _open(store) as kept:
        report = run_check(current, kept, root)
    for reason in current.broken:
        typer.echo(f"skipped {reason}", err=True)
    _show(report)
    typer.echo(
        f"As of {current.date}: {report.wordings} wordings, {report.addresses} addresses and {report.hashes} hashes checked, "
        f"{report.unhashed} without a hash, {report.unchecked.total()} not checked, {len(report.findings)} findings"
    )
    if report.findings:
        raise typer.Exit(1)


@app.command("hash")
def hash_(
    places: PlacesArgument,
    date: DateOption = None,
    root: RootOption = None,
    write: Annotated[
        bool, typer.Option("--write", help="Write data/laws/<act>/hashes.ttl; else only tell what would change.")
    ] = False,
) -> None:
    """Make the hash files of the provisions that the data cites."""
    from samordning.lovdata.current import look  # noqa: PLC0415
    from samordning.lovdata.hashes import hash_files  # noqa: PLC0415
    from samordning.lovdata.hashes import write as write_file  # noqa: PLC0415

    with look(places, parse_date(date), root, _track) as current:
        files = hash_files(current, root)
    for file in files:
        if write and file.changed:
            write_file(file)
        state = "as it was" if not file.changed else "written" if write else "would change"
        typer.echo(f"{file.path.parent.name}/{file.path.name}: {file.count} hashes, {state}")


def _open(path: Path | None) -> AbstractContextManager[Store | None]:
    # The store only adds the old words to a finding, so a user without one is not stopped.
    from samordning.lovdata.store import default_path, open_store  # noqa: PLC0415

    return open_store(path) if path is not None or default_path().is_file() else nullcontext()


def _show(report: Report) -> None:
    for refid, count in sorted(report.unchecked.items()):
        typer.echo(f"{refid} is not among the texts: {count} places not checked", err=True)
    for finding in report.findings:
        typer.echo(f"{finding.where}: {finding.subject}: {finding.what}")
        for line in finding.diff:
            typer.echo(f"    {line}")
