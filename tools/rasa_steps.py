"""The steps of tools/train_rasa.py that need Rasa: validate, cross-validate, train.

Run by tools/train_rasa.py in a process with Rasa's environment; prints what is wrong, and ends with status 1 then.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import json
import logging
import re
import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import rasa.model_training
import yaml
from rapidfuzz import fuzz, process
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLWriter
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.utils.common import EXPECTED_WARNINGS
from rasa.utils.log_utils import configure_structlog
from rasa.validator import Validator
from sklearn.metrics import classification_report
from sklearn.model_selection import StratifiedGroupKFold

CONFIG, DOMAIN, DATA = "config.yml", "domain.yml", "bot/data"
FALLBACK = "nlu_fallback"
FOLDS = 5
MIN_EXAMPLES = 40
# Two examples of one intent that share this much (0 to 100, in any order of words) are variants of one sentence.
NEAR_DUPLICATE = 75
SEED = 20
# Read from the app's findings or from knowledge/, not learnt: has no part in recognising an intent.
NOT_LEARNT = "components.clinical.ClinicalAnnotator"
# Raised by libraries about themselves, not by Rasa about our data.
ABOUT_LIBRARIES = (DeprecationWarning, PendingDeprecationWarning, ResourceWarning)
# Rasa raises these at every start, and hides them itself in its own commands.
EXPECTED = [re.compile(pattern) for _, pattern in EXPECTED_WARNINGS]


def main() -> int:
    """Run the step named on the command line; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scratch", type=Path, required=True, help="folder for what the steps produce")
    parser.add_argument("step", choices=("validate", "cross-validate", "train"))
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    configure_structlog(logging.ERROR)
    return 0 if _step(options.step, options.scratch) else 1


def _step(step: str, scratch: Path) -> bool:
    if step == "validate":
        problems = list(_problems())
        print("\n".join(problems) or f"{DATA}, {DOMAIN}, {CONFIG}: valid")
        return not problems
    if step == "cross-validate":
        report = asyncio.run(_cross_validated(_nlu_data(), _learnt_config(scratch), scratch))
        (scratch / "cross_validation.json").write_text(json.dumps(report), encoding="utf-8")
        return True
    with contextlib.redirect_stdout(io.StringIO()):
        result = rasa.model_training.train(
            DOMAIN, CONFIG, [DATA], output=str(scratch), fixed_model_name="careline", force_training=True
        )
    return result.code == 0


def _importer() -> TrainingDataImporter:
    return TrainingDataImporter.load_from_config(CONFIG, DOMAIN, [DATA])


def _nlu_data() -> TrainingData:
    return _importer().get_nlu_data()


def _problems() -> Iterator[str]:
    """Yield what Rasa's validator and our own checks find. Rasa itself only warns, and goes on."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        validator = Validator.from_importer(_importer())
        is_valid = all(
            [
                validator.verify_domain_validity(),
                validator.verify_example_repetition_in_intents(ignore_warnings=False),
                validator.verify_intents_in_stories(ignore_warnings=False),
                validator.verify_utterances_in_stories(ignore_warnings=False),
                validator.verify_actions_in_stories_rules(),
                validator.verify_story_structure(ignore_warnings=False),
            ]
        )
    ours = [str(warning.message) for warning in caught if not issubclass(warning.category, ABOUT_LIBRARIES)]
    # Sent by the app alone, through an endpoint of its own: nobody types it.
    found = [text for text in ours if "EXTERNAL_red_flag" not in text and not any(p.match(text) for p in EXPECTED)]
    yield from found
    if not is_valid and not found:
        yield f"{DATA}, {DOMAIN}: Rasa's validator refused them without a reason; run `rasa data validate`"
    yield from _problems_of_examples(validator.intents)


def _problems_of_examples(data: TrainingData) -> Iterator[str]:
    texts = defaultdict(list)
    for example in data.intent_examples:
        texts[_plain(example.get("text"))].append(example.get("intent"))
    for text, intents in texts.items():
        if len(intents) > 1:
            yield f"{DATA}/nlu: '{text}' stands {len(intents)} times ({', '.join(intents)}). Keep one."
    for intent, number in sorted(Counter(example.get("intent") for example in data.intent_examples).items()):
        if number < MIN_EXAMPLES:
            yield f"{DATA}/nlu: {intent} has {number} examples. Give it at least {MIN_EXAMPLES} that differ."


def _plain(text: str) -> str:
    """Return the words alone, so that case and punctuation make no difference."""
    return re.sub(r"[^\w ]+", "", text.lower()).strip() or text


def _learnt_config(scratch: Path) -> Path:
    """Write and return a configuration with what is learnt alone."""
    config = yaml.safe_load(Path(CONFIG).read_text(encoding="utf-8"))
    config["pipeline"] = [component for component in config["pipeline"] if component["name"] != NOT_LEARNT]
    file = scratch / "nlu_config.yml"
    file.write_text(yaml.safe_dump(config), encoding="utf-8")
    return file


async def _cross_validated(data: TrainingData, config: Path, scratch: Path) -> dict[str, Any]:
    """Train on four fifths and predict the rest, five times; return precision, recall and F1 per intent."""
    truth: list[str] = []
    predicted: list[str] = []
    fallbacks = 0
    for number, (learnt, unseen) in enumerate(_folds(data), start=1):
        print(f"cross-validation: fold {number} of {FOLDS}", flush=True)
        examples = scratch / "fold.yml"
        RasaYAMLWriter().dump(examples, learnt)
        with contextlib.redirect_stdout(io.StringIO()):  # Rasa praises each model
            model = rasa.model_training.train_nlu(str(config), str(examples), str(scratch), f"fold{number}")
        processor = Agent.load(model).processor
        for example in unseen.intent_examples:
            parsed = await processor.parse_message(UserMessage(example.get("text")))
            fallbacks += parsed["intent"]["name"] == FALLBACK
            truth.append(example.get("intent"))
            predicted.append(_best_intent(parsed))
    report = classification_report(truth, predicted, output_dict=True, zero_division=0)
    return {
        "folds": FOLDS,
        "macro_f1": report["macro avg"]["f1-score"],
        "fallback_share": fallbacks / len(truth),
        "intents": {intent: _row(report[intent]) for intent in sorted(set(truth))},
    }


def _row(scores: dict[str, float]) -> dict[str, float | int]:
    return {
        "precision": scores["precision"],
        "recall": scores["recall"],
        "f1": scores["f1-score"],
        "support": int(scores["support"]),
    }


def _best_intent(parsed: dict[str, Any]) -> str:
    """Return the likeliest intent, whether or not it was sure enough to be used."""
    return next(intent["name"] for intent in parsed["intent_ranking"] if intent["name"] != FALLBACK)


def _folds(data: TrainingData) -> Iterator[tuple[TrainingData, TrainingData]]:
    """Yield what to learn from and what to predict; variants of one sentence are never on both sides."""
    examples = data.intent_examples
    intents = [example.get("intent") for example in examples]
    groups = _near_duplicates([_plain(example.get("text")) for example in examples], intents)
    splits = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED).split(examples, intents, groups)
    for learnt, unseen in splits:
        yield _part(examples, learnt), _part(examples, unseen)


def _part(examples: list[Any], places: Iterable[int]) -> TrainingData:
    return TrainingData(training_examples=[examples[place] for place in places])


def _near_duplicates(texts: list[str], intents: list[str]) -> list[int]:
    """Return a group number per text: equal for near-duplicates of one intent, directly or through others."""
    likeness = process.cdist(texts, texts, scorer=fuzz.token_sort_ratio, dtype=np.uint8)
    group = list(range(len(texts)))
    for place in range(len(texts)):
        for earlier in np.flatnonzero(likeness[place, :place] >= NEAR_DUPLICATE):
            if intents[earlier] == intents[place] and group[earlier] != group[place]:
                old, new = group[place], group[earlier]
                group = [new if number == old else number for number in group]
    return group


if __name__ == "__main__":
    sys.exit(main())
