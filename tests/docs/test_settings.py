"""docs/settings.md and the settings say the same."""

import re

import pytest
from pydantic import SecretStr

from careline.settings import Settings
from tests.docs.documents import code, documents, rows, spans, text_of

FIELDS = {f"CARELINE_{name.upper()}": field for name, field in Settings.model_fields.items()}
# Told to Rasa, not read by the app.
DESCRIBED = {spans(row[0])[0]: row[1] for row in rows(text_of("docs/settings.md"))}


def test_every_setting_is_described_and_every_described_setting_exists():
    assert set(DESCRIBED) == set(FIELDS)


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_the_default_in_the_document_is_the_default(name):
    default = FIELDS[name].default
    if default is None:
        assert DESCRIBED[name] == "unset"
    elif isinstance(default, SecretStr):
        assert DESCRIBED[name] == "empty"
        assert default.get_secret_value() == ""
    else:
        assert DESCRIBED[name] == f"`{default}`"


def test_every_setting_that_a_document_names_exists():
    unknown = [
        (str(document), name)
        for document in documents()
        for line in code(document)
        for name in re.findall(r"CARELINE_[A-Z_]+[A-Z]", line)
        if name not in FIELDS
    ]
    assert unknown == []
