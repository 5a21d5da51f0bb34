"""JSON schema of a case, made from the services and facts in the data, for OpenAPI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from samordning.answer.case import MAX_AGE

if TYPE_CHECKING:
    from samordning.engine.law import Law, Thing

#: A case that every description of the service uses. It is about nobody.
EXAMPLE: Final = {
    "date": "2026-03-01",
    "person": {"age": 9},
    "services": ["municipal-health", "primary-school", "ppt", "bup"],
    "facts": {"cooperation_necessary": True},
}


def case_schema(law: Law) -> dict[str, Any]:
    """The request body of ``POST /v1/answers``."""
    services = [thing.id for thing in law.selectable]
    schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["services"],
        "properties": {
            "date": {"type": ["string", "null"], "format": "date", "description": "as-of date; today when left out"},
            "municipality": {"type": ["string", "null"], "pattern": "^[0-9]{4}$"},
            "person": _section(law, "person", services),
            "services": {
                "type": "array",
                "minItems": 1,
                "uniqueItems": True,
                "items": {"type": "string", "enum": services},
                "description": law.facts["services"].texts("question")("en"),
            },
            "facts": _section(law, "facts", services),
        },
    }
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema, "example": EXAMPLE}}}}


def _section(law: Law, section: str, services: list[str]) -> dict[str, Any]:
    found = {fact.id: _fact(fact, services) for fact in law.facts.values() if fact.one("section") == section}
    return {"type": ["object", "null"], "additionalProperties": False, "properties": dict(sorted(found.items()))}


def _fact(fact: Thing, services: list[str]) -> dict[str, Any]:
    about = {"description": fact.texts("question")("en")}
    kind = fact.one("valueKind")
    if kind == "integer":
        return {**about, "anyOf": [{"type": "integer", "minimum": 0, "maximum": MAX_AGE}, {"enum": ["unknown", None]}]}
    if kind == "service":
        return {**about, "enum": [*services, "open", "unknown", None]}
    if kind == "choice":
        return {**about, "enum": [*sorted(fact.strings("choice")), "open", "unknown", None]}
    return {**about, "enum": [True, False, "open", "unknown", None]}
