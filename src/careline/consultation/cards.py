"""Emergency, crisis and safeguarding cards: what is answered at once, whatever else runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from careline.clinical.acuity import Acuity
from careline.clinical.assessment import Assessment, assess, protocols_of
from careline.clinical.content import Disposition, PhoneNumber, RedFlag
from careline.clinical.red_flags import RaisedFlag
from careline.consultation.consultation import Choice, Consultation, Stage
from careline.consultation.handoff import request_escalation, unasked_lines
from careline.consultation.memory import Awaiting
from careline.consultation.phone_numbers import contract_numbers, emergency_text, phone_numbers
from careline.consultation.young_person import is_young, young_lines, young_numbers
from careline.escalation.escalation import Reason

_MOST_ADVICE = 5  # more is not read by somebody in fear (WCAG care-card practice: at most 5 points)
_LEVELS = ("imminent", "active", "passive")
_NOT_OF_THE_BODY = ("mh_crisis", "police")  # services of rules that found a danger
_REASONS = {"emergency": Reason.RED_FLAG, "crisis": Reason.CRISIS, "safeguarding": Reason.SAFEGUARDING}


def show_cards(
    c: Consultation, raised: Sequence[RaisedFlag], evidence: Acuity | None = None, *, quote: str | None = None
) -> None:
    """Answer raised flags: one card per kind, the most urgent last, and one escalation.

    Args:
        c: The consultation.
        raised: At least one flag.
        evidence: What all findings ask for, which may be more urgent than the flags alone; None when not known yet.
        quote: The words by which the flags were recognised, where no phrase says it.
    """
    acuity = max(item.flag.acuity for item in raised)
    acuity = acuity if evidence is None else max(acuity, evidence)
    lead = _lead_kind(raised)
    c.memory.may_be_watched = c.may_be_watched or any(item.flag.may_be_watched for item in raised)
    c.memory.met_as_young = c.memory.met_as_young or is_young(c)  # the card says what the greeting would
    request_escalation(c, _REASONS[lead], acuity, tuple(item.flag.id for item in raised))
    if acuity.is_emergency:
        _advise(c, acuity)
    else:  # there is time to ask on, and what is worse must come out
        c.acuity = acuity if c.acuity is None else max(acuity, c.acuity)
        c.final = c.final and (c.acuity.is_emergency or c.stage is Stage.CLOSED)
    c.memory.shown_flags.extend(
        item.flag.id for item in raised if item.flag.id not in c.memory.shown_flags
    )  # fmt: skip
    for kind in ("safeguarding", "crisis", "emergency"):
        of_kind = [item for item in raised if item.flag.kind == kind]
        if of_kind and kind != lead:
            _card(c, kind, of_kind, max(item.flag.acuity for item in of_kind), None, is_lead=False)
    _card(c, lead, [item for item in raised if item.flag.kind == lead], acuity, quote, is_lead=True)


def show_assessment_card(c: Consultation, assessment: Assessment) -> None:
    """Answer an emergency that the rules found without a red flag: the same card, with the rules' reasons."""
    request_escalation(c, Reason.ASSESSMENT, assessment.acuity, ())
    _advise(c, assessment.acuity)
    disposition = c.release.book.dispositions[assessment.acuity]
    reasons = [reason.text for reason in assessment.reasons if reason.acuity is assessment.acuity][:_MOST_ADVICE]
    where = (
        disposition.by_service.get(assessment.service, disposition.where) if assessment.service else disposition.where
    )
    numbers = phone_numbers(c.release.book, c.country)
    text = [_heading(c, disposition), *(f"- {reason}" for reason in reasons), where, call_line(c)]
    text += [c.wording("young-emergency")] if is_young(c) else []
    is_signed = all(item.protocol.review.is_signed for item in protocols_of(c.memory.case, c.release.book))
    data: dict[str, Any] = {"acuity": assessment.acuity.value, "red_flags": []}
    _send(c, "emergency", text, data, numbers, is_lead=True, is_signed=is_signed)


def emergency_reply_choices(c: Consultation) -> tuple[Choice, ...]:
    """Return the buttons below a card."""
    return (
        c.choice("called", "i called", "i have called", "called", "ive called", "calling now", "called them"),
        c.choice("cannot_call", "i cant call", "cannot call", "no phone", "i cant phone"),
        c.choice("not_meant", "not what i meant", "i didnt mean that", "thats not what i meant", "wrong"),
        c.choice("continue", "continue", "carry on", "go on", "keep going"),
    )


def is_in_crisis(c: Consultation) -> bool:
    """Return whether words of wanting to die or of self-harm were answered: what is said from then on heeds it."""
    flags = c.release.book.red_flags
    return any(flags[flag].flag.kind == "crisis" for flag in c.memory.shown_flags if flag in flags)


def is_in_crisis_alone(c: Consultation) -> bool:
    """Return whether it is a crisis and no bodily emergency besides: with one, its number comes alone."""
    flags = c.release.book.red_flags
    return (
        is_in_crisis(c)
        and not any(flags[flag].flag.kind == "emergency" for flag in c.memory.shown_flags if flag in flags)
        and not _have_rules_found_one(c)
    )


def _have_rules_found_one(c: Consultation) -> bool:
    """Return whether rules found a bodily emergency, which needs no red flag: chest pain with sickness."""
    if c.acuity is None or not c.acuity.is_emergency:
        return False
    book = c.release.book
    return any(
        reason.acuity is not None
        and reason.acuity.is_emergency
        and reason.rule_id not in book.red_flags
        and reason.service not in _NOT_OF_THE_BODY
        for reason in assess(c.memory.case, book).reasons
    )


def of_whom(c: Consultation, sentence: str) -> str:
    """Return the sentence about a crisis as it is said to the patient, or to who writes for them."""
    return f"{sentence}-another" if c.is_for_another else sentence


def _advice_of(c: Consultation, flag: RedFlag) -> Sequence[str]:
    return flag.advice_for_another if flag.advice_for_another and c.is_for_another else flag.advice


def crisis_lines(c: Consultation) -> str:
    """Return which numbers to call in a crisis."""
    numbers = phone_numbers(c.release.book, c.country, ("emergency", "crisis"))
    young = is_young(c)
    return _crisis_line(c, sorted(numbers, key=lambda number: number.for_young is not young))


def remind_of_emergency(c: Consultation) -> None:
    """Say that the emergency advice stands, with the number, and ask again what the patient did."""
    crisis = is_in_crisis_alone(c)
    c.send(
        "notice",
        "\n".join(
            [c.wording(of_whom(c, "emergency-still-crisis")), crisis_lines(c)]
            if crisis
            else [c.wording("emergency-still"), call_line(c)]
        ),
        options=emergency_reply_choices(c),
        awaiting=Awaiting.EMERGENCY_REPLY,
    )


def _lead_kind(raised: Sequence[RaisedFlag]) -> str:
    kinds = {item.flag.kind for item in raised}
    # A heart attack must not lead to the suicide line, nor the other way round: the body's emergency leads.
    return next(kind for kind in ("emergency", "crisis", "safeguarding") if kind in kinds)


def _advise(c: Consultation, acuity: Acuity) -> None:
    c.stage = Stage.ADVISED if c.stage is not Stage.WITH_CLINICIAN else c.stage
    c.acuity = acuity if c.acuity is None else max(acuity, c.acuity)
    c.final = True


def _card(
    c: Consultation,
    kind: str,
    raised: Sequence[RaisedFlag],
    acuity: Acuity,
    quote: str | None,
    *,
    is_lead: bool,
) -> None:
    book = c.release.book
    top = raised[0].flag
    disposition = book.dispositions[acuity]
    # The flag's own service goes with its own acuity; a more urgent level has its own place to go.
    named = disposition.by_service.get(top.service) if acuity is top.acuity else None
    where = named or disposition.where
    # What is said already of where to go is not said again.
    told = (line for item in raised for line in _advice_of(c, item.flag) if line not in where)
    advice = list(dict.fromkeys(told))
    advice = advice[:_MOST_ADVICE]
    numbers = numbers_for(c, kind, top)
    data: dict[str, Any] = {
        "acuity": acuity.value,
        "red_flags": [{"id": item.flag.id, "title": item.flag.title} for item in raised],
    }
    if kind == "crisis":
        levels = [item.flag.level for item in raised if item.flag.level]
        data["level"] = min(levels, key=_LEVELS.index)
        text = [
            c.wording(of_whom(c, f"crisis-{data['level']}")),
            *(f"- {line}" for line in advice),
            _crisis_line(c, numbers),
        ]
    elif kind == "safeguarding":
        text = [c.wording("safeguarding-heading"), where, *(f"- {line}" for line in advice), call_line(c)]
        text += young_lines(c) if is_young(c) else []
    else:
        signs = "; ".join(dict.fromkeys(item.flag.title for item in raised))
        text = [_heading(c, disposition), c.wording("emergency-because", signs=signs), where, call_line(c)]
        text += [c.wording("emergency-until-help"), *(f"- {line}" for line in advice)]
    if quote is not None:
        text.insert(-1, c.wording("emergency-by-words", quote=quote))
    if is_lead and is_young(c):
        text.append(c.wording("young-emergency" if kind == "emergency" else "young-tell-someone"))
    is_signed = all(book.reviews[item.flag.id].is_signed for item in raised)
    shown = "crisis" if kind == "crisis" else "emergency"
    _send(c, shown, text, data, numbers, is_lead=is_lead, is_signed=is_signed)


def _send(
    c: Consultation,
    kind: str,
    text: list[str],
    data: dict[str, Any],
    numbers: Sequence[Any],
    *,
    is_lead: bool,
    is_signed: bool,
) -> None:
    if c.shows_way_out:
        data = {**data, "quick_exit": True}
    if is_lead:
        # The truth, from what is recorded: an escalation is stored; nobody is known to have seen it, though a clinician
        # may be in the chat.
        is_joined = c.stage is Stage.WITH_CLINICIAN
        recorded = c.wording("escalation-recorded-joined" if is_joined else "escalation-recorded")
        text = [*text, recorded, *unasked_lines(c)]
        if not is_signed:
            text.append(c.wording("card-not-yet-checked"))
        if c.country is None:
            text.append(c.wording("emergency-which-country"))
    c.send(
        kind,
        "\n".join(text),
        options=emergency_reply_choices(c) if is_lead else (),
        data={**data, "numbers": contract_numbers(numbers), "escalation_id": None},  # filled in when it is stored
        awaiting=Awaiting.EMERGENCY_REPLY if is_lead else None,
    )


def _heading(c: Consultation, disposition: Disposition) -> str:
    return c.wording("emergency-heading", title=disposition.title)


def numbers_for(c: Consultation, kind: str, flag: RedFlag) -> Sequence[PhoneNumber]:
    """Return the numbers that go with a red flag of this kind."""
    if kind == "crisis":
        numbers = phone_numbers(c.release.book, c.country, ("emergency", "crisis"))
        young = is_young(c)
        return sorted(numbers, key=lambda number: number.kind == "crisis" and number.for_young is not young)
    if kind == "safeguarding" and is_young(c):
        return [*phone_numbers(c.release.book, c.country), *young_numbers(c)]
    kinds = ("emergency", "poison") if flag.service == "poison" else ("emergency",)
    return phone_numbers(c.release.book, c.country, kinds)


def call_line(c: Consultation) -> str:
    """Return which number to call in an emergency: the country's, or all the international ones."""
    return emergency_text(c.house.wording, c.release.book, c.country, c.language)


def _crisis_line(c: Consultation, numbers: Sequence[Any]) -> str:
    lines = [f"{number.label}: {number.tel}" for number in numbers if number.kind == "crisis"][:2]
    return "\n".join([call_line(c), *lines] if lines else [call_line(c), c.wording("crisis-directory")])
