"""The life of a revision: which step leads from which state to which, and who may take it. Pure.

    draft → in review → signed → scheduled → published → superseded, expired or withdrawn

An editor writes. A clinician signs, and never a text that they wrote themselves, in whole or in part. An admin puts it
before patients.
"""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass

from careline.editorial.errors import NotAllowedError, WrongStateError
from careline.staff.account import Account, Role


class State(enum.StrEnum):
    """Where a revision stands.

    Attributes:
        SUPERSEDED: A newer text, or an earlier one by a roll-back, has taken its place.
        EXPIRED: It is published, but past its review date and shown no more.
        WITHDRAWN: It was taken from patients.
        DISCARDED: It was given up before it was published.
    """

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SIGNED = "signed"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


OPEN = frozenset({State.DRAFT, State.IN_REVIEW, State.SIGNED, State.SCHEDULED})
SERVED = frozenset({State.PUBLISHED, State.EXPIRED, State.WITHDRAWN})


class Step(enum.StrEnum):
    """Something that is done to a revision.

    Attributes:
        ACCEPT: A text of the program goes out as it came, where nobody has edited the item.
    """

    SAVE = "save"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    SIGN = "sign"
    SCHEDULE = "schedule"
    ACCEPT = "accept"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    REPLACE = "replace"
    ROLL_BACK = "roll_back"
    DISCARD = "discard"
    COMMENT = "comment"


@dataclass(frozen=True)
class Actor:
    """Somebody who takes a step: an account, or the program itself.

    Attributes:
        id: As the audit trail names them.
        name, role_title: As readers see them below what they sign.
    """

    id: str
    roles: frozenset[Role]
    name: str = ""
    role_title: str = ""

    @classmethod
    def of(cls, account: Account) -> Actor:
        """Return an account as one who takes steps."""
        return cls(account.id, account.roles, account.name, account.role_title)


SYSTEM = Actor("system", frozenset())
TERMINAL = Actor("terminal", frozenset({Role.ADMIN}))  # whoever has the machine: may publish, cannot write or sign

_LEADS: dict[Step, tuple[frozenset[State], State]] = {
    Step.SUBMIT: (frozenset({State.DRAFT}), State.IN_REVIEW),
    Step.SEND_BACK: (frozenset({State.IN_REVIEW, State.SIGNED, State.SCHEDULED}), State.DRAFT),
    Step.SIGN: (frozenset({State.IN_REVIEW}), State.SIGNED),
    Step.SCHEDULE: (frozenset({State.SIGNED, State.SCHEDULED}), State.SCHEDULED),
    Step.ACCEPT: (frozenset({State.DRAFT}), State.SCHEDULED),
    Step.PUBLISH: (frozenset({State.SIGNED, State.SCHEDULED}), State.PUBLISHED),
    Step.WITHDRAW: (frozenset({State.PUBLISHED, State.EXPIRED}), State.WITHDRAWN),
    Step.EXPIRE: (frozenset({State.PUBLISHED}), State.EXPIRED),
    Step.REPLACE: (OPEN | SERVED, State.SUPERSEDED),
    Step.ROLL_BACK: (frozenset({State.SUPERSEDED}) | SERVED, State.PUBLISHED),
    Step.DISCARD: (OPEN, State.DISCARDED),
}

_MAY: dict[Step, frozenset[Role]] = {
    Step.SAVE: frozenset({Role.EDITOR}),
    Step.SUBMIT: frozenset({Role.EDITOR}),
    Step.DISCARD: frozenset({Role.EDITOR}),
    Step.SEND_BACK: frozenset({Role.EDITOR, Role.CLINICIAN}),
    Step.SIGN: frozenset({Role.CLINICIAN}),
    Step.SCHEDULE: frozenset({Role.ADMIN}),
    Step.ACCEPT: frozenset({Role.ADMIN}),
    Step.PUBLISH: frozenset({Role.ADMIN}),
    Step.WITHDRAW: frozenset({Role.ADMIN, Role.CLINICIAN}),
    Step.ROLL_BACK: frozenset({Role.ADMIN}),
    Step.COMMENT: frozenset({Role.EDITOR, Role.CLINICIAN, Role.ADMIN}),
    Step.EXPIRE: frozenset(),
    Step.REPLACE: frozenset(),
}


def after(step: Step, state: State) -> State:
    """Return the state that a step leads to.

    Raises:
        WrongStateError: It cannot be taken from this one.
    """
    sources, target = _LEADS[step]
    if state not in sources:
        needed = ", ".join(sorted(sources))
        raise WrongStateError(f"{step.replace('_', ' ')}: the revision is {state}, it would have to be: {needed}.")
    return target


def is_open_to(step: Step, actor: Actor, state: State) -> bool:
    """Return whether somebody has a role for a step that this state allows; what else it needs is not looked at."""
    may = bool(actor.roles & _MAY[step])
    return may and (step not in _LEADS or state in _LEADS[step][0])


def require_allowed(step: Step, actor: Actor) -> None:
    """Check that somebody has a role for a step; the program itself takes only those that nobody else may.

    Raises:
        NotAllowedError: They have not.
    """
    roles = _MAY[step]
    if not roles and actor == SYSTEM:
        return
    if not actor.roles & roles:
        who = " or ".join(sorted(roles)) or "the program alone"
        raise NotAllowedError(f"{step.replace('_', ' ')}: may be done by: {who}.")


def require_other_than_authors(actor: Actor, authors: Collection[str]) -> None:
    """Check that whoever signs wrote no part of what is signed.

    Args:
        actor: Who signs.
        authors: Of all revisions since the last one that was signed.

    Raises:
        NotAllowedError: They wrote some of it.
    """
    if actor.id in authors:
        raise NotAllowedError("sign: whoever wrote a text does not sign it. Ask another clinician.")
