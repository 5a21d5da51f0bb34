"""Every setting of the service, typed, from one TOML file and the environment. An unknown key is refused.

``SAMORDNING_CONFIG`` names the file. A variable overrides a key: ``SAMORDNING_HTTP__PORT=9000`` is ``port`` under
``[http]``.
"""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from samordning.errors import InputError
from samordning.worker.cage import LAYERS

PREFIX: Final = "SAMORDNING_"
FILE: Final = "SAMORDNING_CONFIG"
#: Variables that mean something besides the settings.
_OTHERS: Final = (FILE, "SAMORDNING_DATASET", "SAMORDNING_LOVDATA")

Count = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(gt=0, le=3600)]


class Part(BaseModel):
    """A table of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Http(Part):
    """Where the service listens and what it calls itself."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    processes: Count = 1
    base_url: str = Field(
        default="", description="public address without a slash at the end; from the host and port when empty"
    )
    hosts: tuple[str, ...] = Field(default=(), description="names the service answers to besides its own; * for any")
    proxies: tuple[str, ...] = Field(default=(), description="addresses of proxies whose X-Forwarded-For is believed")
    stop_seconds: Seconds = 10.0


class Limits(Part):
    """What one request may be. Sizes in bytes."""

    target: Count = 8 << 10
    header_bytes: Count = 16 << 10
    header_fields: Count = 64
    body: Count = 1 << 20
    receive_seconds: Seconds = 10.0
    send_seconds: Seconds = 60.0
    at_once: Count = Field(default=200, description="requests under way in one process; more get 503")
    connections: Count = Field(default=1000, description="open connections to one process; more are closed at once")


class Rate(Part):
    """What one caller may do, counted in each process by itself."""

    enabled: bool = True
    query_seconds: Seconds = Field(default=60.0, description="time of queries a minute")
    errors: Count = Field(default=30, description="failed queries, checks and answers a minute")
    at_once: Count = 5


class Workers(Part):
    """The processes that strangers' SPARQL and RDF run in."""

    enabled: bool = Field(default=True, description="false: no SPARQL and no RDF from others at all")
    size: Count = 4
    queue: Annotated[int, Field(ge=0)] = 16
    memory: Count = Field(default=1 << 30, description="bytes for each, besides the dataset")
    jobs: Count = 1000
    without: tuple[str, ...] = Field(default=(), description=f"layers that may be missing here: {', '.join(LAYERS)}")


class Sparql(Part):
    """The SPARQL endpoint."""

    seconds: Seconds = 10.0
    seconds_with_key: Seconds = 30.0
    rows: Count = 10_000
    bytes: Count = 10 << 20
    cache: Annotated[int, Field(ge=0)] = Field(
        default=32 << 20, description="bytes of results kept in each process; 0 for none"
    )
    updates: bool = Field(default=False, description="for tests of the protocol only: changes stay in one worker")


class Metrics(Part):
    """Prometheus metrics, on a port of their own."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = Field(default=0, description="0: none")


class Store(Part):
    """Where the engine's queries go."""

    endpoint: str = Field(default="", description="a SPARQL 1.1 endpoint that holds the dataset; in memory when empty")
    seconds: Seconds = 30.0


class Settings(BaseSettings):
    """All of it."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, env_ignore_empty=True
    )

    dataset: Path | None = Field(
        default=None, description="folder of a built dataset; the one in the package when left out"
    )
    http: Http = Http()
    limits: Limits = Limits()
    rate: Rate = Rate()
    workers: Workers = Workers()
    sparql: Sparql = Sparql()
    metrics: Metrics = Metrics()
    store: Store = Store()
    contact: str = Field(
        default="",
        pattern=r"^(|https?://[^\s<>\"']{3,200}|[^\s<>\"'@:/]{1,64}@[^\s<>\"'@:/]{3,190})$",
        description="e-mail address, or address of a page, of whoever runs this installation",
    )
    keys: tuple[Annotated[str, Field(pattern="^[0-9a-f]{64}$")], ...] = Field(
        default=(), description="SHA-256 of each caller's key, in hexadecimal"
    )

    @model_validator(mode="after")
    def _together(self) -> Settings:
        unknown = set(self.workers.without) - set(LAYERS)
        if unknown:
            raise ValueError(f"workers.without names layers there are none of: {', '.join(sorted(unknown))}")
        if self.sparql.updates and (self.workers.size, self.http.processes, self.http.host) != (1, 1, "127.0.0.1"):
            raise ValueError("sparql.updates needs workers.size 1, http.processes 1 and http.host 127.0.0.1")
        return self

    @property
    def base_url(self) -> str:
        """The public address, without a slash at the end."""
        return self.http.base_url.rstrip("/") or f"http://{self.http.host}:{self.http.port}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is passed in comes first, then the environment, then the file; no .env, no secrets folder."""
        del dotenv_settings, file_secret_settings
        path = os.environ.get(FILE)
        file = (TomlConfigSettingsSource(settings_cls, Path(path)),) if path else ()
        return (init_settings, env_settings, *file)


def load(**given: Any) -> Settings:  # noqa: ANN401  # any key of the settings
    """The settings from the file, the environment and what is given here.

    Raises:
        InputError: the file can't be read, or a key or variable is unknown or has a value it can't have.
    """
    _refuse_unknown_variables()
    path = os.environ.get(FILE)
    if path and not Path(path).is_file():
        raise InputError("There is no such settings file", where=path, todo=f"Look at {FILE}")
    try:
        return Settings(**given)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"This is not valid TOML: {error}", where=str(path)) from None
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)[0]
        key = ".".join(str(part) for part in found["loc"]) or "the settings"
        what = "There is no such setting" if found["type"] == "extra_forbidden" else found["msg"]
        raise InputError(what, where=key, todo="samordning config check shows every setting there is") from None


def _refuse_unknown_variables() -> None:
    names = {name.upper(): field for name, field in Settings.model_fields.items()}
    for variable in os.environ:
        rest = variable.removeprefix(PREFIX)
        if rest == variable or variable in _OTHERS or rest.startswith("TEST_"):
            continue
        table, _, key = rest.partition("__")
        part = names[table].annotation if table in names else None
        known = (
            isinstance(part, type) and issubclass(part, Part) and key.lower() in part.model_fields
            if key
            else table in names
        )
        if not known:
            raise InputError(
                "There is no such setting", where=variable, todo="samordning config check shows every setting there is"
            )


def shown(settings: Settings) -> str:
    """All settings as a TOML file that gives the same settings again, each with what it is for. Keys of callers stay out."""
    plain = settings.model_dump(mode="json", exclude={"keys"})
    lines = [*_entries(Settings, {name: value for name, value in plain.items() if not isinstance(value, dict)})]
    lines.append(f"# keys: {len(settings.keys)} given")
    for name, field in Settings.model_fields.items():
        part = field.annotation
        if isinstance(part, type) and issubclass(part, Part):
            lines += ["", f"[{name}]  # {(part.__doc__ or '').strip()}", *_entries(part, plain[name])]
    return "\n".join(lines) + "\n"


def _entries(model: type[BaseModel], values: dict[str, Any]) -> list[str]:
    lines = []
    for name, value in values.items():
        about = model.model_fields[name].description
        written = "" if value is None else json.dumps(value, ensure_ascii=False)
        text = f"{name} = {written}" if value is not None else f"# {name} ="
        lines.append(f"{text}  # {about}" if about else text)
    return lines
