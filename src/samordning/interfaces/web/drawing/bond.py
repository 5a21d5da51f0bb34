"""What an answer says of pairs: who must cooperate with whom, how sure that is, and whether it is returned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from samordning.answer.model import Answer, Duty

Strength = Literal["applies", "depends", "uncertain"]
#: The one that an appointed child coordinator is, beside the services.
CHILD_COORDINATOR: Final = "child-coordinator"
_RANK: Final = {"uncertain": 0, "depends": 1, "applies": 2}


@dataclass(frozen=True, slots=True)
class Bond:
    """A pair with a duty between them: ``there`` is what the first owes the second, ``back`` what is returned."""

    first: str
    second: str
    there: Strength | None
    back: Strength | None

    def owed_to(self, one: str) -> Strength | None:
        """What the other owes ``one``."""
        return self.there if one == self.second else self.back


def owed(answer: Answer) -> dict[tuple[str, str], Strength]:
    """Who owes whom to cooperate, each with the surest duty there is; what does not apply is left out."""
    found: dict[tuple[str, str], Strength] = {}

    def note(one: str, other: str, strength: Strength) -> None:
        before = found.get((one, other))
        if before is None or _RANK[strength] > _RANK[before]:
            found[one, other] = strength

    for duty in answer.cooperation.duties:
        for other, strength in _towards(duty):
            note(duty.service, other, strength)
    for duty in answer.cooperation.with_child_coordinator:
        if duty.status != "does_not_apply":
            note(duty.service, CHILD_COORDINATOR, duty.status)
    return found


def _towards(duty: Duty) -> Iterator[tuple[str, Strength]]:
    if duty.status == "does_not_apply":
        return
    for other in duty.counterparts:
        yield other, duty.status
    for other in duty.uncertain_counterparts:
        yield other, "uncertain"


def bonds(answer: Answer) -> list[Bond]:
    """One for each pair with a duty between them, in the order of the answer."""
    owing = owed(answer)
    found: dict[frozenset[str], Bond] = {}
    for (one, other), strength in owing.items():
        pair = frozenset((one, other))
        if pair not in found:
            found[pair] = Bond(one, other, strength, owing.get((other, one)))
    return list(found.values())
