"""Where links lead: which page of ours is about a thing, and where an IRI leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from samordning.namespaces import ROOT, local

if TYPE_CHECKING:
    from collections.abc import Container

    from samordning.engine.law import Law

#: Where things of each kind have their pages.
FOLDERS: Final = {
    "service": "services",
    "body": "bodies",
    "group": "groups",
    "duty-type": "duty-types",
    "norm": "norms",
}


def page_of(iri: str, law: Law, addresses: Container[str]) -> str:
    """The page of a thing below the language, such as ``norms/hol-3-4-1``; empty where it has none."""
    name = local(iri)
    kind, _, rest = name.partition("/")
    known = {
        "service": law.services, "body": law.bodies, "group": law.groups, "norm": law.norms,
    }  # fmt: skip
    if kind in known and rest in known[kind]:
        return f"{FOLDERS[kind]}/{rest}"
    if kind == "duty-type" and name in law.concepts:
        return f"{FOLDERS[kind]}/{rest}"
    place = name.partition("/versjon/")[0]
    return f"law/{place}" if place in law.acts or place in addresses else ""


def href(iri: str) -> str:
    """Where a link to an IRI leads: ours to this service, others as they are, and nothing but http and https."""
    if iri.startswith(ROOT):
        return "/" + quote(iri.removeprefix(ROOT), safe="/#:@")
    return iri if iri.startswith(("https://", "http://")) else ""
