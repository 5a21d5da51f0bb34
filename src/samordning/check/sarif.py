"""A report as SARIF 2.1.0, so that a pipeline shows findings as it shows those of other tools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from samordning.namespaces import PREFIXES, local

if TYPE_CHECKING:
    from collections.abc import Sequence

    from samordning.check.checker import Checker
    from samordning.check.model import Finding, Group, Report

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_MET: Final = "met"


def sarif(checker: Checker, reports: Sequence[Report], lang: str) -> dict[str, Any]:
    """One run over all the reports. What is met is told too, as kind ``pass``, so that silence is never taken for it."""
    used: dict[str, dict[str, Any]] = {}
    results = []
    for report in reports:
        for group in report.groups:
            results += [_result(checker, report, group, finding, lang, used) for finding in group.findings]
            met = [norm for norm in group.norms if norm.outcome == _MET]
            if met:
                kind = checker.vocabulary.kinds[_MET]
                results.append(
                    {
                        "ruleId": f"{group.type}/{_MET}",
                        "kind": kind.sarif_kind,
                        "level": kind.sarif_level,
                        "message": {"text": str(getattr(group.label, lang))},
                        "locations": _locations(report),
                        "properties": {"norms": [norm.norm for norm in met], "service": group.service},
                    }
                )
    driver = {
        "name": "samordning",
        "version": str(checker.kg.manifest["samordning"]),
        "informationUri": PREFIXES["sam"].removesuffix("ns#"),
        "rules": [used[name] for name in sorted(used)],
    }
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "language": lang, "results": results}],
    }


def _result(
    checker: Checker, report: Report, group: Group, finding: Finding, lang: str, used: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    rule = checker.rules(report.about.scope).rules[finding.rule]
    kind = checker.vocabulary.kinds[finding.kind]
    used.setdefault(
        rule.name,
        {
            "id": rule.name,
            "shortDescription": {"text": rule.message(lang)},
            "help": {"text": rule.mend(lang)},
            "helpUri": rule.iri,
            "defaultConfiguration": {"level": kind.sarif_level},
        },
    )
    return {
        "ruleId": rule.name,
        "kind": kind.sarif_kind,
        "level": kind.sarif_level,
        "message": {"text": str(getattr(finding.text, lang))},
        "locations": _locations(report),
        "properties": {
            "finding": finding.kind,
            "duty": group.type,
            "service": group.service,
            "towards": finding.towards,
            "norms": finding.norms,
            "provisions": [norm.provision.address for norm in group.norms if norm.norm in finding.norms],
            "mend": str(getattr(finding.mend, lang)),
            "missingFacts": [local(fact) for fact in finding.missing_facts],
        },
    }


def _locations(report: Report) -> list[dict[str, Any]]:
    return [{"physicalLocation": {"artifactLocation": {"uri": report.about.file}}}]
