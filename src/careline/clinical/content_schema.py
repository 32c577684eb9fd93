"""JSON Schemas of the content files, for editors and other programs."""

from __future__ import annotations

from typing import Any

import msgspec

from careline.clinical.content import (
    DispositionsFile,
    FindingsFile,
    IntakeFile,
    LexiconFile,
    NumbersFile,
    Protocol,
    RedFlagsFile,
    RulesFile,
    SourcesFile,
)
from careline.clinical.medicine_content import MedicinesFile
from careline.clinical.patient_content import ExpressionsFile, LanguagesFile, YoungPeopleFile
from careline.clinical.phrases import PhrasesFile, SetAsideFile
from careline.clinical.translation_content import TranslationsFile
from careline.clinical.vignette_content import ScriptedPatientsFile, VignettesFile

_SHAPES = {
    "sources.yml": SourcesFile,
    "findings/*.yml": FindingsFile,
    "lexicon/*.yml": LexiconFile,
    "lexicon/<language>/*.yml": ExpressionsFile,
    "protocols/*.yml": Protocol,
    "red_flags/*.yml": RedFlagsFile,
    "intake.yml": IntakeFile,
    "modifiers.yml, vitals.yml": RulesFile,
    "dispositions.yml": DispositionsFile,
    "emergency_numbers.yml": NumbersFile,
    "medicines.yml": MedicinesFile,
    "languages.yml": LanguagesFile,
    "young_people.yml": YoungPeopleFile,
    "translations/<language>/**/*.yml": TranslationsFile,
    "vignettes/*.yml": VignettesFile,
    "vignettes/scripted/*.yml": ScriptedPatientsFile,
    "phrases/*.yml": PhrasesFile,
    "phrases/set_aside.yml": SetAsideFile,
}


def content_schemas() -> dict[str, Any]:
    """Return the schema of each kind of file, by where it stands in `knowledge/`."""
    return {name: msgspec.json.schema(shape) for name, shape in _SHAPES.items()}
