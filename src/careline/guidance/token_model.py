"""An exported model that reads tokens: its tokenizer and its session, one row out for each text in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from tokenizers import Tokenizer


class TokenModel:
    """Runs a model file beside its tokenizer file; whoever opens it has checked both."""

    def __init__(self, model: Path, tokenizer: Path, *, most_tokens: int, threads: int = 1) -> None:
        """Load both; longer texts are cut."""
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(most_tokens)
        self._tokenizer.enable_padding()
        options = ort.SessionOptions()
        # FAISS, the web server and other replicas share the machine: more threads make each search slower.
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = ort.InferenceSession(str(model), sess_options=options, providers=["CPUExecutionProvider"])

    def rows(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return one row for each text, in order; there is at least one text."""
        encodings = self._tokenizer.encode_batch(list(texts))
        ids = np.array([encoding.ids for encoding in encodings], np.int64)
        mask = np.array([encoding.attention_mask for encoding in encodings], np.int64)
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        rows: npt.NDArray[np.float32] = self._session.run(None, inputs)[0]
        return rows
