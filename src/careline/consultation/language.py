"""In which language a message is: whether its words can have been screened at all.

Most messages are settled by the words that we know; only where few are does a library give its verdict.
"""

from __future__ import annotations

import enum
import logging
import re
import unicodedata

import pycld2

from careline.clinical.patient_content import LanguagesFile
from careline.clinical.understanding.familiar import Familiarity, familiarity, mended, sentences_of
from careline.clinical.understanding.lexicon import Lexicon

log = logging.getLogger(__name__)

UNDETERMINED = "und"  # BCP 47
# A script of its own is seen without a library; a few letters of it may be a name or a sign.
_OTHER_SCRIPT_SHARE = 0.3
# Measured (docs/evaluation.md): of short English messages, misspelt ones too, hardly any has so few known words.
_FEW_KNOWN = 0.5
_HARDLY_ANY_KNOWN, _WORDS_FOR_THAT = 0.25, 4  # fewer strange words are a slip of the keys as often as a language
_MOST_WORDS_OF_A_NAME = 3
_FEWEST_UNKNOWN = 2  # one unknown word is a name, a medicine or a slip as often as another language
_WORDS_OF_A_SHORT_MESSAGE = 3
_LETTERS_FOR_A_VERDICT = 4  # of a word: a shorter one is in dozens of languages
_WORDS_TO_NAME_IT = 3  # before a language is told from a near one, such as Spanish from French
_NO_VERDICT = frozenset({"un", "xx", "xxx"})  # `xx`: it knows the script alone
_KANA = re.compile(r"[\u3040-\u30ff]")  # Japanese is hardly ever written without
_OWN_SIGNS = {"es": "\u00bf\u00a1"}  # a question or a cry that begins with its mark upside down
_MOST_CHARACTERS = 4000  # what is stored of a message


def unread_language(text: str, lexicon: Lexicon, languages: LanguagesFile, *, is_note: bool = False) -> str | None:
    """Return the language of a message that is in none of those we read; None when its words were read.

    Args:
        text: A patient's words.
        lexicon: Knows our words.
        languages: Which languages are read, and which others are expected.
        is_note: Whether names are awaited (medicines, an address): then more is needed to call them foreign.

    Returns:
        A code (ISO 639), or `und` where the words are foreign to us and the language is not known.
    """
    text = text[:_MOST_CHARACTERS]
    whole = familiarity(text, lexicon)
    if not whole.other_script and whole.unknown < _FEWEST_UNKNOWN:
        return None
    found = _language(text, whole, lexicon, languages, is_note=is_note)
    for sentence in sentences_of(text):
        found = found or _language(sentence, familiarity(sentence, lexicon), lexicon, languages, is_note=is_note)
    return found if found not in languages.read else None


class Few(enum.StrEnum):
    """What is thought of a few words that nothing was understood of.

    Attributes:
        FOREIGN: Of a language that we do not read.
        UNKNOWN: None of ours; they may be a name, a slip or another language.
    """

    FOREIGN = "foreign"
    UNKNOWN = "unknown"


def few_words_not_read(text: str, lexicon: Lexicon, languages: LanguagesFile) -> tuple[Few, str] | None:
    """Return what is thought of one to three words, and their language; None where they may well be ours.

    To be asked only of words of which nothing was understood, and that answer nothing: a library's verdict on so few is
    a guess, and names of people, places and medicines are in every language.
    """
    whole = familiarity(text, lexicon)
    count = len(whole.words)
    strange = [word for word in whole.words if not lexicon.speller.knows(word)]
    if not 0 < count <= _WORDS_OF_A_SHORT_MESSAGE or max(map(len, strange), default=0) < _LETTERS_FOR_A_VERDICT:
        return None
    is_slip = mended(whole.words, lexicon) == len(strange)
    verdict = _verdict(text)
    if verdict in languages.names and not is_slip and not _looks_like_a_name(text):
        return Few.FOREIGN, verdict
    return None if whole.known or is_slip else (Few.UNKNOWN, UNDETERMINED)


def language_amid(text: str, languages: LanguagesFile, spoken: str) -> str:
    """Return the language of words that were not read in a consultation that is held in `spoken`.

    Another is named only where the library sees it though it is told which to expect; `und` where it wavers.
    """
    alone, own_signs = _verdict(text), _OWN_SIGNS.get(spoken, "")
    if any(sign in text for sign in own_signs):
        return spoken
    if alone is None or alone == spoken or alone not in languages.names:
        return spoken
    is_sure = _verdict(text, expected=spoken) == alone and len(text.split()) >= _WORDS_TO_NAME_IT
    return alone if is_sure else UNDETERMINED


def _looks_like_a_name(text: str) -> bool:
    """Whether every word begins with a capital, as names do; a telephone's first word does too."""
    return not text.isupper() and all(word[:1].isupper() for word in text.split())


def _language(
    text: str, words: Familiarity, lexicon: Lexicon, languages: LanguagesFile, *, is_note: bool
) -> str | None:
    if words.other_script > _OTHER_SCRIPT_SHARE:
        return _verdict(text) or UNDETERMINED
    count = len(words.words)
    few = words.known == 0 if count == _FEWEST_UNKNOWN else words.known <= count * _FEW_KNOWN
    # Capitals are no sign of a name here: "Starke Brustschmerzen", "Dolor De Pecho". A name that is called foreign
    # costs a look by a clinician; an emergency that is taken for a name may cost a life.
    if words.unknown < _FEWEST_UNKNOWN or not few or (is_note and count <= _MOST_WORDS_OF_A_NAME):
        return None
    verdict = _verdict(text)
    if verdict in languages.names:
        return verdict
    # Else the library says English, which it says too often, or a language that is rare among our patients, which it
    # says of slang and slips of the keys: what counts then is whether mending makes the words ours.
    if is_note or len(set(words.words)) < _WORDS_FOR_THAT:
        return None
    is_strange = words.known + mended(words.words, lexicon) <= count * _HARDLY_ANY_KNOWN
    return UNDETERMINED if is_strange else None


def _verdict(text: str, *, expected: str | None = None) -> str | None:
    """Return the library's guess, which leans to the language that is expected; None when it has none."""
    printable = "".join(ch for ch in text if unicodedata.category(ch)[0] != "C")
    try:
        _, _, guesses = pycld2.detect(printable, bestEffort=True, hintLanguage=expected)
    except pycld2.error:
        log.warning("language identification failed")
        return None
    code: str = guesses[0][1].split("-")[0]
    if code == "ja" and not _KANA.search(text):
        return "zh"
    return None if code in _NO_VERDICT else code
