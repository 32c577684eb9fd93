"""Rasa's files and the app agree: every intention has its action, every intent its rule."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from careline.consultation.ports import Intention
from careline.dialogue.webhook import TOKEN_HEADER

ROOT = Path(__file__).resolve().parents[3]
DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
CONFIG = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
RULES = [
    rule
    for file in sorted((ROOT / "bot/data/rules").glob("*.yml"))
    for rule in yaml.safe_load(file.read_text(encoding="utf-8"))["rules"]
]
ACTION_BY_INTENT = {rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in RULES}
EXAMPLES = {
    block["intent"]: [line.removeprefix("- ") for line in block["examples"].splitlines()]
    for file in sorted((ROOT / "bot/data/nlu").glob("*.yml"))
    for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]
}


def test_the_domain_has_an_action_for_each_intention_and_no_other():
    served = {f"action_{intention.value}" for intention in Intention}
    assert set(DOMAIN["actions"]) == served | {"action_red_flag"}


def test_each_intent_has_one_rule_with_one_action():
    assert len(ACTION_BY_INTENT) == len(RULES)
    assert all(len(rule["steps"]) == 2 for rule in RULES)
    assert set(ACTION_BY_INTENT) == {*DOMAIN["intents"], "nlu_fallback"}


def test_each_action_can_be_reached():
    assert set(ACTION_BY_INTENT.values()) == set(DOMAIN["actions"])


@pytest.mark.parametrize("intent", ["answer", "affirm", "deny", "unsure"])
def test_an_answer_of_any_kind_is_recorded(intent):
    assert ACTION_BY_INTENT[intent] == "action_record_answer"


@pytest.mark.parametrize("intent", ["report_symptom", "report_emergency"])
def test_a_symptom_and_emergency_words_are_taken_as_a_report(intent):
    assert ACTION_BY_INTENT[intent] == "action_take_report"


def test_what_is_not_understood_is_read_against_the_pending_question():
    [policy] = CONFIG["policies"]
    assert ACTION_BY_INTENT["nlu_fallback"] == policy["core_fallback_action_name"] == "action_turn"


def test_patients_messages_set_no_slot_and_no_slot_steers():
    for slot in DOMAIN["slots"].values():
        assert slot["influence_conversation"] is False
        assert slot["mappings"] == [{"type": "custom"}]


def test_rasa_can_be_reached_through_the_rest_channel_alone():
    credentials = yaml.safe_load((ROOT / "bot/credentials.yml").read_text(encoding="utf-8"))
    assert credentials == {"rest": None}


def test_rasa_calls_the_actions_on_this_machine_with_the_token_of_this_start():
    endpoint = yaml.safe_load((ROOT / "bot/endpoints.yml").read_text(encoding="utf-8"))["action_endpoint"]
    assert endpoint["url"] == "http://127.0.0.1:${CARELINE_ACTIONS_PORT}/rasa/actions"
    assert endpoint["headers"] == {TOKEN_HEADER: "${CARELINE_ACTIONS_TOKEN}"}


@pytest.mark.parametrize("intent", sorted(EXAMPLES))
def test_each_intent_has_at_least_forty_examples_that_differ(intent):
    assert len({example.lower() for example in EXAMPLES[intent]}) >= 40


def test_the_examples_are_those_of_the_domain_s_typed_intents():
    assert set(EXAMPLES) == set(DOMAIN["intents"]) - {"EXTERNAL_red_flag"}


def test_no_example_marks_an_entity_by_accident():
    marked = [text for texts in EXAMPLES.values() for text in texts if set("[]{}") & set(text)]
    assert marked == []
