"""The services that a form offers, by level of government, each below the one it is a part of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from samordning.answer.wording import capital

if TYPE_CHECKING:
    from collections.abc import Iterator

    from samordning.engine.law import Law, Thing

#: The levels in the order that a municipality meets them; services that may belong to several come last.
_LEVELS: Final = ("municipal", "county", "state", "private", "")


@dataclass(frozen=True)
class Choice:
    """One service. ``below`` names the service it is a kind of; it stands indented where both are in one group."""

    key: str
    label: str
    indented: bool
    below: str
    names: str
    """every name it goes by, for whoever searches"""


@dataclass(frozen=True)
class Group:
    """The services of one level, each tree with its parts; ``level`` is empty where it is not settled."""

    level: str
    trees: tuple[tuple[Choice, ...], ...]


@lru_cache(maxsize=8)
def groups(law: Law, lang: str) -> tuple[Group, ...]:
    """Every service that a case may name, once, in groups."""
    by_level: dict[str, list[Thing]] = {level: [] for level in _LEVELS}
    for service in law.selectable:
        by_level.setdefault(service.level, []).append(service)
    return tuple(Group(level, tuple(_trees(services, law, lang))) for level, services in by_level.items() if services)


def _trees(services: list[Thing], law: Law, lang: str) -> Iterator[tuple[Choice, ...]]:
    ordered = sorted(services, key=lambda service: service.label(lang).casefold())
    over = {service.id: above.id for service in services if (above := parent(service, law))}
    here = {service.id for service in services}

    def tree(service: Thing) -> Iterator[Choice]:
        yield _choice(service, law, lang, indented=over.get(service.id) in here)
        for child in ordered:
            if over.get(child.id) == service.id:
                yield from tree(child)

    for service in ordered:
        if over.get(service.id) not in here:
            yield tuple(tree(service))


def _choice(service: Thing, law: Law, lang: str, *, indented: bool) -> Choice:
    above = parent(service, law)
    names = " ".join([*service.label.values(), *service.strings("altLabel"), service.id]).casefold()
    return Choice(service.id, capital(service.label(lang)), indented, above.label(lang) if above else "", names)


def parent(service: Thing, law: Law) -> Thing | None:
    """The nearest service above it that a case may name."""
    above = [one for one in law.selectable if one.id in service.strings("subClassOf") and one.id != service.id]
    return max(above, key=lambda one: len(one.strings("subClassOf")), default=None)
