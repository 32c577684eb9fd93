"""The meaning of a message as a dense feature: the exported sentence encoder, run with onnxruntime.

Word and character counts alone know only the words they were trained on; the encoder knows that "get me a nurse"
and "I would rather talk to somebody" are near. It is the same file that searches the articles (`careline model build`).
"""

import hashlib
import os
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional

import numpy as np
import onnxruntime as ort
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer as RasaTokenizer
from rasa.shared.exceptions import InvalidConfigException, RasaException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tokenizers import Tokenizer

# A message that takes more is cut: its beginning is enough to tell what it wants.
MAX_TOKENS = 128
BATCH_SIZE = 64
REMEDY = "Run `careline model build`, then `make train`."


class EncoderMismatchError(RasaException):
    """The encoder is missing, or is not the one that the model was trained with."""


def encoder_dir() -> Path:
    """Return where the exported encoder is: below the app's data directory."""
    return Path(os.environ.get("CARELINE_DATA_DIR") or "var") / "models" / "encoder"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceEncoderFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds one unit vector per message, times `weight`, to what the classifier sees.

    Nothing is learnt here. "Training" only notes which encoder was used, so that a model never meets another one.
    """

    def __init__(
        self,
        config: Dict[str, Any],
        name: str,
        model_storage: ModelStorage,
        resource: Resource,
    ) -> None:
        """Load the encoder."""
        super().__init__(name, config)
        self._model_storage = model_storage
        self._resource = resource
        self._encoder = _Encoder(encoder_dir())

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Return the setting: how much the meaning counts beside the words."""
        return {**DenseFeaturizer.get_default_config(), "weight": 8.0}

    @staticmethod
    def required_packages() -> List[str]:
        """Return what must be installed."""
        return ["onnxruntime", "tokenizers"]

    @classmethod
    def required_components(cls) -> List[type]:
        """Return what must stand before this component."""
        return [RasaTokenizer]

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> Optional[str]:
        """Return which encoder there is, so that Rasa's cache of trained components knows another one."""
        return _encoder_files(encoder_dir()).sha256

    @classmethod
    def validate_config(cls, config: Dict[str, Any]) -> None:
        """Refuse a weight that is no positive number."""
        weight = config.get("weight")
        if not isinstance(weight, (int, float)) or weight <= 0:
            raise InvalidConfigException(
                f"config.yml: SentenceEncoderFeaturizer: 'weight' is {weight!r}. Give a number above 0, such as 8."
            )

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceEncoderFeaturizer":
        """Make the component for training."""
        return cls(config, execution_context.node_name, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: object,
    ) -> "SentenceEncoderFeaturizer":
        """Make the component of a trained model.

        Raises:
            EncoderMismatchError: The model was trained with another encoder.
        """
        component = cls(config, execution_context.node_name, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            trained_with = (folder / "encoder.sha256").read_text(encoding="ascii")
        if trained_with != component._encoder.sha256:
            raise EncoderMismatchError(
                f"{encoder_dir()}: is not the encoder that this model was trained with. {REMEDY}"
            )
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Note which encoder is used."""
        with self._model_storage.write_to(self._resource) as folder:
            (folder / "encoder.sha256").write_text(self._encoder.sha256, encoding="ascii")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the feature to every example."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the feature to each message that has words."""
        worded = [message for message in messages if message.get(TEXT)]
        for start in range(0, len(worded), BATCH_SIZE):
            batch = worded[start : start + BATCH_SIZE]
            vectors = self._encoder.encode([message.get(TEXT) for message in batch]) * self._config["weight"]
            for message, vector in zip(batch, vectors, strict=True):
                message.add_features(Features(vector[np.newaxis], FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
        return messages


class _EncoderFiles(NamedTuple):
    model: Path
    tokenizer: Path
    sha256: str


def _encoder_files(folder: Path) -> _EncoderFiles:
    """Return the exported encoder's files, and one digest of all, its weights among them.

    Raises:
        EncoderMismatchError: One is missing.
    """
    model, weights, tokenizer = (folder / name for name in ("model.onnx", "model.weights", "tokenizer.json"))
    for file in (model, weights, tokenizer):
        if not file.is_file():
            raise EncoderMismatchError(f"{file}: is missing. {REMEDY}")
    return _EncoderFiles(model, tokenizer, _sha256_of(model, weights, tokenizer))


class _Encoder:
    """The exported encoder: text in, unit vectors out."""

    def __init__(self, folder: Path) -> None:
        model, tokenizer, self.sha256 = _encoder_files(folder)
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding()
        options = ort.SessionOptions()
        # One message at a time, beside an app that needs the other core; the arena would keep memory for nothing.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        self._session = ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])

    def encode(self, texts: List[str]) -> np.ndarray:
        """Return one unit vector per text, in order."""
        encodings = self._tokenizer.encode_batch(texts)
        ids = np.array([encoding.ids for encoding in encodings], np.int64)
        mask = np.array([encoding.attention_mask for encoding in encodings], np.int64)
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        vectors = self._session.run(None, inputs)[0]
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _sha256_of(*files: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            for block in iter(lambda: stream.read(1 << 20), b""):
                digest.update(block)
    return digest.hexdigest()
