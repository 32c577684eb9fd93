"""Texts for Telegram: cut between sentences, escaped, with buttons that say nothing of the answer."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.channels.telegram.buttons import Pressed, chosen_keyboard, keyboard_of, pressed, tag_of, toggled
from careline.channels.telegram.commands import COMMANDS, command_in
from careline.channels.telegram.rendering import Renderer
from careline.channels.telegram.splitting import split, units
from careline.channels.telegram.start_link import StartLink, is_payload, start_link
from careline.consultation.wording import Wording

WORDING = Wording(Path("knowledge/wording"))
RENDERER = Renderer(WORDING, "https://care.test")

NOTHING = Pressed("", 0, "")


def say(sentence_id, **values):
    return WORDING.say(sentence_id, **values)


def message(text="Who is this for?", **more):
    return {"id": 4, "from": "assistant", "kind": "question", "lang": "en", "text": text, **more}


def test_a_long_text_is_cut_between_sentences():
    sentence = "This is one sentence of the advice. "
    parts = split(sentence * 20, 100)
    assert all(part.endswith("advice.") and units(part) <= 100 for part in parts)
    assert " ".join(parts) == (sentence * 20).strip()


def test_a_long_text_is_rather_cut_between_paragraphs():
    assert split("One. Two. Three.\n\nFour. Five. Six. Seven.", 30)[0] == "One. Two. Three."


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300), st.integers(2, 40))
def test_no_part_is_too_long_or_empty_and_no_word_is_lost(text, most):
    parts = split(text, most)
    assert all(0 < units(part) <= most for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_what_a_clinician_or_patient_wrote_cannot_become_formatting():
    clinician = {"name": "<b>Ann</b>", "role": "nurse & <i>friend</i>"}
    shown = RENDERER.parts(
        "con_1",
        message("a <b>bold</b> & <a href='x'>word</a>", data={"clinician": clinician})
        | {"from": "clinician", "kind": "text"},
    )[0].html
    assert shown == (
        "<b>&lt;b&gt;Ann&lt;/b&gt; (nurse &amp; &lt;i&gt;friend&lt;/i&gt;):</b>\n"
        "a &lt;b&gt;bold&lt;/b&gt; &amp; &lt;a href='x'&gt;word&lt;/a&gt;"
    )


def test_the_heading_of_an_emergency_is_bold_and_its_buttons_stand_below_the_last_part():
    long = "Call 999.\n" + "Sit down and rest. " * 300
    parts = RENDERER.parts(
        "con_1", message(long, options=[{"value": "called", "title": "I have called"}]) | {"kind": "emergency"}
    )
    assert parts[0].html.startswith("<b>Call 999.</b>\nSit down")
    assert [part.keyboard is not None for part in parts] == [False, True]


def test_a_link_to_a_page_of_ours_can_be_followed():
    assert (
        RENDERER.parts("con_1", message("Read more: /guidance/sore_throat"))[0].html
        == "Read more: https://care.test/guidance/sore_throat"
    )


def test_without_a_public_address_no_line_leads_to_a_page_that_nobody_can_reach():
    part = Renderer(WORDING, None).parts("con_1", message("Drink.\nRead more: /guidance/sore_throat\nRest."))[0]
    assert part.html == "Drink.\nRest."
    written = "I looked at /guidance/sore_throat: rest."  # what people write stays as it is
    assert Renderer(WORDING, None).parts("con_1", message(written))[0].html == written


def test_what_comes_back_from_a_button_holds_no_answer_and_fits():
    options = [{"value": "suicidal_plan", "title": "I have a plan"}, {"value": "x" * 200, "title": "y" * 200}]
    for row in keyboard_of(message(options=options), tag_of("con_1"), say):
        for button in row:
            assert len(button["callback_data"].encode()) <= 64
            assert "plan" not in button["callback_data"]
            assert (pressed(button["callback_data"]) or NOTHING).number == 4


def test_titles_that_no_phone_shows_stand_numbered_in_the_text():
    options = [
        {"value": "a", "title": "Something that is far too long for one button on a phone"},
        {"value": "b", "title": "No"},
    ]
    part = RENDERER.parts("con_1", message(options=options))[0]
    assert part.html.endswith("1. Something that is far too long for one button on a phone\n2. No")
    assert [row[0]["text"] for row in part.keyboard or ()] == ["1. Something that is far too long for…", "2. No"]


def checklist(*titles):
    options = [{"value": str(number), "title": title} for number, title in enumerate(titles)]
    return message(options=options, data={"input": {"type": "multi"}, "question_id": "q_signs"})


def test_a_list_to_tick_stands_in_the_text_so_that_it_is_there_when_its_buttons_are_not():
    part = RENDERER.parts("con_1", checklist("A stiff neck", "None of these"))[0]
    assert part.html.endswith("1. A stiff neck\n2. None of these")
    assert [row[0]["text"] for row in part.keyboard or ()] == ["☐ 1. A stiff neck", "☐ 2. None of these", "Done"]


def test_of_what_was_ticked_nothing_is_cut_off():
    asked = checklist("A heart problem", "A heart problem in the family", "High blood pressure", "None of these")
    few = chosen_keyboard(asked, "tag", "High blood pressure", say)
    many = chosen_keyboard(asked, "tag", "A heart problem in the family, High blood pressure", say)
    assert few[0][0]["text"] == "✓ High blood pressure (change)"
    assert many[0][0]["text"] == "✓ 2, 3 (change)"


@pytest.mark.parametrize("kind", ["single", "multi"])
@pytest.mark.parametrize("length", [*range(30, 45), 120])
def test_whatever_is_offered_can_be_read_whole_on_its_button_or_in_the_text(kind, length):
    titles = ["No", "x" * length, "yes " * (length // 4)]
    options = [{"value": str(number), "title": title.strip()} for number, title in enumerate(titles)]
    part = RENDERER.parts("con_1", message(options=options, data={"input": {"type": kind}}))[-1]
    shown = [button["text"].removeprefix("☐ ") for row in part.keyboard or () for button in row]
    for option in options:
        assert option["title"] in shown or option["title"] in part.html


@pytest.mark.parametrize(
    ("picked", "value", "then"),
    [
        ([], "a", ["a"]),
        (["a"], "b", ["a", "b"]),
        (["a", "b"], "a", ["b"]),
        (["a", "b"], "none", ["none"]),
        (["none"], "a", ["a"]),
    ],
)
def test_what_stands_alone_in_a_checklist_drops_the_rest(picked, value, then):
    options = [
        {"value": "a", "title": "A"},
        {"value": "b", "title": "B"},
        {"value": "none", "title": "None", "exclusive": True},
    ]
    assert toggled(message(options=options), picked, value) == then


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/human", ("human", "")), ("/Human@careline_bot", ("human", "")), ("/start lang-es", ("start", "lang-es")),
        ("/help my chest hurts", ("help", "my chest hurts")), ("/chest pain", None), ("my / chest", None), ("", None),
    ],
)  # fmt: skip
def test_what_is_no_command_of_ours_is_the_patients_words(text, command):
    assert command_in(text) == command


def test_a_link_says_language_country_site_article_or_code():
    assert start_link("lang-es__country-GB__site-north_clinic") == StartLink(
        lang="es", country="GB", site="north_clinic"
    )
    assert start_link("article-sore_throat__code-ABCDEFGH2345") == StartLink(article="sore_throat", code="ABCDEFGH2345")
    assert start_link("lang-<b>__evil__site-") == StartLink()
    assert start_link("lang-ES__country-gb__code-abcdefgh2345") == StartLink(
        lang="es", country="GB", code="ABCDEFGH2345"
    )


@pytest.mark.parametrize(
    "payload",
    ["", "country-gb", "country-GBR", "lang-", "site-", "code-abc", "lang-english__country-1", "site-north_clinic"],
)
def test_what_stands_in_a_link_is_no_words_also_where_it_is_not_as_it_should_be(payload):
    assert is_payload(payload)


@pytest.mark.parametrize(
    "words",
    ["overdose", "chest pain", "my-chest-hurts", "code-blue-he-is-not-breathing", "lang-es__I-have-chest-pain",
     "country", "chest-pain", "help__me"],
)  # fmt: skip
def test_readable_words_after_start_are_a_patients(words):
    assert not is_payload(words)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_short_line_in_the_catalogue(name):
    assert 3 <= len(say(f"telegram-command-{name}")) <= 60
