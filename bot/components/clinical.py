"""The clinical findings of a message as Rasa entities."""

import logging
from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    METADATA,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from components.reading import findings_of

logger = logging.getLogger(__name__)

FIELDS = (
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_VALUE,
    "presence",
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ClinicalAnnotator(GraphComponent, EntityExtractorMixin):
    """Copies the findings that the app sends with a message; reads the message itself when none came.

    The app has screened the text before Rasa sees it, so a message read twice cannot be understood in two ways.
    Only `rasa shell` and `rasa test` send no findings.
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Return no settings: there are none."""
        return {}

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "ClinicalAnnotator":
        """Make the component."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the findings of each message to its entities."""
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            sent = (message.get(METADATA) or {}).get("findings")
            found = findings_of(text) if sent is None else _well_formed(sent)
            entities = message.get(ENTITIES, []) + self.add_extractor_name(found)
            message.set(ENTITIES, entities, add_to_output=True)
        return messages


def _well_formed(sent: object) -> List[Dict[str, Any]]:
    """Return the findings that Rasa can hold; a damaged one must not cost the patient an answer."""
    items = sent if isinstance(sent, list) else []
    found = [
        {field: item[field] for field in FIELDS}
        for item in items
        if isinstance(item, dict) and item.keys() >= {*FIELDS}
    ]
    if not isinstance(sent, list) or len(found) < len(items):
        logger.error("Findings of a message were malformed and left out.")
    return found
