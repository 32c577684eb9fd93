"""Reading a message: what it says about the patient, and whether it asks something."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from careline.clinical.content import FALLBACK_PROTOCOL
from careline.clinical.finding import Finding, Presence, Timing
from careline.clinical.understanding.alarm import is_alarming
from careline.clinical.understanding.clauses import Clauses
from careline.clinical.understanding.doubt import is_doubtful
from careline.clinical.understanding.lexicon import FIGURE_IN_CALM, Lexicon, Meaning
from careline.clinical.understanding.matcher import Match
from careline.clinical.understanding.measured import Measurements, meant_by
from careline.clinical.understanding.negation import Denial, denial_of, denied_in_gap, has_denier, turns_within
from careline.clinical.understanding.normalise import SENTENCE_END, Word, words_of
from careline.clinical.understanding.persons import Trait, traits_of
from careline.clinical.understanding.purpose import (
    asks_for_information,
    asks_whether_to_take,
    is_for_study,
    is_question,
    is_supposed,
)
from careline.clinical.understanding.quantities import Quantity, quantities_of
from careline.clinical.understanding.subject import subject_of
from careline.clinical.understanding.timing import timing_of

_COMPOUNDS = {"blood": frozenset("pressure test tests sugar sugars glucose thinner thinners group".split())}
# The same after a "no" only: "no breathing trouble" tells of no breath that is missing.
_DENIED_COMPOUNDS = {"breathing": frozenset("trouble problem problems difficulty difficulties issue issues".split())}
_ONE_OF_EACH = frozenset({"age_years", "sex", "for_whom", "duration_days", "pregnancy_weeks"})
_LASTING = frozenset({"sex", "for_whom", "duration_days"})
_MOST_MENTIONS = 200  # of one meaning in one message
_MOST_COUNTED = 5  # of these such as are present, of the patient, now
_WINDOW, _OVERLAP = (
    120,
    36,
)  # words; no phrase is longer than the overlap: two sides of three words and gaps, and twelve


@dataclass(frozen=True)
class MessageReading:
    """What a message says.

    Attributes:
        findings: All facts recognised, those denied, past or about others included; ids of red flags among them.
        complaints: Presenting complaints, best first.
        red_flags: Flags whose expression is present, about the patient, now.
        doubtful: Findings and flags, present, that would raise a card, and that what surrounds their words speaks
            against: they are asked about first.
        is_question: Whether it asks for information.
        said_nothing: Whether it holds no letter and no digit.
    """

    findings: tuple[Finding, ...] = ()
    complaints: tuple[str, ...] = ()
    red_flags: tuple[str, ...] = ()
    is_question: bool = False
    said_nothing: bool = False
    doubtful: frozenset[str] = frozenset()

    def without_doubtful(self) -> MessageReading:
        """Return the reading with unknown what is doubtful."""
        findings = (
            replace(found, presence=Presence.UNKNOWN)
            if found.id in self.doubtful and found.presence is Presence.PRESENT
            else found
            for found in self.findings
        )
        return replace(
            self,
            findings=tuple(findings),
            red_flags=tuple(flag for flag in self.red_flags if flag not in self.doubtful),
            doubtful=frozenset(),
        )


class Mention(NamedTuple):
    """A phrase where it stands in a message: words `first` to `last`, the last not included.

    `sides` are its two sides when it has two; each may be denied by itself.
    """

    meaning: Meaning
    first: int
    last: int
    gaps: tuple[tuple[int, int], ...]
    sides: tuple[tuple[int, int], ...] = ()

    @property
    def told_words(self) -> int:
        """How many words of the message are the phrase's own, its gaps left out."""
        return self.last - self.first - sum(last - first for first, last in self.gaps)

    @property
    def told_places(self) -> list[int]:
        """Where its own words stand."""
        return [
            place
            for place in range(self.first, self.last)
            if not any(first <= place < last for first, last in self.gaps)
        ]


class _Spans:
    """Mentions by the word where they begin, to find those around another without trying all."""

    def __init__(self, mentions: Iterable[Mention]) -> None:
        self._by_first: dict[int, list[Mention]] = defaultdict(list)
        for mention in mentions:
            self._by_first[mention.first].append(mention)

    def around(self, mention: Mention) -> list[Mention]:
        """Return the mentions that cover all words of `mention`."""
        if not self._by_first:
            return []
        return [
            other
            for first in range(max(0, mention.first - _OVERLAP), mention.first + 1)
            for other in self._by_first.get(first, ())
            if other.last >= mention.last
        ]


def read_message(text: str, lexicon: Lexicon) -> MessageReading:
    """Return what `text` says. Never raises; the same text and lexicon give the same reading."""
    words = spelt(text, lexicon)
    if not any(word.text.isalnum() for word in words):
        return MessageReading(said_nothing=True)
    clauses = Clauses(words)
    mentions = _without_figures(list(_mentions(words, lexicon)), clauses)
    mentions = [mention for mention in mentions if not _is_part_of_compound(mention, words)]
    mentions = _without_measured(mentions, words, lexicon)
    told = list(_told(mentions, clauses))
    facts = list(_facts(clauses, lexicon))
    meant = meant_by(facts, lexicon.measured)
    alone = lexicon.alone.get(" ".join(word.text for word in words if not word.is_mark), ())
    return MessageReading(
        findings=(*(Finding(flag) for flag in alone), *_findings(told, lexicon), *meant, *facts),
        complaints=_complaints(told, lexicon),
        red_flags=tuple(dict.fromkeys((*alone, *_flags(told)))),
        is_question=is_question(clauses),
        doubtful=_doubtful(told, clauses, lexicon) if not alone else frozenset(),
    )


def _doubtful(told: Sequence[tuple[Mention, Finding]], clauses: Clauses, lexicon: Lexicon) -> frozenset[str]:
    """Return what would raise a card and is doubtful: all of it, or none where one mention of it is not."""
    raising = [
        (mention, meant)
        for mention, finding in told
        if finding.presence is Presence.PRESENT
        and finding.counts
        and (meant := lexicon.finding_of_complaint.get(finding.id, finding.id)) in lexicon.raising
    ]
    ids = frozenset(meant for _, meant in raising)
    are_doubted = (
        is_doubtful(clauses, mention.first, mention.last, told_of=len(ids), is_crisis=mention.meaning.is_crisis)
        for mention, _ in raising
    )
    return ids if raising and all(are_doubted) else frozenset()


def _flags(told: Sequence[tuple[Mention, Finding]]) -> Iterator[str]:
    """Yield the flags whose expression is present, about the patient, now."""
    for mention, finding in told:
        if mention.meaning.kind == "red_flag" and finding.presence is Presence.PRESENT and finding.counts:
            yield finding.id


def spelt(text: str, lexicon: Lexicon) -> list[Word]:
    """Return the words of `text`, misspelt ones corrected."""
    corrected = lexicon.speller.corrected
    return [Word(corrected(word), start, end) for word, start, end in words_of(text)]


def _mentions(words: Sequence[Word], lexicon: Lexicon) -> Iterator[Mention]:
    rows = [index for index, word in enumerate(words) if not word.is_mark or word.text == SENTENCE_END]
    seen: set[Mention] = set()
    for begin in range(0, max(len(rows) - _OVERLAP, 1), _WINDOW - _OVERLAP):
        window = rows[begin : begin + _WINDOW]
        for match in lexicon.matcher.matches([words[index].text for index in window]):
            mention = _placed(match, window)
            if mention not in seen:
                seen.add(mention)
                yield mention


def _placed(match: Match[Meaning], window: Sequence[int]) -> Mention:
    gaps, sides = (
        tuple((window[first], window[last - 1] + 1) for first, last in parts) for parts in (match.gaps, match.sides)
    )
    return Mention(match.meaning, window[match.first], window[match.last - 1] + 1, gaps, sides)


def _without_figures(mentions: Sequence[Mention], clauses: Clauses) -> list[Mention]:
    """Return the mentions that do not lie wholly inside a figure of speech; a complaint that is all of it stays.

    A figure is said in one breath: "she is fitting, new carpet is wet" has a comma in it and is none. Only one of two
    sides, which names both, may have commas, yet nothing denied ("lips are blue, she had no slush").
    Where all else must be calm, no other word may sound like danger: "blue lips after a slush, she can't swallow".
    """

    def is_said(mention: Mention) -> bool:
        if mention.meaning.id == FIGURE_IN_CALM and _is_alarmed(mention, clauses):
            return False
        if mention.sides:
            return not has_denier(clauses, mention.first, mention.last)
        return not any(word.is_mark for word in clauses.words[mention.first : mention.last])

    figures = _Spans(mention for mention in mentions if mention.meaning.kind == "figure" and is_said(mention))

    def is_figure(mention: Mention) -> bool:
        least = mention.last - mention.first + (mention.meaning.kind == "complaint")
        return any(figure.last - figure.first >= least for figure in figures.around(mention))

    return [mention for mention in mentions if mention.meaning.kind != "figure" and not is_figure(mention)]


def _is_alarmed(figure: Mention, clauses: Clauses) -> bool:
    """Return whether anything in the message outside the figure's own words sounds like danger."""
    begin = 0
    for first, last in (*sorted(figure.sides or ((figure.first, figure.last),)), (len(clauses.words),) * 2):
        if begin < first and is_alarming(clauses.row(begin, first)):
            return True
        begin = max(begin, last)
    return False


def _is_part_of_compound(mention: Mention, words: Sequence[Word]) -> bool:
    """Whether the phrase took the first half of a compound for a word: "changing .. blood pressure" tells of no blood.

    Where the word follows another of the phrase ("vomiting blood pressure low"), it may be one all the same.
    """
    told = set(mention.told_places)
    return any(
        place + 1 < len(words)
        and words[place + 1].text in _COMPOUNDS.get(words[place].text, ())
        and place + 1 not in told
        and place - 1 not in told
        for place in told
    ) or any(
        place + 1 < len(words)
        and words[place + 1].text in _DENIED_COMPOUNDS.get(words[place].text, ())
        and place + 1 not in told
        and place > 0
        and words[place - 1].text == "no"
        for place in told
    )


def _without_measured(mentions: Sequence[Mention], words: Sequence[Word], lexicon: Lexicon) -> list[Mention]:
    """Return the mentions without those that only name what was measured, where the number is too low to mean it."""
    measurements = Measurements(words, lexicon.measured, lexicon.limits)

    def is_disproved(mention: Mention) -> bool:
        if mention.meaning.kind not in ("finding", "complaint"):
            return False
        finding = lexicon.finding_of_complaint.get(mention.meaning.id, mention.meaning.id)
        return measurements.disprove(finding, mention.told_places)

    return [mention for mention in mentions if not is_disproved(mention)]


def _told(mentions: Iterable[Mention], clauses: Clauses) -> Iterator[tuple[Mention, Finding]]:
    """Yield what each mention says. Of what is said over and over only as much as can still matter.

    What ends a longer phrase that is denied is denied with it: "no thoughts of harming myself" denies the harm too.
    """
    times: Counter[Meaning] = Counter()
    denied_until: dict[Meaning, int] = {}
    for mention in sorted(mentions, key=lambda mention: (mention.first, -mention.last)):
        if times[mention.meaning] >= _MOST_MENTIONS or mention.last <= denied_until.get(mention.meaning, 0):
            continue
        finding = _finding(mention, clauses)
        if finding.presence is Presence.ABSENT and not mention.gaps:
            denied_until[mention.meaning] = mention.last
        # Of a complaint all places matter: the longest phrase around a place says which one is meant there.
        is_complaint = mention.meaning.kind == "complaint"
        is_settled = finding.presence is Presence.PRESENT and finding.counts and not is_complaint
        # A few that are present are read: around the first may stand signs of doubt, and around a later one none.
        times[mention.meaning] += _MOST_MENTIONS // _MOST_COUNTED if is_settled else 1
        yield mention, finding


def _finding(mention: Mention, clauses: Clauses) -> Finding:
    is_red_flag = mention.meaning.kind == "red_flag"
    timing = timing_of(
        clauses, mention.first, mention.last, is_red_flag=is_red_flag, is_crisis=mention.meaning.is_crisis
    )
    return Finding(
        id=mention.meaning.id,
        presence=_presence(mention, clauses, is_red_flag=is_red_flag),
        subject=subject_of(clauses, mention.first, mention.last, timing),
        timing=timing,
        start=clauses.words[mention.first].start,
        end=clauses.words[mention.last - 1].end,
    )


def _presence(mention: Mention, clauses: Clauses, *, is_red_flag: bool) -> Presence:
    if denied_in_gap(clauses, mention.first, mention.last, mention.gaps):
        return Presence.ABSENT
    if any(denial_of(clauses, first, last) is Denial.CERTAIN for first, last in mention.sides):
        return Presence.ABSENT
    denial = denial_of(clauses, mention.first, mention.last)
    if mention.gaps and turns_within(clauses, mention.first, mention.last):
        denial = min(denial, Denial.DOUBTFUL)
    if denial is Denial.CERTAIN:
        return Presence.ABSENT
    if denial is Denial.DOUBLE or (denial is Denial.DOUBTFUL and not is_red_flag):
        return Presence.UNKNOWN
    if mention.meaning.is_crisis:
        return Presence.PRESENT
    if asks_for_information(clauses, mention.first, mention.last) or is_for_study(clauses, mention.first):
        return Presence.UNKNOWN
    if not is_red_flag and (is_supposed(clauses, mention.first) or asks_whether_to_take(clauses, mention.first)):
        return Presence.UNKNOWN
    return Presence.PRESENT


def _facts(clauses: Clauses, lexicon: Lexicon) -> Iterator[Finding]:
    """Yield what is measured, counted or said of the person; what a message gives twice differently is left out."""
    facts: list[Quantity | Trait] = [*quantities_of(clauses.words, lexicon.limits), *traits_of(clauses.words)]
    if not facts:
        return
    values = {finding: {fact.value for fact in facts if fact.finding == finding} for finding in _ONE_OF_EACH}
    for fact in {(fact.finding, fact.value): fact for fact in reversed(facts)}.values():
        if fact.finding not in lexicon.catalogue or len(values.get(fact.finding, ())) > 1:
            continue
        timing = timing_of(clauses, fact.first, fact.last, is_red_flag=False)
        yield Finding(
            id=fact.finding,
            value=fact.value,
            timing=Timing.NOW if fact.finding in _LASTING else timing,
            subject=subject_of(clauses, fact.first, fact.last, timing),
            start=clauses.words[fact.first].start,
            end=clauses.words[fact.last - 1].end,
        )


def _findings(told: Sequence[tuple[Mention, Finding]], lexicon: Lexicon) -> Iterator[Finding]:
    seen: set[tuple[object, ...]] = set()
    for mention, finding in sorted(told, key=lambda pair: (pair[0].first, -pair[0].last, pair[1].id)):
        if mention.meaning.kind == "complaint":
            finding = replace(finding, id=lexicon.finding_of_complaint[mention.meaning.id])
        said = (finding.id, finding.presence, finding.subject, finding.timing)  # all else is where it stands
        if said not in seen:
            seen.add(said)
            yield finding


def _complaints(told: Sequence[tuple[Mention, Finding]], lexicon: Lexicon) -> tuple[str, ...]:
    """Return the complaints told of the patient now: longest phrase around a place, then first named."""
    present = [
        (mention, finding) for mention, finding in told if finding.presence is Presence.PRESENT and finding.counts
    ]
    if not present:
        return ()
    named = [mention for mention, _ in present if mention.meaning.kind == "complaint"]
    spans = _Spans(named)

    def is_covered(mention: Mention, complaint: str) -> bool:
        """Whether a longer phrase around the place names another complaint; what stands in its gaps is not its own."""
        return any(
            other.meaning.id != complaint
            and other.told_words > mention.told_words
            and not any(first <= mention.first and mention.last <= last for first, last in other.gaps)
            for other in spans.around(mention)
        )

    kept = [mention for mention in named if not is_covered(mention, mention.meaning.id)]
    kept.sort(key=lambda mention: (mention.first, -mention.last, mention.meaning.id))
    found = dict.fromkeys(mention.meaning.id for mention in kept)
    signs: dict[str, list[Mention]] = defaultdict(list)
    for mention, finding in present:
        signs[finding.id].append(mention)
    by_sign = (
        complaint
        for complaint, sign in lexicon.finding_of_complaint.items()
        if sign in signs and not all(is_covered(mention, complaint) for mention in signs[sign])
    )
    complaints = tuple(dict.fromkeys((*found, *by_sign)))
    # The general protocol is for what no other covers.
    return tuple(complaint for complaint in complaints if complaint != FALLBACK_PROTOCOL) or complaints
