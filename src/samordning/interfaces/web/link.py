"""Where links lead: from an IRI to the page about the thing, or to what the linked data says of it."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from samordning.namespaces import ROOT, THINGS

#: The first part of a thing's name, and the address of pages about such things.
PAGES: Final = {
    "norm/": "norms/",
    "service/": "services/",
    "duty-type/": "duty-types/",
    "group/": "groups/",
    "body/": "bodies/",
    "lov/": "law/lov/",
    "forskrift/": "law/forskrift/",
}


def href(iri: str) -> str:
    """Where a link to an IRI leads: ours to this service, others as they are, and nothing but http and https."""
    if iri.startswith(ROOT):
        return "/" + quote(iri.removeprefix(ROOT), safe="/#:@")
    return iri if iri.startswith(("https://", "http://")) else ""


def page_of(iri: str, lang: str) -> str:
    """The page about a thing of ours in a language; empty where there is none of its kind."""
    name = iri.removeprefix(THINGS)
    if name == iri:
        return ""
    found = next((kind for kind in PAGES if name.startswith(kind)), "")
    return f"/{lang}/" + quote(PAGES[found] + name.removeprefix(found), safe="/#:@") if found else ""
