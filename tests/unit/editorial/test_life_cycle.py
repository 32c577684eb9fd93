"""The life of a revision, as sentences."""

import pytest

from careline.editorial.errors import NotAllowedError, WrongStateError
from careline.editorial.life_cycle import (
    SYSTEM,
    TERMINAL,
    Actor,
    State,
    Step,
    after,
    require_allowed,
    require_other_than_authors,
)
from careline.staff.account import Role

EDITOR, CLINICIAN, ADMIN = (
    Actor(f"sta_{role}", frozenset({role})) for role in (Role.EDITOR, Role.CLINICIAN, Role.ADMIN)
)

WAYS: dict[tuple[Step, State], State] = {
    (Step.SUBMIT, State.DRAFT): State.IN_REVIEW,
    (Step.SEND_BACK, State.IN_REVIEW): State.DRAFT,
    (Step.SEND_BACK, State.SIGNED): State.DRAFT,
    (Step.SEND_BACK, State.SCHEDULED): State.DRAFT,
    (Step.SIGN, State.IN_REVIEW): State.SIGNED,
    (Step.SCHEDULE, State.SIGNED): State.SCHEDULED,
    (Step.SCHEDULE, State.SCHEDULED): State.SCHEDULED,
    (Step.ACCEPT, State.DRAFT): State.SCHEDULED,
    (Step.PUBLISH, State.SIGNED): State.PUBLISHED,
    (Step.PUBLISH, State.SCHEDULED): State.PUBLISHED,
    (Step.WITHDRAW, State.PUBLISHED): State.WITHDRAWN,
    (Step.WITHDRAW, State.EXPIRED): State.WITHDRAWN,
    (Step.EXPIRE, State.PUBLISHED): State.EXPIRED,
    (Step.DISCARD, State.DRAFT): State.DISCARDED,
    (Step.DISCARD, State.IN_REVIEW): State.DISCARDED,
    (Step.DISCARD, State.SIGNED): State.DISCARDED,
    (Step.DISCARD, State.SCHEDULED): State.DISCARDED,
    **{(Step.REPLACE, state): State.SUPERSEDED for state in State if state not in (State.SUPERSEDED, State.DISCARDED)},
    **{
        (Step.ROLL_BACK, state): State.PUBLISHED
        for state in (State.SUPERSEDED, State.PUBLISHED, State.EXPIRED, State.WITHDRAWN)
    },
}


def test_each_step_leads_from_the_states_it_should_and_from_no_other():
    led: dict[tuple[Step, State], State] = {}
    refused: dict[State, set[str]] = {}
    for step in (step for step in Step if step not in (Step.SAVE, Step.COMMENT)):
        for state in State:
            try:
                led[step, state] = after(step, state)
            except WrongStateError as error:
                refused.setdefault(state, set()).add(str(error))
    assert led == WAYS
    assert all(f"the revision is {state}" in said for state, sentences in refused.items() for said in sentences)


def test_nothing_is_published_that_was_not_signed():
    ways = {state for (step, state), to in WAYS.items() if to is State.PUBLISHED and step is not Step.ROLL_BACK}
    assert ways == {State.SIGNED, State.SCHEDULED}
    assert {state for (_, state), to in WAYS.items() if to is State.SIGNED} == {State.IN_REVIEW}


@pytest.mark.parametrize(
    ("step", "who"),
    [
        (Step.SAVE, {EDITOR}),
        (Step.SUBMIT, {EDITOR}),
        (Step.DISCARD, {EDITOR}),
        (Step.SEND_BACK, {EDITOR, CLINICIAN}),
        (Step.SIGN, {CLINICIAN}),
        (Step.SCHEDULE, {ADMIN, TERMINAL}),
        (Step.ACCEPT, {ADMIN, TERMINAL}),
        (Step.PUBLISH, {ADMIN, TERMINAL}),
        (Step.ROLL_BACK, {ADMIN, TERMINAL}),
        (Step.WITHDRAW, {ADMIN, CLINICIAN, TERMINAL}),
        (Step.COMMENT, {EDITOR, CLINICIAN, ADMIN, TERMINAL}),
        (Step.EXPIRE, {SYSTEM}),
        (Step.REPLACE, {SYSTEM}),
    ],
)
def test_each_step_may_be_taken_by_those_alone_whose_work_it_is(step, who):
    for actor in (EDITOR, CLINICIAN, ADMIN, TERMINAL, SYSTEM):
        if actor in who:
            require_allowed(step, actor)
        else:
            with pytest.raises(NotAllowedError, match="may be done by"):
                require_allowed(step, actor)


def test_whoever_wrote_a_text_does_not_sign_it():
    require_other_than_authors(CLINICIAN, {"sta_editor", "app"})
    with pytest.raises(NotAllowedError, match="Ask another clinician"):
        require_other_than_authors(CLINICIAN, {"sta_editor", CLINICIAN.id})
