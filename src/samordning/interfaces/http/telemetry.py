"""What is told of a request: one line of JSON by allow-list, and counters with bounded labels. Never what was sent."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import re
import sys
from typing import TYPE_CHECKING, Final

from samordning.interfaces.http.negotiate import LANGUAGES

if TYPE_CHECKING:
    from samordning.interfaces.settings import Settings

log = logging.getLogger("samordning.http")

#: The only members a line of the log may have besides its time, level and event, which our own code writes.
FIELDS: Final = ("method", "route", "status", "ms", "bytes", "request", "kind", "layers", "pid", "at")
METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"})
#: The first words of our routes. Anything else is ``other``, so that nobody can make labels.
ROUTES: Final = frozenset(
    "answers acts provisions norms services bodies duty-types matrix diff facts search queries checks context.jsonld concepts".split()  # noqa: SIM905
)
#: The first words of the addresses of pages, below the language.
PAGES: Final = frozenset(
    "ask law services norms duty-types groups bodies supervision search matrix levels changes check query developers about accessibility privacy".split()  # noqa: SIM905
)

#: Beginnings of uvicorn's messages whose values are our own: a process id, the address and port of the service, a count.
OURS: Final = ("Started server process", "Finished server process", "Uvicorn running on", "Cancel %s running task(s)")
_PLACE: Final = re.compile(r"%[-#0 +]*[\d*]*(?:\.[\d*]+)?[a-zA-Z]")


class Line(logging.Formatter):
    """A record as one line of JSON. The text of foreign messages and of errors is left out."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        ours = record.name.startswith("samordning")
        told: dict[str, object] = {
            "time": dt.datetime.fromtimestamp(record.created, tz=dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.msg if ours else _event(record),
        }
        told |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            told["kind"] = record.exc_info[0].__name__
            told["at"] = _where(record)
        return json.dumps(told, ensure_ascii=False, default=lambda _: "?")


def _event(record: logging.LogRecord) -> str:
    # What fills uvicorn's templates is told only where it is an address or a number of our own. Others' messages may be
    # filled already, with part of a request.
    if not record.name.startswith("uvicorn"):
        return f"message from {record.name.partition('.')[0]}"
    if isinstance(record.msg, OSError):  # at the start, when an address can't be had
        return record.msg.strerror or type(record.msg).__name__
    if not isinstance(record.msg, str):
        return "message from uvicorn"
    told = record.getMessage() if record.msg.startswith(OURS) else _PLACE.sub("…", record.msg)
    return told.splitlines()[0][:100]


def _where(record: logging.LogRecord) -> str:
    trace = record.exc_info[2] if record.exc_info else None
    last = ""
    while trace is not None:
        last = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return last


def configure() -> None:
    """Send every log line of this process to standard error, as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Line())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("samordning").setLevel(logging.INFO)
    for name in ("uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.INFO)
    logging.getLogger("uvicorn.access").disabled = True


def route(path: str) -> str:
    """A label for a path, from a fixed set."""
    parts = path.split("/", 3)
    first = parts[1] if len(parts) > 1 else ""
    if first == "v1" and len(parts) > 2:  # noqa: PLR2004  # there is something below /v1/
        return f"/v1/{parts[2]}" if parts[2] in ROUTES else "other"
    if first in LANGUAGES:
        # A picture of a page counts with the page: matrix.svg.
        second = parts[2].partition(".")[0] if len(parts) > 2 else ""  # noqa: PLR2004  # something below the language
        return f"/page/{second}" if second in PAGES else "/page"
    if first in ("id", "doc", "ns", "graph", "problem", "health", "static", "dataset"):
        return f"/{first}"
    return path if path in ("/", "/sparql", "/docs", "/openapi.json", "/.well-known/void") else "other"


class Meter:
    """Counters and times of requests and workers, for Prometheus."""

    def __init__(self, *, enabled: bool) -> None:
        self.enabled = enabled
        if not enabled:
            return
        from prometheus_client import Counter, Gauge, Histogram  # noqa: PLC0415  # only where it is asked for

        self._requests = Counter("samordning_requests", "Requests answered", ["method", "route", "status"])
        self._seconds = Histogram(
            "samordning_request_seconds", "Time to answer", ["route"],
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
        )  # fmt: skip
        self._busy = Gauge("samordning_workers_busy", "Workers at work", multiprocess_mode="livesum")
        self._waiting = Gauge("samordning_workers_waiting", "Calls waiting for a worker", multiprocess_mode="livesum")
        self._killed = Gauge("samordning_workers_killed", "Workers killed or lost so far", multiprocess_mode="livesum")

    def request(self, method: str, label: str, status: int, seconds: float) -> None:
        """Count one request."""
        if self.enabled:
            self._requests.labels(method, label, str(status)).inc()
            self._seconds.labels(label).observe(seconds)

    def workers(self, busy: int, waiting: int, killed: int) -> None:
        """Note how the workers are."""
        if self.enabled:
            self._busy.set(busy)
            self._waiting.set(waiting)
            self._killed.set(killed)


def publish(settings: Settings) -> None:
    """Serve the metrics of all web processes from this one, which answers no other request."""
    from prometheus_client import CollectorRegistry, start_http_server  # noqa: PLC0415
    from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415

    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=os.environ["PROMETHEUS_MULTIPROC_DIR"])  # type: ignore[no-untyped-call]
    start_http_server(settings.metrics.port, settings.metrics.host, registry)
