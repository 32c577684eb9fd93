"""Which messages are in a language that is not read: foreign ones short and long, and English as people type it."""

import msgspec
import pytest

from careline.consultation.language import UNDETERMINED, Few, few_words_not_read, language_amid, unread_language
from tests.support.cases import rows
from tests.support.house import lexicon, rule_book
from tests.support.interview import wording


def language_of(words, **more):
    return unread_language(words, lexicon(), rule_book().languages, **more)


@pytest.mark.parametrize(
    ("words", "language"),
    rows("""
    words | language
    ------+---------
    me duele el pecho | es
    no puedo respirar | es
    j'ai mal à la poitrine | fr
    Brustschmerzen seit gestern | de
    ich bekomme keine Luft | de
    ho un forte dolore al petto | it
    não consigo respirar | pt
    boli mnie w klatce piersiowej | pl
    mă doare pieptul | ro
    göğsüm ağrıyor | tr
    ik kan niet ademen | nl
    tôi bị đau ngực | vi
    عندي ألم في الصدر | ar
    میرے سینے میں درد ہے | ur
    मेरे सीने में दर्द है | hi
    আমার বুকে ব্যথা | bn
    我胸口痛 | zh
    胸が痛いです | ja
    가슴이 아파요 | ko
    болит грудь | ru
    болить у грудях | uk
    """),  # noqa: RUF001 - those are the letters of other languages
)
def test_short_words_in_another_language_are_known_as_such(words, language):
    assert language_of(words) == language


@pytest.mark.parametrize(
    "words", ["mere seene mein dard hai", "je veux mourir", "je n'arrive plus à respirer", "laabta ayaa i xanuunaysa"]
)
def test_words_that_the_library_does_not_know_right_are_still_not_taken_for_english(words):
    assert language_of(words) not in (None, "en")


@pytest.mark.parametrize(
    "words",
    [
        "my chest hurts",
        "chst pian sinse yestrday wen i breeth",
        "jst bin sik evry haf our",
        "cnt breeve propa",
        "me belly a gripe me from yesterday",
        "ah'm no weel hen, ma wame's gey sair",
        "wetin dey do me, my belle dey pain me",
        "sertraline ramipril bisoprolol atorvastatin",
        "Joe Kowalski, 12 High Street, Manchester",
        "temp 38.5 \N{FACE WITH THERMOMETER} \N{FACE WITH THERMOMETER}",
        "BP 140/90, 5 µg levothyroxine",
        "asdf",
        "???",
        "",
    ],
)
def test_english_as_people_type_it_is_read(words):
    assert language_of(words) is None


def test_one_sentence_of_many_is_enough():
    english = "I have had a cough for three days. I feel a bit tired too. "
    assert language_of(english) is None
    assert language_of(f"{english}No puedo respirar bien desde anoche.") == "es"


def test_a_language_that_is_read_is_not_foreign():
    read_too = msgspec.structs.replace(rule_book().languages, read=("en", "es"))
    assert unread_language("me duele el pecho", lexicon(), read_too) is None


def test_names_that_were_asked_for_need_more_to_be_called_foreign():
    assert language_of("penicilina y mariscos", is_note=True) is None
    assert language_of("no puedo respirar y me duele el pecho", is_note=True) == "es"


def test_what_no_library_takes_does_no_harm():
    assert language_of("\ud800\x00 \u200b\u200d") is None
    assert language_of("\N{EGYPTIAN HIEROGLYPH A001}" * 3) in (UNDETERMINED, "egy")


def test_every_language_with_a_sentence_of_its_own_has_a_name_for_clinicians():
    sentences = {name.removeprefix("unreadable-") for name in wording().ids if name.startswith("unreadable-")}
    assert sentences
    assert sentences <= set(rule_book().languages.names)


def test_every_such_sentence_gives_the_emergency_number():
    for name in wording().ids:
        if name.startswith("unreadable-"):
            assert "999" in wording().say(name, numbers="999")


def few(words):
    return few_words_not_read(words, lexicon(), rule_book().languages)


@pytest.mark.parametrize("words", ["brustschmerzen", "mal de tête", "durere de cap", "gorączka", "koorts"])
def test_one_to_three_words_of_another_language_are_foreign_where_nothing_was_understood(words):
    assert few(words)[0] is Few.FOREIGN


@pytest.mark.parametrize("words", ["c'est grave", "C\u2019est urgent", "c'est mon patient", "c'est constant"])
def test_french_it_is_makes_no_english_of_words_that_both_languages_have(words):
    assert few(words) == (Few.FOREIGN, "fr")


@pytest.mark.parametrize("words", ["c'est du poison", "c'est mon bras", "C'est pour mon fils"])
def test_french_it_is_is_not_taken_for_a_chest_that_we_know(words):
    assert language_of(words) == "fr"


@pytest.mark.parametrize("words", ["Kowalski", "Kopfschmerzen", "José García", "São Paulo", "fieber", "asdf"])
def test_what_may_be_a_name_or_a_slip_is_asked_about_and_not_called_foreign(words):
    assert few(words) == (Few.UNKNOWN, UNDETERMINED)


@pytest.mark.parametrize("words", ["Starke Brustschmerzen", "Dolor De Pecho", "Durere Piept", "Dor No Peito"])
def test_capitals_do_not_make_a_name_of_foreign_words(words):
    assert language_of(words) is not None


@pytest.mark.parametrize(
    "words",
    [
        "unsure",
        "goodnight",
        "howdy",
        "ello",
        "defo",
        "dunno",
        "not rly",
        "headach",
        "diarhea",
        "parcetamol",
        "levothyroxin",
        "bak pain",
        "38.5",
        "ta",
        "???",
    ],
)
def test_short_answers_medicines_and_slips_are_taken_as_ours(words):
    assert few(words) is None


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("j'ai mal à la tête depuis hier", "fr"),
        ("ich habe starke Kopfschmerzen", "de"),
        ("je ne me sens pas bien", UNDETERMINED),  # told to expect Spanish, the library sees Spanish
        ("me duele mucho la cabeza desde ayer", "es"),
        ("tengo dolor de barriga", "es"),
        ("¿qué tomo para la tos?", "es"),  # the library alone says Indonesian; the mark in front is Spanish
        ("saya sakit kepala sejak pagi", "id"),
    ],
)
def test_in_a_spanish_consultation_another_language_is_not_called_spanish(words, language):
    assert language_amid(words, rule_book().languages, "es") == language
