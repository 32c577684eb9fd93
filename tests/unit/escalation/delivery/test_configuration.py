"""The operator's file: strict, and each error names file, field and remedy."""

import pytest

from careline.escalation.delivery.channels import build_channels
from careline.escalation.delivery.configuration import NOTHING, load_delivery_file
from careline.escalation.errors import DeliveryFileError
from tests.support.outbox import SECRET

WHOLE = """
link: https://triage.clinic.test/console/cases/{id}
private_networks: [10.20.0.0/16]
channels:
  records: {type: webhook, url: 'https://his.clinic.test/careline', secret: his}
  duty_mail: {type: email, host: mail.clinic.test, sender: careline@clinic.test, to: [duty@clinic.test], user: careline}
  on_call: {type: telegram, chat_id: -100200}
ladders:
  emergency_now:
    steps: [{after_minutes: 0, channel: on_call}, {after_minutes: 2, channel: duty_mail}]
    tell_patient_after_minutes: 5
  default:
    steps: [{after_minutes: 0, channel: duty_mail}]
    tell_patient_after_minutes: 60
"""
SECRETS = {"his": [SECRET], "duty_mail": ["a-password"], "on_call": ["12345:a-token"]}


@pytest.fixture
def load(tmp_path):
    """Loads a file with this text."""

    def load_text(text):
        path = tmp_path / "delivery.yml"
        path.write_text(text, encoding="utf-8")
        return load_delivery_file(path)

    return load_text


def test_without_a_file_nobody_is_told(tmp_path):
    assert load_delivery_file(tmp_path / "delivery.yml") == NOTHING


def test_a_level_without_a_ladder_of_its_own_has_the_default_one(load):
    content = load(WHOLE)
    assert [step.channel for step in content.ladder("emergency_now").steps] == ["on_call", "duty_mail"]
    assert [step.channel for step in content.ladder("same_day").steps] == ["duty_mail"]
    assert [step.channel for step in content.ladder(None).steps] == ["duty_mail"]


def test_all_kinds_of_channels_can_be_built(load):
    channels = build_channels(load(WHOLE), SECRETS)
    assert {name: channel.is_person for name, channel in channels.by_name.items()} == {
        "records": False,
        "duty_mail": True,
        "on_call": True,
    }


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("channel: on_call", "channel: oncall", r"ladders\.emergency_now\.steps: 'oncall' is no channel.*Add it"),
        ("  default:", "  usual:", r"ladders\.usual: is no level\. Use one of: default, ed_now"),
        ("  default:", "  same_day:", r"ladders: there is none named 'default'.*Add it"),
        ("https://his", "http://his", r"channels\.records\.url: is not encrypted\. Use https"),
        ("https://his", "ftp://his", r"channels\.records\.url: is no web address\. Begin it with https"),
        ("https://his", "https://me:pw@his", r"channels\.records\.url: holds a password\. Take it out"),
        ("after_minutes: 2", "after_minutes: 6", r"tell_patient_after_minutes: the last step comes after 6 minutes"),
        ("[{after_minutes: 0, channel: on_call}", "[{after_minutes: 3, channel: on_call}", r"begin with after_minutes"),
        ("10.20.0.0/16", "10.20.0.1/16", r"private_networks: '10\.20\.0\.1/16' is no network\. Write it as"),
        ("/{id}", "/", r"link: has no \{id\}.*Add it"),
        ("chat_id: -100200", "chat_id: ours", r"delivery\.yml: Expected `int`, got `str`.*chat_id.*Mend the value"),
        ("type: telegram", "type: pigeon", r"delivery\.yml: Invalid value 'pigeon'"),
        ("secret: his", "secrets: his", r"delivery\.yml: .*unknown field `secrets`.*Remove it or mend its spelling"),
        ("user: careline", "user: careline, security: none", r"mail\.security: a password is never sent in the clear"),
        ("  records:", "  Our records:", r"channels\.Our records: name it with small letters"),
        ("  on_call: {type", "  duty_mail: {type", r"the key 'duty_mail' stands twice"),
        ("    tell_patient_after_minutes: 60\n", "", r"missing required field `tell_patient_after_minutes`.*Add it"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_with_file_field_and_remedy(load, before, after, told):
    assert before in WHOLE
    with pytest.raises(DeliveryFileError, match=told) as refused:
        load(WHOLE.replace(before, after))
    assert "delivery.yml" in str(refused.value)


@pytest.mark.parametrize(
    ("secrets", "told"),
    [
        ({"his": []}, r"the secret 'his' is missing\. Run: careline delivery secret his"),
        ({"his": ["whsec_"]}, r"the secret 'his' cannot sign\. Make a new one: careline delivery secret his --make"),
        ({"on_call": [""]}, r"the secret 'on_call' is no bot token\. Set it again"),
    ],
)
def test_a_secret_that_cannot_be_used_is_named_and_not_shown(load, secrets, told):
    with pytest.raises(DeliveryFileError, match=told):
        build_channels(load(WHOLE), {**SECRETS, **secrets})


def test_a_mail_server_that_asks_for_no_user_needs_no_secret(load):
    content = load(WHOLE.replace(", user: careline", ""))
    assert build_channels(content, {**SECRETS, "duty_mail": []}).by_name["duty_mail"].is_person


def test_certificates_that_are_not_there_are_named(load):
    content = load(WHOLE.replace("secret: his", "secret: his, ca_file: nowhere.pem"))
    with pytest.raises(DeliveryFileError, match=r"channels\.records\.ca_file: cannot be read\. Mend the path"):
        build_channels(content, SECRETS)
