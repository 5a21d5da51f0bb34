"""From what fired to a report: each duty with its outcome, provision, bearer and supervisor."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

from samordning.answer.around import supervision
from samordning.answer.wording import Wording, capital
from samordning.check import model
from samordning.check.graph import duty_name
from samordning.engine.law import LANGUAGES
from samordning.namespaces import local, thing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from samordning.answer.model import Supervision
    from samordning.check.checker import Checker
    from samordning.check.duty import Duty
    from samordning.check.record import Record
    from samordning.check.rule import Rule
    from samordning.check.shacl import Hits

_WEIGHT: Final = {"breach": 5, "to-be-assessed": 4, "not-assessable": 3, "depends": 2, "recommended": 1, "met": 0}
#: Where one may read a provision.
_LOVDATA: Final = "https://lovdata.no/"


def texts(values: Mapping[str, str]) -> model.Texts:
    """A text in three languages."""
    return model.Texts(**{lang: values.get(lang, "") for lang in LANGUAGES})


def fired(duty: Duty, hits: Hits, rules: Mapping[str, Rule], number: int = 1) -> list[Rule]:
    """The rules that fired on a duty, heaviest first."""
    name = duty_name(number, duty)
    found = [rules[iri] for focus, iri in hits if focus == name]
    return sorted(found, key=lambda rule: (-_WEIGHT[rule.kind], rule.iri))


def outcomes(duty: Duty, found: Iterable[Rule]) -> dict[str, str]:
    """What each norm of a duty came to, by key: the heaviest of the findings that are about it."""
    worst = dict.fromkeys(duty.norms, "met")
    for rule in found:
        for key in about(rule, duty):
            worst[key] = max(worst[key], rule.kind, key=_WEIGHT.__getitem__)
    return worst


def about(rule: Rule, duty: Duty) -> list[str]:
    """The norms of a duty that a rule is about: those it names, or all where it looks at the type."""
    if rule.targets & {thing(f"duty-type/{duty.type}")} or duty.missing:
        return list(duty.norms)
    return [key for key in duty.norms if thing(f"norm/{key}") in rule.targets]


def count(duties: Sequence[Duty], hits: Hits, rules: Mapping[str, Rule], number: int = 1) -> Counter[tuple[str, str]]:
    """How many duties of each type came to what."""
    by_focus: dict[str, list[Rule]] = defaultdict(list)
    for focus, iri in hits:
        by_focus[focus].append(rules[iri])
    found: Counter[tuple[str, str]] = Counter()
    for duty in duties:
        rules_fired = by_focus.get(duty_name(number, duty))
        if rules_fired is None:
            found[duty.type, "met"] += len(duty.norms)
        else:
            found.update((duty.type, outcome) for outcome in outcomes(duty, rules_fired).values())
    return found


class Writer:
    """Makes reports. Everything it keeps follows from the law."""

    def __init__(self, checker: Checker) -> None:
        self.checker, self.law = checker, checker.kg.law

    def report(self, record: Record, duties: Sequence[Duty], hits: Hits, unchecked: Iterable[str]) -> model.Report:
        """The report on one record."""
        rules = self.checker.rules(record.scope).rules
        by_type: dict[tuple[str, str | None], list[Duty]] = defaultdict(list)
        for duty in duties:
            by_type[duty.type, duty.service].append(duty)
        groups, numbers = [], Counter[str]()
        for (type_, service), found in by_type.items():
            groups.append(self._group(record, type_, service, found, hits, rules, numbers))
        left = self._unchecked(unchecked)
        summary = model.Summary(
            duties=numbers.total() + sum(len(entry.norms) for entry in left),
            not_checkable=sum(len(entry.norms) for entry in left),
            **{kind.replace("-", "_"): numbers[kind] for kind in _WEIGHT},
        )
        groups.sort(key=lambda group: (-_WEIGHT[group.outcome], group.type, group.service or ""))
        return model.Report(
            about=model.Subject(
                scope=cast("Any", record.scope),
                date=record.case.date,
                file=record.name,
                organisation=record.organisation,
                name=record.title,
                number=record.number,
                county=record.county,
            ),
            conforms=not any(group.findings for group in groups),
            summary=summary,
            groups=groups,
            unchecked=left,
            reservation=texts(self.checker.messages("reservation")),
            receipt=self._receipt(record),
        )

    def _group(
        self,
        record: Record,
        type_: str,
        service: str | None,
        duties: Sequence[Duty],
        hits: Hits,
        rules: Mapping[str, Rule],
        numbers: Counter[str],
    ) -> model.Group:
        worst: dict[str, str] = {}
        findings: dict[tuple[str, bool], model.Finding] = {}
        for duty in duties:
            found = fired(duty, hits, rules)
            came = outcomes(duty, found)
            numbers.update(came.values())
            for key, outcome in came.items():
                worst[key] = max(worst.get(key, "met"), outcome, key=_WEIGHT.__getitem__)
            for rule in found:
                place = (rule.iri, bool(duty.missing))
                if place in findings:
                    findings[place].towards.append(str(duty.towards))
                else:
                    findings[place] = self._finding(rule, duty)
        concept = self.law.concepts[f"duty-type/{type_}"]
        # In the order of the law, as far as equals go.
        places = {self.law.norms[key].iri: _natural(self.law.norms[key].address) for key in worst}
        ordered = sorted(findings.values(), key=lambda one: (-_WEIGHT[one.kind], places[one.norms[0]], one.rule))
        return model.Group(
            type=type_,
            label=texts(concept.label),
            service=service,
            service_label=texts(self.law.services[service].label) if service else None,
            outcome=cast("Any", max(worst.values(), key=_WEIGHT.__getitem__)),
            norms=[
                self._norm(key, record.case.date, worst[key])
                for key in sorted(worst, key=lambda key: (_natural(self.law.norms[key].address), key))
            ],
            findings=ordered,
        )

    def _finding(self, rule: Rule, duty: Duty) -> model.Finding:
        return model.Finding(
            kind=cast("Any", rule.kind),
            rule=rule.iri,
            norms=[thing(f"norm/{key}") for key in about(rule, duty)],
            towards=[duty.towards] if duty.towards else [],
            text=texts(rule.message),
            mend=texts(rule.mend),
            missing_facts=list(duty.missing),
        )

    @lru_cache(maxsize=16384)  # noqa: B019  # there is one writer per process
    def _norm(self, key: str, date: dt.date, outcome: str) -> model.Norm:
        norm = self.law.norms[key]
        version = norm.version(date)
        bearer = self.law.bodies.get(norm.bearer or "")
        return model.Norm(
            norm=norm.iri,
            label=texts(norm.label),
            outcome=cast("Any", outcome),
            bearer=norm.bearer,
            bearer_label=texts(bearer.label if bearer else {}),
            provision=model.Provision(
                address=norm.address,
                in_force=version.entered if version else None,
                url=_LOVDATA + "/".join(norm.address.split("/")[:3]),
            ),
            supervisor=self._supervisor(norm.iri, date),
        )

    def _supervisor(self, iri: str, date: dt.date) -> model.Supervisor:
        key = local(iri).removeprefix("norm/")
        found = {lang: supervision(self.law, key, date, lang) for lang in LANGUAGES}
        first = found["nb"]
        return model.Supervisor(
            body=first.supervisor,
            status=first.status,
            text=texts({lang: self._watched(one, lang) for lang, one in found.items()}),
        )

    def _watched(self, found: Supervision, lang: str) -> str:
        # Who, in a word; where that is only partly so, or nobody, what the data says of it.
        if found.status != "covered":
            return found.text
        words = Wording(self.law, lang)
        return capital(words.join(words.body(body) for body in found.supervisors))

    def _unchecked(self, keys: Iterable[str]) -> list[model.Unchecked]:
        by_reason: dict[str, list[str]] = defaultdict(list)
        for key in keys:
            by_reason[self.checker.reason_of(key)].append(key)
        return [
            model.Unchecked(
                norms=[thing(f"norm/{key}") for key in sorted(found)],
                addresses=sorted({self.law.norms[key].address for key in found}, key=_natural),
                why=texts(self.checker.reasons[reason]),
            )
            for reason, found in sorted(by_reason.items())
        ]

    def _receipt(self, record: Record) -> model.Receipt:
        manifest = self.checker.kg.manifest
        read = self.law.coverage.one("readAsOf")
        return model.Receipt(
            dataset=str(manifest["dataset"]),
            ontology=str(manifest["ontology"]),
            checked_by=f"samordning {manifest['samordning']}",
            rules=len(self.checker.rules(record.scope).rules),
            read_as_of=read if isinstance(read, dt.date) else record.case.date,
            generated=dt.datetime.now(tz=dt.UTC).replace(microsecond=0),
        )


def _natural(address: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", address)]
