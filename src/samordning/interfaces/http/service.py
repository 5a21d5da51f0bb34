"""What the routes share: the opened dataset, the lists made from it, the settings and the workers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from starlette.concurrency import run_in_threadpool

from samordning.catalogue import provision, search
from samordning.check.checker import Checker
from samordning.errors import SamordningError
from samordning.interfaces.http.downloads import Downloads
from samordning.interfaces.web.label import Labels

if TYPE_CHECKING:
    from collections.abc import Callable

    from samordning.catalogue.provision import Provisions
    from samordning.catalogue.search import Index
    from samordning.interfaces.http.telemetry import Meter
    from samordning.interfaces.settings import Settings
    from samordning.knowledge import Knowledge
    from samordning.worker.stream import Stream


P = ParamSpec("P")
T = TypeVar("T")


class Off(SamordningError):
    """A part of the service that this installation does not offer."""

    http_status = 503
    kind = "off"


@dataclass
class Service:
    """One per process, made by the application factory."""

    kg: Knowledge
    settings: Settings
    provisions: Provisions
    meter: Meter
    downloads: Downloads
    labels: Labels
    stream: Stream | None = field(default=None)
    """set while the process runs, where workers are enabled"""

    @classmethod
    def make(cls, kg: Knowledge, settings: Settings, meter: Meter) -> Service:
        """Everything that is read once."""
        provisions = provision.load(kg.store)
        labels = Labels(kg.law, kg.store, provisions.entries)
        return cls(kg, settings, provisions, meter, Downloads(settings.dataset), labels)

    @cached_property
    def index(self) -> Index:
        """The search index; it takes a third of a second to make, which a process that starts should not wait for."""
        return search.Index(self.kg.law, self.provisions)

    async def away(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of a function that asks the store: in a thread where the store is on another machine.

        In memory an answer is computing, not waiting; threads gain 6 % then, and cost the slowest tenth of a second.
        """
        if self.settings.store.endpoint:
            return await run_in_threadpool(function, *args, **kwargs)
        return function(*args, **kwargs)

    @property
    def workers(self) -> Stream:
        """The workers.

        Raises:
            Off: there are none here.
        """
        if self.stream is None:
            raise Off("This installation runs no SPARQL and takes no RDF", todo="Ask another installation")
        return self.stream

    @cached_property
    def checker(self) -> Checker:
        """What holds records against their duties."""
        return Checker(self.kg)

    @property
    def context(self) -> str:
        """Address of the JSON-LD context."""
        return self.settings.base_url + "/v1/context.jsonld"
