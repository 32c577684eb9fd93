"""Whether the red flags read what they must, and no more: their short expressions, and their near misses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from careline.clinical.doubted import doubted_flags
from careline.clinical.errors import ContentError
from careline.clinical.finding import Case
from careline.clinical.phrases import Phrase
from careline.clinical.red_flags import RaisedFlag, emergency_flags, has_card, raised_red_flags
from careline.clinical.rulebook import RuleBook
from careline.clinical.understanding.lexicon import Lexicon
from careline.clinical.understanding.message import read_message

EXPRESSIONS_AUTHOR = "author_0"  # of the phrase corpus: the short expressions that every red flag began with


def check_red_flags(book: RuleBook, lexicon: Lexicon, phrases: Iterable[Phrase]) -> None:
    """Check each red flag's near misses, and that each of the corpus's short expressions gets a card.

    Raises:
        ContentError: With one line for each problem: flag, words, remedy.
    """
    problems = [*_near_misses(book, lexicon), *_expressions(book, lexicon, phrases)]
    if problems:
        raise ContentError(*problems)


def expressions_of(book: RuleBook, phrases: Iterable[Phrase]) -> list[Phrase]:
    """Return the short expressions of flags that are answered by a card."""
    return [
        phrase
        for phrase in phrases
        if phrase.author == EXPRESSIONS_AUTHOR
        and phrase.kind == "present"
        and phrase.about is not None
        and phrase.about in book.red_flags
        and has_card(book.red_flags[phrase.about].flag)
    ]


def _near_misses(book: RuleBook, lexicon: Lexicon) -> Iterator[str]:
    for flag_id, compiled in book.red_flags.items():
        for near in compiled.flag.near_misses:
            is_raised = flag_id in {item.flag.id for item in _raised(near.text, book, lexicon)}
            if is_raised and not near.raises:
                yield (
                    f"red flag {flag_id!r}: its near miss \u201c{near.text}\u201d raises it. Narrow the expression "
                    "that does, or say `raises: true` where that would miss people in danger."
                )
            elif near.raises and not is_raised:
                yield (
                    f"red flag {flag_id!r}: its near miss \u201c{near.text}\u201d no longer raises it. Take "
                    "`raises: true` out."
                )


def _expressions(book: RuleBook, lexicon: Lexicon, phrases: Iterable[Phrase]) -> Iterator[str]:
    for phrase in expressions_of(book, phrases):
        reading = read_message(phrase.text, lexicon)
        raised = emergency_flags(raised_red_flags(Case().merged(reading.findings), book))
        if not raised or doubted_flags(reading, Case(), book):
            yield (
                f"red flag {phrase.about!r}: \u201c{phrase.text}\u201d, which must raise it, gets no emergency card. "
                "Mend its expressions."
            )


def _raised(text: str, book: RuleBook, lexicon: Lexicon) -> tuple[RaisedFlag, ...]:
    return raised_red_flags(Case().merged(read_message(text, lexicon).findings), book)
