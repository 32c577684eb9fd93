"""What the chat page shows of a conversation: messages and the place for the answer, ready for the templates."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from careline.consultation.citation import cited
from careline.consultation.quantity_words import unit_words
from careline.consultation.wording import Wording

_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})
# Urgency in a word, above the advice itself (PRODUCT: an urgent card must not be heard as one that can wait).
_BANDS = {"emergency_now": "emergency", "ed_now": "emergency", "same_day": "urgent"}
CARDS = ("emergency", "crisis", "assessment")
_SEVERAL = 2  # of which number a list of units is said
_COUNTED_IN_DAYS = ("days", "weeks")  # a question that names these first asks how long ago it began
_LONGEST_SCALE = 11  # 0 to 10: so many buttons are quicker than a field
_CONTENT_QUESTION = "q_"  # ids of the content's questions; what else is asked is not changed later

Message = Mapping[str, Any]


@dataclass(frozen=True)
class Speaker:
    """Says catalogued sentences in one language."""

    wording: Wording
    language: str

    def __call__(self, sentence_id: str, **values: str | int | float) -> str:
        """Return the sentence."""
        return self.wording.say(sentence_id, self.language, **values)

    @property
    def direction(self) -> str:
        """Which way the language is written."""
        return direction_of(self.language)


def direction_of(language: str) -> str:
    """Return `rtl` or `ltr`."""
    return "rtl" if language.split("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"


@dataclass(frozen=True)
class Block:
    """A paragraph, or a list with what leads into it."""

    text: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Number:
    """A telephone number to press."""

    tel: str
    label: str

    @property
    def href(self) -> str:
        """Where a press leads."""
        return f"tel:{re.sub(r'[^0-9+*#]', '', self.tel)}"


@dataclass(frozen=True)
class ShownMessage:
    """A message as it is shown.

    Attributes:
        speaker: Who says it, for those who hear the page.
        card: `emergency`, `crisis` or `assessment`; empty for plain words.
        band: How urgent, in a word; only of an assessment.
        changes: The question that this answered, if the answer can be changed.
        source_lines: Where an assessment comes from.
    """

    id: int
    sender: str
    kind: str
    lang: str
    speaker: str
    blocks: Sequence[Block]
    card: str = ""
    band: str = ""
    heading: str = ""
    why: str = ""
    numbers: Sequence[Number] = ()
    hits: Sequence[ShownHit] = ()
    source_lines: Sequence[str] = ()
    articles: Sequence[tuple[str, str]] = ()
    changes: int | None = None
    is_unread: bool = False

    @property
    def direction(self) -> str:
        """Which way its language is written."""
        return direction_of(self.lang)


@dataclass(frozen=True)
class ShownHit:
    """A piece of guidance: its heading, text, source, and the article it is from."""

    article_id: str
    title: str
    heading: str
    blocks: Sequence[Block]
    notes: Sequence[str]


@dataclass(frozen=True)
class ShownOption:
    """A button, or a tick of a checklist; `stands_alone` clears all others."""

    value: str
    title: str
    stands_alone: bool


@dataclass(frozen=True)
class ShownReply:
    """The place for the answer to one message.

    Attributes:
        kind: `buttons`, `several` (a checklist), `number`, `scale` (a number by buttons), or `text`.
        label: What is answered, for those who hear the page.
        asks_since: Whether the day on which it began is an answer too.
        is_card: Whether a card is answered: then words come second.
    """

    to: int
    kind: str
    label: str
    options: Sequence[ShownOption] = ()
    units: Sequence[tuple[str, str]] = ()
    scale: Sequence[int] = ()
    is_whole: bool = False
    asks_since: bool = False
    is_card: bool = False
    is_change: bool = False


def blocks_of(text: str) -> tuple[Block, ...]:
    """Return paragraphs and lists; lines that begin with a dash or a bullet are a list.

    >>> blocks_of("Why:\\n- One.\\n- Two.\\nBye.")
    (Block(text='Why:', items=('One.', 'Two.')), Block(text='Bye.', items=()))
    """
    found: list[tuple[str, list[str]]] = []
    for line in (line.strip() for line in text.split("\n")):
        if line.startswith(("- ", "• ", "* ")):
            if not found:
                found.append(("", []))
            found[-1][1].append(line[2:].strip())
        elif line:
            found.append((line, []))
    return tuple(Block(line, tuple(items)) for line, items in found)


def with_numbers(text: str, numbers: Collection[Number]) -> Markup:
    """Return the text with each of the telephone numbers as a link; everything else escaped."""
    links = {number.tel: number.href for number in numbers}
    if not links:
        return escape(text)
    parts = re.split(rf"\b({'|'.join(re.escape(tel) for tel in links)})\b", text)
    return Markup("").join(
        Markup('<a href="{}">{}</a>').format(links[part], part) if part in links else escape(part) for part in parts
    )


def shown_messages(messages: Sequence[Message], say: Speaker) -> list[ShownMessage]:
    """Return all messages of a conversation as they are shown."""
    by_id = {message["id"]: message for message in messages}
    shown, asked = [], None
    for message in messages:
        shown.append(_shown(message, by_id, asked, say))
        if message.get("options") or message["kind"] == "question":
            asked = message["id"] if message["kind"] == "question" else None
    return shown


def shown_reply(
    messages: Sequence[Message], expects: int | None, say: Speaker, *, change: int | None
) -> ShownReply | None:
    """Return the place for the answer that is awaited, or that is to be changed; None when there is none."""
    is_change = change is not None
    wanted = change if is_change else expects
    message = next((message for message in messages if message["id"] == wanted), None)
    if message is None or (is_change and not _is_changeable(message)):
        return shown_reply(messages, expects, say, change=None) if is_change else None
    data = message.get("data") or {}
    given: dict[str, Any] = data.get("input") or {"type": "single"}
    options = [ShownOption(o["value"], o["title"], o.get("exclusive", False)) for o in message.get("options", ())]
    kind = {"multi": "several", "number": "number", "text": "text"}.get(given["type"], "buttons")
    units = tuple((unit, unit_words(say, unit, _SEVERAL)) for unit in given.get("units", ()))
    scale = _scale(given) if kind == "number" and len(units) == 1 else ()
    return ShownReply(
        to=message["id"],
        kind="scale" if scale else kind,
        label=message["text"].split("\n")[0] if message["kind"] == "question" else say("widget-reply"),
        options=options,
        units=units,
        scale=scale,
        is_whole=given.get("step") == 1,
        asks_since="days" in given.get("units", ()) and given["units"][0] in _COUNTED_IN_DAYS,
        is_card=message["kind"] in ("emergency", "crisis"),
        is_change=is_change,
    )


def _scale(given: Mapping[str, Any]) -> tuple[int, ...]:
    least, most = given.get("min"), given.get("max")
    if given.get("step") != 1 or least is None or most is None or most - least >= _LONGEST_SCALE:
        return ()
    return tuple(range(int(least), int(most) + 1))


def _is_changeable(message: Message) -> bool:
    question_id: str = (message.get("data") or {}).get("question_id", "")
    return message["kind"] == "question" and question_id.startswith(_CONTENT_QUESTION)


def _shown(message: Message, by_id: Mapping[int, Message], asked: int | None, say: Speaker) -> ShownMessage:
    data: dict[str, Any] = message.get("data") or {}
    kind, sender = message["kind"], message["from"]
    blocks = list(blocks_of(message["text"]))
    card = kind if kind in CARDS else ""
    heading = say("widget-card-crisis") if card == "crisis" else ""
    if card in ("emergency", "assessment") and blocks and not blocks[0].items:
        heading = blocks.pop(0).text
    answered = message.get("reply_to", asked) if sender == "patient" else None
    question = by_id.get(answered) if answered is not None else None
    hits = data.get("hits", ()) if kind == "guidance" else ()
    return ShownMessage(
        id=message["id"],
        sender=sender,
        kind=kind,
        lang=message["lang"],
        speaker=_speaker(sender, data, say),
        blocks=() if hits else blocks,
        card=card,
        band=say(f"widget-level-{_BANDS.get(data.get('acuity', ''), 'routine')}") if card == "assessment" else "",
        heading=heading,
        why=data.get("why", "") if kind == "question" else "",
        numbers=[Number(number["tel"], number["label"]) for number in data.get("numbers", ())],
        hits=[_hit(hit, say) for hit in hits],
        source_lines=_source_lines(data, say),
        articles=[(hit["article_id"], hit["title"]) for hit in data.get("articles", ())],
        changes=answered if question is not None and _is_changeable(question) else None,
        is_unread="unread" in message,
    )


def _speaker(sender: str, data: Mapping[str, Any], say: Speaker) -> str:
    if sender == "clinician":
        who = data.get("clinician") or {}
        return say("widget-said-clinician", name=who.get("name", ""), role=who.get("role", ""))
    return {
        "patient": say("widget-said-patient"),
        "assistant": say("widget-said-assistant"),
        "system": say("widget-said-system"),
    }[sender]


def _source_lines(data: Mapping[str, Any], say: Speaker) -> list[str]:
    sources = [reason["source"] for reason in data.get("reasons", ())]
    lines = (say("widget-source-from", title=one["title"], organisation=one["organisation"]) for one in sources)
    return list(dict.fromkeys(lines))


def _hit(hit: Mapping[str, Any], say: Speaker) -> ShownHit:
    notes = [hit["audience"], cited(hit, say), *([] if hit["signed"] else [say("not-yet-checked")])]
    return ShownHit(
        article_id=hit["article_id"],
        title=hit["title"],
        heading=f"{hit['title']}: {hit['section']}",
        blocks=blocks_of(hit["text"]),
        notes=[note for note in notes if note],
    )


@dataclass(frozen=True)
class Where:
    """What the page says of the conversation as a whole.

    Attributes:
        waiting: How it stands with a clinician, in true words; empty when none was asked for.
        clinician: Name of the clinician who is in the conversation.
    """

    state: str
    waiting: str = ""
    clinician: str = ""
    quick_exit: bool = False


def where_it_stands(status: Mapping[str, Any], clinician: Mapping[str, str] | None, say: Speaker) -> Where:
    """Return the state in the patient's words: as recorded, no promise."""
    waiting = ""
    escalation = status["escalation"]
    if clinician is not None:
        waiting = say("widget-waiting-here", name=clinician["name"], role=clinician["role"])
    elif escalation is not None:
        waiting = say("widget-waiting-open" if escalation["state"] == "open" else "widget-waiting-seen")
    return Where(status["state"], waiting, clinician["name"] if clinician else "", status["quick_exit"])
