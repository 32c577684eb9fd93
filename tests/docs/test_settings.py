"""docs/settings.md and the settings say the same."""

import re

from pydantic import SecretStr

from careline.settings import Settings
from tests.docs.documents import code, documents, rows, spans, text_of

FIELDS = {f"CARELINE_{name.upper()}": field for name, field in Settings.model_fields.items()}
# Told to Rasa, not read by the app.
DESCRIBED = {spans(row[0])[0]: row[1] for row in rows(text_of("docs/settings.md"))}


def test_every_setting_is_described_and_every_described_setting_exists():
    assert set(DESCRIBED) == set(FIELDS)


def test_the_default_in_the_document_is_the_default():
    assert {name: said for name, said in DESCRIBED.items() if said != in_words(FIELDS[name].default)} == {}


def in_words(default: object) -> str:
    """How the document writes a default."""
    if default is None:
        return "unset"
    if isinstance(default, SecretStr):
        assert default.get_secret_value() == ""
        return "empty"
    return f"`{default}`"


def test_every_setting_that_a_document_names_exists():
    unknown = [
        (str(document), name)
        for document in documents()
        for line in code(document)
        for name in re.findall(r"CARELINE_[A-Z_]+[A-Z]", line)
        if name not in FIELDS
    ]
    assert unknown == []
