"""What is not known: facts that would change the answer, and words in the law that only an assessment can fill."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from samordning.answer.coordination import steps
from samordning.answer.model import MissingFact, OpenNorm
from samordning.engine.status import Special, Status
from samordning.namespaces import thing

if TYPE_CHECKING:
    from samordning.answer.basis import Context
    from samordning.engine.law import Law


#: The duty types that an answer speaks of. A fact matters when one of these norms hangs on it.
ANSWERED: Final = (
    "individual-cooperation",
    "child-coordinator-cooperation",
    "coordination",
    "coordination-decision",
    "child-coordinator-coordinates",
    "child-coordinator-duty",
    "child-coordinator-right",
    "coordinator-duty",
    "coordinator-right",
    "plan-duty",
    "plan-right",
    "plan-start",
    "plan-participation",
    "system-cooperation",
)

#: Which question is asked only where a duty of these types may apply.
_QUESTIONS: Final = {"coordinator": ("coordination",), "main-responsibility": ("plan-duty", "plan-start")}


def missing_facts(context: Context) -> list[MissingFact]:
    """Facts that some norm or step hangs on, the one that changes most first."""
    changes: dict[str, set[str]] = defaultdict(set)
    for norm, outcome in context.norms(*ANSWERED):
        if outcome.status is Status.DEPENDS:
            for fact in context.matter.facts(norm.key, context.evaluation):
                changes[fact].add(norm.iri)
    for question, types in _QUESTIONS.items():
        if any(outcome.status is not Status.DOES_NOT_APPLY for _, outcome in context.norms(*types)):
            _, before = steps(context, question)
            for step, _ in before:
                for fact in context.matter.facts(step.id, context.evaluation):
                    changes[fact].add(step.iri)
    found = [
        MissingFact(
            fact=fact,
            open=context.case.facts.get(fact) is Special.OPEN,
            changes=sorted(norms),
            question=context.law.facts[fact].texts("question")(context.lang),
            why=context.law.facts[fact].texts("why")(context.lang),
        )
        for fact, norms in changes.items()
    ]
    return sorted(found, key=lambda missing: (-len(missing.changes), missing.fact))


def open_norms(context: Context) -> list[OpenNorm]:
    """Open words in the norms that apply or may apply, with what the sources say weighs in."""
    norms: dict[str, list[str]] = defaultdict(list)
    for norm, outcome in context.norms(*ANSWERED):
        if outcome.status is not Status.DOES_NOT_APPLY:
            for word in norm.open_norms:
                norms[word].append(norm.iri)
    return [open_norm(context.law, word, where, context.lang) for word, where in sorted(norms.items())]


def open_norm(law: Law, word: str, norms: list[str], lang: str) -> OpenNorm:
    """One open word, and the norms that use it."""
    concept = law.concepts[word]
    weighs = concept.texts("weighsIn")(lang)
    return OpenNorm(
        id=thing(word),
        label=concept.label(lang),
        definition=concept.texts("definition")(lang),
        weighs_in=[weighs] if weighs else [],
        norms=norms,
    )
