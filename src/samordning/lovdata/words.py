"""The official words of a cited provision, taken from a snapshot that shows the same wording that the citation means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samordning.engine import citation

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from samordning.engine.law import Law, Version
    from samordning.lovdata.store import OfficialText, Store


def words(store: Store, law: Law, addresses: Iterable[str], date: dt.date) -> dict[str, OfficialText]:
    """Official words by address, for those whose wording in force on ``date`` some snapshot in the store shows.

    A snapshot may be younger or older than ``date``: what matters is that the same wording held on both days. Where the
    data does not know the wording of a section, or no snapshot shows it, there are no words rather than other words.
    """
    found = {}
    for address in addresses:
        version = _version(law, address, date)
        days = [day for day in store.dates(address) if version is not None and version.holds_on(day)]
        text = store.text(address, max(days)) if days else None
        if text is not None:
            found[address] = text
    return found


def _version(law: Law, address: str, date: dt.date) -> Version | None:
    norms = law.by_section.get(citation.parse(address).section, ())
    return next((version for norm in norms if (version := norm.version(date))), None)
