"""The commands that run the service: serve, config and export."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from samordning.interfaces.cli.options import DatasetOption  # noqa: TC001  # typer reads the annotations at run time

app = typer.Typer(name="config", help="The settings of the service.", no_args_is_help=True)
ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config", envvar="SAMORDNING_CONFIG", help="Settings file (TOML); samordning config check shows all."
    ),
]


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; 127.0.0.1 when left out.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 8000 when left out.", min=1, max=65535)] = None,
    processes: Annotated[int | None, typer.Option(help="Web processes; 1 when left out.", min=1)] = None,
    config: ConfigOption = None,
    dataset: DatasetOption = None,
) -> None:
    """Serve REST, SPARQL and linked data over HTTP."""
    from samordning.interfaces.http.server import serve as run  # noqa: PLC0415  # --help must not load a server
    from samordning.interfaces.settings import load  # noqa: PLC0415

    # Through the environment, so that web processes of their own see them too.
    given = {
        "SAMORDNING_HTTP__HOST": host,
        "SAMORDNING_HTTP__PORT": port,
        "SAMORDNING_HTTP__PROCESSES": processes,
        "SAMORDNING_CONFIG": config,
        "SAMORDNING_DATASET": dataset,
    }
    os.environ |= {name: str(value) for name, value in given.items() if value is not None}
    chosen = load()
    if sys.stderr.isatty():
        # The log is for machines; whoever started it by hand wants to know where to look.
        typer.echo(f"http://{chosen.http.host}:{chosen.http.port}   Ctrl+C stops it", err=True)
    run(chosen)


@app.command()
def check(config: ConfigOption = None) -> None:
    """Check the settings file and the environment, and show every setting with the value it has."""
    import tomllib  # noqa: PLC0415

    from samordning.interfaces.settings import load, shown  # noqa: PLC0415

    if config is not None:
        os.environ["SAMORDNING_CONFIG"] = str(config)
    text = shown(load())
    tomllib.loads(text)
    typer.echo(text, nl=False)


def export(
    out: Annotated[Path, typer.Argument(help="Folder to write to; made where it is not there.")],
    dataset: DatasetOption = None,
) -> None:
    """Write the dataset for others: N-Quads, Turtle, JSON-LD, VoID, CPSV-AP-NO and DCAT-AP-NO, with checksums."""
    from samordning.interfaces.cli.dump import export as run  # noqa: PLC0415

    for name, size in run(out, dataset):
        typer.echo(f"{size:>12,}  {name}")
