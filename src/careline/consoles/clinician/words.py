"""How the console says levels, reasons, states and times; the texts of clinicians alone, so in one language."""

from __future__ import annotations

import datetime as dt

from careline.escalation.escalation import Acuity, Event, Reason, State, Verdict

LEVELS: dict[Acuity | None, str] = {
    Acuity.EMERGENCY_NOW: "Emergency now",
    Acuity.ED_NOW: "Hospital now",
    Acuity.SAME_DAY: "Same day",
    Acuity.GP_SOON: "GP soon",
    Acuity.ROUTINE: "Routine",
    Acuity.SELF_CARE: "Self-care",
    None: "No level yet",
}
REASONS = {
    Reason.RED_FLAG: "Red flag",
    Reason.CRISIS: "Crisis",
    Reason.SAFEGUARDING: "Safeguarding",
    Reason.ASSESSMENT: "Result of the triage",
    Reason.PATIENT_REQUEST: "Wants to speak to a person",
    Reason.CHECK_IN: "Worse at check-in",
    Reason.EXTERNAL: "From another system",
}
STATES = {
    State.OPEN: "Open, nobody has looked yet",
    State.ACKNOWLEDGED: "Seen, nobody has taken it",
    State.CLAIMED: "Taken",
    State.ANSWERED: "Answered",
    State.CLOSED: "Closed",
}
VERDICTS = {Verdict.RIGHT: "Right", Verdict.TOO_HIGH: "Too high", Verdict.TOO_LOW: "Too low"}
OUTCOMES = {
    "advised": "Advised",
    "referred": "Referred to another service",
    "ambulance": "Ambulance called or confirmed",
    "not_reached": "Patient not reached",
    "spam": "Spam or a test, no patient",
    "abuse": "Abuse of staff",
}
NO_PATIENT = frozenset({"spam", "abuse"})  # outcomes that need no advice
EVENTS = {
    Event.OPENED: "Opened",
    Event.RAISED: "Raised to a worse level",
    Event.CAME_BACK: "The same person has another case",
    Event.RENEWED: "Asked for again",
    Event.ACKNOWLEDGED: "Seen",
    Event.CLAIMED: "Taken",
    Event.TRANSFERRED: "Handed to a colleague",
    Event.RELEASED: "Given back",
    Event.LEASE_EXPIRED: "Given back by itself: its owner was not seen",
    Event.ANSWERED: "Answered the patient",
    Event.NOTED: "Note",
    Event.CLOSED: "Closed",
    Event.REOPENED: "Opened again",
    Event.CONTACT_LEFT: "The patient left how to reach them",
    Event.PATIENT_SAID_NOT_MEANT: "The patient said: not what I meant",
    Event.MAY_BE_WATCHED: "Somebody may watch the patient",
    Event.SAFE_TO_CALL_ANSWERED: "The patient said whether it is safe to call",
    Event.WORDS_ERASED: "The patient's words were erased",
}
PRESENCES = {
    "online": "Patient is online",
    "away": "Patient is away",
    "left": "Patient has left",
    "unknown": "Not known whether the patient is there",
}
DELIVERIES = {
    "waiting": "waits for its time",
    "retrying": "failed, is tried again",
    "sent": "taken by the receiver",
    "dead": "given up",
    "withdrawn": "not needed any more",
}
_WRITES_FOR = {"self": "writes for themselves", "child": "a child; somebody writes for them"}
SENDERS = {"patient": "Patient", "assistant": "Assistant", "clinician": "Clinician", "system": "System"}


def channel(name: str) -> str:
    """Return a channel's name as shown; what it leads to is never shown."""
    return name.replace("_", " ").capitalize()


def level(acuity: Acuity | None) -> str:
    """Return a level in words."""
    return LEVELS[acuity]


def event(name: Event) -> str:
    """Return an event of the log in words, also one that has none yet."""
    return EVENTS.get(name) or name.value.replace("_", " ").capitalize()


def outcome(name: str) -> str:
    """Return an outcome in words; other systems may use their own."""
    return OUTCOMES.get(name, name)


def disposition(name: str) -> str:
    """Return where a patient was sent: a level, or words of the clinician's."""
    if name == "none":
        return "Nowhere"
    try:
        return LEVELS[Acuity(name)]
    except ValueError:
        return name


def whom(for_whom: str | None) -> str | None:
    """Return for whom somebody writes."""
    return _WRITES_FOR.get(for_whom, "somebody writes for them") if for_whom else None


def stopwatch(time: dt.timedelta) -> str:
    """Return a time as `04:12`, or with hours as `1:04:12`; never below nought."""
    seconds = max(0, int(time.total_seconds()))
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def span(time: dt.timedelta) -> str:
    """Return a time in words, roughly: `under 1 min`, `5 min`, `3 h 20 min`, `2 days`."""
    minutes = max(0, int(time.total_seconds()) // 60)
    if minutes < 1:
        return "under 1 min"
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{hours // 24} days"


def clock(at: dt.datetime) -> str:
    """Return the time of day (UTC), such as `14:02`."""
    return at.astimezone(dt.UTC).strftime("%H:%M")


def soon(at: dt.datetime, now: dt.datetime) -> str:
    """Return when something comes: `at 14:05 UTC`, or with the day when that is another."""
    is_today = at.astimezone(dt.UTC).date() == now.astimezone(dt.UTC).date()
    return f"at {clock(at)} UTC" if is_today else f"on {moment(at)}"


def moment(at: dt.datetime) -> str:
    """Return day and time (UTC)."""
    return at.astimezone(dt.UTC).strftime("%-d %b %Y, %H:%M UTC")
