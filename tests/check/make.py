"""Random records, from a seed: what a population of cases or municipalities may look like. Nobody in it exists."""

from __future__ import annotations

import random
from typing import Any

from samordning.check.checker import Checker
from samordning.check.vocabulary import CASE, SETUP, Term
from samordning.namespaces import term

CHILD = ["municipal-health", "gp", "health-station", "school-health", "primary-school", "ppt", "sfo", "child-welfare", "bup",
         "habilitation", "kindergarten", "private-kindergarten-funded"]  # fmt: skip
ADULT = ["municipal-health", "gp", "social-services", "nav-state", "specialist-health", "mental-health-institution", "crisis-centre",
         "intro-programme", "adult-education", "dental", "family-counselling", "follow-up-service", "upper-secondary-school"]  # fmt: skip
MUNICIPAL = [
    *CHILD[:4],
    "primary-school",
    "ppt",
    "sfo",
    "child-welfare",
    "kindergarten",
    "social-services",
    "crisis-centre",
    "intro-programme",
]


class Maker:
    """Makes records that the checker takes."""

    def __init__(self, checker: Checker, seed: int) -> None:
        self.checker = checker
        self.vocabulary, self.law = checker.vocabulary, checker.kg.law
        self.random = random.Random(seed)  # noqa: S311  # examples, no secrets

    def case(self) -> dict[str, Any]:
        child = self.random.random() < 0.7
        services = self.random.sample(CHILD if child else ADULT, self.random.randint(2, 5))
        facts = {
            fact.id: self.random.choice([True, True, True, False, "open", None])
            for fact in self.law.facts.values()
            if fact.one("section") == "facts" and fact.one("valueKind") == "boolean"
        }
        for told in ("child_coordinator_appointed", "plan_exists", "plan_consent"):
            facts.pop(told, None)
        record = self._node(CASE, services)
        record["services"] = [
            {**self._node(term("ServiceRecord"), services), "service": one}
            for one in services
            if self.random.random() < 0.8
        ]
        age = self.random.randint(0, 17) if child else self.random.randint(18, 80)
        return {
            "date": self.random.choice(["2022-09-01", "2023-06-01", "2024-09-01", "2026-03-01", "2026-09-01"]),
            "municipality": f"{self.random.randint(31, 56)}{self.random.randint(1, 20):02}",
            "person": {"age": age},
            "services": services,
            "facts": facts,
            "record": record,
        }

    def setup(self, number: int = 0) -> dict[str, Any]:
        services = self.random.sample(sorted(set(MUNICIPAL)), self.random.randint(4, 9))
        made = self._node(SETUP, services)
        made["cooperation"] = [
            {
                **self._node(term("CooperationRecord"), services),
                "between": self.random.sample(services, self.random.randint(2, len(services))),
            }
            for _ in range(self.random.randint(1, 4))
        ]
        head = {"kind": self.random.choice(["municipality", "municipality", "city-district"]), "name": f"Kommune nr. {number}",
                "number": f"{self.random.randint(31, 56)}{number % 100:02}", "services": services}  # fmt: skip
        return {"date": "2026-03-01", "setup": head, **made}

    def _node(self, kind: str, services: list[str]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, one in self.vocabulary.terms[kind].items():
            if self.random.random() < 0.25 or one.takes in ("ServiceRecord", "CooperationRecord"):
                continue
            place = made
            for part in key[:-1]:
                place = place.setdefault(part, {})
            place[key[-1]] = self._value(one, services)
        return made

    def _value(self, one: Term, services: list[str]) -> object:
        if one.takes == "boolean":
            return self.random.random() < 0.75
        if one.takes == "date":
            return "2022-08-15"
        if self.random.random() < 0.08:
            return "none"
        if one.takes == "service":
            return self.random.choice(services)
        if one.takes == "PlanRecord":
            return [self._node(term("PlanRecord"), services) for _ in range(self.random.choice([1, 1, 1, 2]))]
        concepts = list(self.vocabulary.concepts[one.takes])
        if one.many:
            return self.random.sample(concepts, self.random.randint(1, len(concepts)))
        return self.random.choice(concepts)
