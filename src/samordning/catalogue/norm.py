"""Norms, listed and filtered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samordning.catalogue import item

if TYPE_CHECKING:
    import datetime as dt

    from samordning.engine.law import Law, Norm


def norm_item(norm: Norm) -> item.Norm:
    """One norm, whole."""
    begins = [version.entered for version in norm.versions if version.entered]
    ends = [version.until for version in norm.versions]
    return item.Norm(
        iri=norm.iri,
        id=norm.key,
        kind=norm.kind,
        label=norm.label,
        note=norm.note,
        address=norm.address,
        act=norm.act,
        types=sorted(norm.types),
        modality=norm.modality,
        bearer=norm.bearer,
        bearer_as_named=str(norm.bearer_as_named) if norm.bearer_as_named else None,
        services=sorted(norm.binds),
        beneficiaries=sorted(norm.beneficiaries),
        counterparts=sorted(norm.counterparts),
        open_norms=sorted(norm.open_norms),
        leans_on=sorted(norm.also),
        replaces=sorted(norm.replaces),
        reading=norm.reading,
        wordings=sorted(version.iri for version in norm.versions),
        in_force_from=min(begins, default=None),
        in_force_until=max((end for end in ends if end), default=None) if all(ends) else None,
    )


def norms(
    law: Law,
    *,
    date: dt.date | None = None,
    act: str | None = None,
    type_: str | None = None,
    service: str | None = None,
    level: str | None = None,
    kind: str | None = None,
) -> list[Norm]:
    """The norms that meet every filter given, by address and key.

    ``service`` keeps what binds it, itself or through a kind it belongs to; ``level`` keeps what binds some service at
    that level of government.
    """
    at_level = {thing.id for thing in law.services.values() if item.last(thing.one("level")) == level}
    found = [
        norm
        for norm in (law.in_force(date) if date else law.norms.values())
        if (act is None or norm.act == act)
        and (type_ is None or type_ in norm.types)
        and (kind is None or norm.kind == kind)
        and (service is None or law.binding(norm, service))
        and (level is None or any(law.binding(norm, one) for one in at_level))
    ]
    return sorted(found, key=lambda norm: (norm.address, norm.key))
