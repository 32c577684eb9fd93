"""What the test bench shows of one message; typed data alone."""

from __future__ import annotations

from dataclasses import dataclass

from careline.clinical.acuity import Acuity
from careline.clinical.finding import Presence, Subject, Timing
from careline.clinical.recognition.recogniser import Band
from careline.consultation.screening import Screened
from careline.guidance.search_trace import SearchTrace


@dataclass(frozen=True)
class Asker:
    """Who is supposed to write. None is unknown, as before the first questions.

    Attributes:
        sex: A value of the finding `sex`.
        country: ISO 3166, two letters.
        language: Of the consultation.
    """

    age_years: float | None = None
    sex: str | None = None
    pregnant: bool | None = None
    country: str | None = None
    language: str = "en"


@dataclass(frozen=True)
class SeenInWords:
    """A finding, with the words that say it.

    Attributes:
        place: Where the words stand, as offsets; None where they are not known.
        counts: Whether rules may use it: it is about the patient, and about now.
    """

    id: str
    title: str
    presence: Presence
    subject: Subject
    timing: Timing
    value: float | str | None
    words: str
    place: tuple[int, int] | None
    counts: bool


@dataclass(frozen=True)
class FlagInWords:
    """A red flag that the words raise.

    Attributes:
        by_own_words: Whether an expression of its own was found; else findings hold its rule.
        because_of: Titles of these findings.
        words: The words behind it.
        has_card: Whether it is answered at once.
        is_doubted: Whether it is asked about first, by what surrounds the words.
    """

    id: str
    title: str
    acuity: Acuity
    by_own_words: bool
    because_of: tuple[str, ...]
    words: tuple[str, ...]
    has_card: bool
    is_doubted: bool


@dataclass(frozen=True)
class RecognisedInWords:
    """What the recogniser alone makes of the words.

    Attributes:
        flags: Ids and titles, the likeliest first; none where the score is too low.
        card_from, question_from: Scores from which it raises a card, or has a question asked.
        words: The words that carried the score.
    """

    score: float
    band: Band
    flags: tuple[tuple[str, str], ...]
    card_from: float
    question_from: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class AskedNext:
    """A question, why it is asked, and its buttons."""

    id: str
    text: str
    why: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class BenchReading:
    """All that one message leads to.

    Attributes:
        normalised: The words as rules compare them, slips of spelling mended.
        mended: Words that were mended: as typed, as read.
        unread_language: The language that it seems to be in, where that is none that is read.
        declines: What is asked for and never given: `dose` or `prescription`.
        screened: How the screen itself answers; None when it leaves the message to the interview.
        protocols: Id and title of what is asked about, in order.
        acuity: That the words alone ask for, with the rules that hold.
        asked_next: As the patient is asked now, intake included.
        first_of_protocol: The first question about the problem, once the intake is over.
        replies: All that the patient reads.
        search: None where guidance cannot be used.
    """

    release: str
    normalised: str
    mended: tuple[tuple[str, str], ...]
    unread_language: str | None
    is_question: bool
    declines: str | None
    findings: tuple[SeenInWords, ...]
    flags: tuple[FlagInWords, ...]
    recognised: RecognisedInWords | None
    screened: Screened | None
    protocols: tuple[tuple[str, str], ...]
    acuity: Acuity
    rules: tuple[tuple[str, str], ...]
    asked_next: AskedNext | None
    first_of_protocol: AskedNext | None
    replies: tuple[str, ...]
    search: SearchTrace | None
