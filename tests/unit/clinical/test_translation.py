"""Translations are text laid over the rules: they change no rule, and none that is stale is shown."""

import datetime as dt
from pathlib import Path
from typing import cast

import pytest

from careline.clinical.acuity import Acuity
from careline.clinical.content import Option, Protocol, Question, Review, Rule
from careline.clinical.content_files import read_yaml
from careline.clinical.errors import ContentError
from careline.clinical.rulebook import ContentFiles
from careline.clinical.translation import (
    can_be_asked,
    mark_of,
    sentences_in,
    state_of,
    translated,
    translation_problems,
)
from careline.clinical.translation_content import Translation, TranslationsFile

REVIEW = Review(review_by=dt.date(2027, 1, 1), effective_from=dt.date(2026, 1, 1))
QUESTION = Question(
    id="q_itch",
    text="Does it itch?",
    why="So that we know.",
    input="multi",
    options=(Option(value="hand", title="My hand", present=("itch",), says=("hands",)),),
)
PROTOCOL = Protocol(
    id="itch",
    title="Itch",
    language="en",
    review=REVIEW,
    sources=("gk",),
    basis="general",
    finding="itch",
    presenting=("itch*",),
    questions=(QUESTION,),
    rules=(
        Rule(id="itch_bad", when="itch", acuity=Acuity.SAME_DAY, reason="It itches.", sources=("gk",), basis="general"),
    ),
    baseline=Acuity.SELF_CARE,
    baseline_reason="It is an itch.",
    self_care=("Do not scratch.",),
    safety_net=("Call if it spreads.",),
)  # fmt: skip
SPANISH = {
    "title": "Picor",
    "baseline_reason": "Es un picor.",
    "self_care.1": "No se rasque.",
    "safety_net.1": "Llame si se extiende.",
    "q_itch.text": "¿Le pica?",
    "q_itch.why": "Para saberlo.",
    "q_itch.hand.title": "La mano",
    "itch_bad.reason": "Pica.",
}


def overlay(**changed):
    sentences = sentences_in(PROTOCOL)
    return {key: Translation(of=mark_of(sentences[key]), text=text) for key, text in SPANISH.items()} | changed


def test_every_sentence_that_patients_read_has_a_key_and_no_other():
    assert sentences_in(PROTOCOL).keys() == SPANISH.keys()


def test_all_sentences_are_replaced_and_nothing_else():
    shown = translated(PROTOCOL, overlay())
    assert sentences_in(shown) == SPANISH
    back = {key: Translation(of=mark_of(SPANISH[key]), text=text) for key, text in sentences_in(PROTOCOL).items()}
    assert translated(shown, back) == PROTOCOL


def test_where_the_sentence_was_changed_since_it_is_shown_itself():
    stale = Translation(of=mark_of("Does it hurt?"), text="¿Le duele?")
    shown = translated(PROTOCOL, overlay(**{"q_itch.text": stale}))
    assert shown.questions[0].text == "Does it itch?"
    assert shown.questions[0].why == "Para saberlo."
    assert state_of("Does it itch?", stale) == "stale"


def test_other_words_for_an_option_are_added_to_ours():
    hand = Translation(of=mark_of("My hand"), text="La mano", says=("manos",))
    assert translated(PROTOCOL, overlay(**{"q_itch.hand.title": hand})).questions[0].options[0].says == (
        "hands",
        "manos",
    )


@pytest.mark.parametrize(
    ("key", "left", "asked"),
    [
        ("q_itch.text", "stale", False),
        ("q_itch.hand.title", "stale", False),
        ("title", "stale", False),
        ("q_itch.why", "missing", False),
        ("self_care.1", "missing", False),
        ("self_care.1", "stale", True),
        ("itch_bad.reason", "stale", True),
    ],
)
def test_a_protocol_is_asked_in_a_language_only_when_it_is_whole_and_its_questions_are_current(key, left, asked):
    texts = overlay()
    if left == "missing":
        del texts[key]
    else:
        texts[key] = Translation(of="00000000", text="x")
    assert can_be_asked(PROTOCOL, texts) is asked
    assert can_be_asked(PROTOCOL, overlay()) is True


class Files:
    """As much of the content files as the check reads."""

    def __init__(self, translations):
        self.root = Path("knowledge")
        self.protocols = {Path("knowledge/protocols/itch.yml"): PROTOCOL}
        self.red_flags = self.findings = {}
        self.translations = translations

    def __getattr__(self, name):
        return Option(value="x", title="x")  # a file without anything of interest here


def problems(name="protocols/itch.yml", language="es", **texts):
    file = TranslationsFile(language=language, review=REVIEW, texts=texts)
    return list(translation_problems(cast(ContentFiles, Files({"es": {name: file}}))))


def test_a_key_that_fits_nothing_is_refused_with_file_and_remedy():
    (problem,) = problems(**{"q_itch.foot.title": Translation(of="00000000", text="El pie")})
    assert problem == (
        "translations/es/protocols/itch.yml: texts: 'q_itch.foot.title' is no sentence of protocols/itch.yml. "
        "Mend the key or remove it."
    )


def test_a_file_that_translates_none_is_refused():
    (problem,) = problems("protocols/scratch.yml")
    assert problem.startswith("translations/es/protocols/scratch.yml: there is no protocols/scratch.yml")


def test_a_file_of_another_language_in_the_folder_is_refused():
    (problem,) = problems(language="fr")
    assert problem == "translations/es/protocols/itch.yml: language: is 'fr'. Write 'es', as the folder is named."


def test_other_words_belong_to_options():
    (problem,) = problems(**{"q_itch.text": Translation(of="00000000", text="x", says=("y",))})
    assert "'q_itch.text' has 'says'" in problem


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('"title": {of: "12345678", text: "Picor", acuity: self_care}', "unknown field"),
        ('"title": {of: "1234", text: "Picor"}', "of"),
        ('"title": {of: "12345678", text: ""}', "text"),
    ],
)
def test_a_translation_holds_text_and_nothing_else(tmp_path, line, said):
    path = tmp_path / "itch.yml"
    path.write_text(
        "language: es\nreview: {review_by: 2027-01-01, effective_from: 2026-01-01}\ntexts:\n  " + line, encoding="utf-8"
    )
    with pytest.raises(ContentError, match=said):
        read_yaml(path, TranslationsFile)
