"""The parts of the memo on information and confidentiality, complaint and supervision: short, the JSON has every ledd."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from samordning.answer.messages import message
from samordning.answer.page import Ground
from samordning.answer.wording import capital
from samordning.engine import citation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from samordning.answer.model import Answer, FurtherDuty
    from samordning.answer.page import Page
    from samordning.answer.wording import Wording


def information(page: Page, answer: Answer, words: Wording, services: Sequence[str]) -> None:
    """Confidentiality, then each kind of duty to inform: for which services, and where it stands."""
    page.heading(message("information", words.lang), name="information")
    for remark in answer.remarks:
        if remark.about == "information" and remark.status == "applies":
            page.paragraph(remark.text)
    kinds: dict[str, list[FurtherDuty]] = {}
    for duty in answer.confidentiality:
        kinds.setdefault("confidentiality", []).append(duty)
    for duty in answer.information_duties:
        kinds.setdefault(duty.type, []).append(duty)
    for kind, duties in kinds.items():
        parts = [
            message("information-part", words.lang, services=_these(those, services, words), basis=words.cite(sections))
            for sections, those in _shared(duties).items()
        ]
        label = capital(words.concept(f"duty-type/{kind}"))
        ground = Ground(label, basis=list(_sections(duties)), norms=[duty.norm for duty in duties])
        page.item(message("information-line", words.lang, label=label, parts="; ".join(parts)), ground=ground)


def _shared(duties: Iterable[FurtherDuty]) -> dict[tuple[str, ...], list[str]]:
    # The sections of one act that bind the same services stand together. Whole sections only: a list of every ledd
    # can't be read aloud.
    sections: dict[tuple[str, str], dict[str, None]] = {}
    for duty in duties:
        for address in duty.basis:
            parsed = citation.parse(address)
            sections.setdefault((str(duty.service), parsed.act), {})[parsed.section] = None
    shared: dict[tuple[str, ...], list[str]] = {}
    for (service, _), found in sections.items():
        shared.setdefault(tuple(found), []).append(service)
    return shared


def _sections(duties: Iterable[FurtherDuty]) -> dict[str, None]:
    return dict.fromkeys(citation.parse(address).section for duty in duties for address in duty.basis)


def _these(those: list[str], services: Sequence[str], words: Wording) -> str:
    if len(services) > 1 and set(those) == set(services):
        return message("all-services", words.lang)
    return words.services(those)


def remedies(page: Page, answer: Answer, words: Wording) -> None:
    """What one may complain about and to whom, and who supervises what."""
    page.heading(message("remedies", words.lang), name="remedies")
    idle = _idle(answer)
    complaints: dict[tuple[bool | None, str | None, str | None, tuple[str, ...], str], list[str]] = {}
    for complaint in answer.complaint:
        if complaint.about not in idle:
            alike = (complaint.possible, complaint.to, complaint.deadline, tuple(complaint.basis), complaint.text)
            complaints.setdefault(alike, []).append(message(f"about-{complaint.about}", words.lang))
    for (possible, to, deadline, basis, text), abouts in complaints.items():
        about, said = words.join(abouts), words.basis(basis)
        if possible and to:
            act = words.act(basis[0])
            within = _within(deadline, words.lang)
            body = words.body(to)
            line = message("complaint-to", words.lang, about=about, act=act, body=body, deadline=within, basis=said)
        else:
            line = message("complaint-line", words.lang, about=about, text=text, basis=said)
        page.item(line, ground=Ground(basis=basis))
    watched: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for entry in answer.supervision:
        # A right is kept by complaint; it is the duties that are supervised.
        if words.norm(entry.norm).kind.endswith("#Right"):
            continue
        own = (entry.status, tuple(sorted(entry.supervisors)), tuple(entry.basis))
        watched.setdefault(own, []).extend(map(_ledd, entry.of))
    for (status, supervisors, basis), of in watched.items():
        bodies = capital(words.join(words.body(body) for body in supervisors))
        key = f"supervision-{status}" if supervisors or status != "partly" else "supervision-partly-unnamed"
        line = message(key, words.lang, bodies=bodies, of=words.cite(of), basis=words.basis(basis))
        page.item(line, ground=Ground(basis=basis))


def _idle(answer: Answer) -> set[str]:
    """What there is nothing to complain about in, since the person has no right to it."""
    plan = answer.individual_plan
    rights = {
        "child-coordinator": answer.child_coordinator.right,
        "coordinator": answer.coordinator_right.right,
        "individual-plan": plan.right if plan.right != "does_not_apply" else plan.status,
    }
    return {about for about, status in rights.items() if status == "does_not_apply"}


def _within(deadline: str | None, lang: str) -> str:
    days = re.fullmatch(r"P(\d+)D", deadline or "")
    return message("complaint-weeks", lang, weeks=int(days[1]) // 7) if days else ""


def _ledd(address: str) -> str:
    """The address down to its ledd: sentences and items are left out."""
    parsed = citation.parse(address)
    return parsed.section + "".join(f"/{kind}/{value}" for kind, value in parsed.parts if kind == "ledd")
