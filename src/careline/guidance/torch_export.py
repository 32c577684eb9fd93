"""Writes the encoder as ONNX: run as a program by `model_export`, never imported by the server.

    python -m careline.guidance.torch_export <folder of weights> <folder to write to>

Writes `model.onnx` and `model.weights`, and `reference.json`: vectors of the probe sentences as sentence-transformers
computes them, and the versions of the libraries used.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path

import onnx
import sentence_transformers
import torch
import transformers
from sentence_transformers import SentenceTransformer

from careline.guidance.encoder import MAPPED_FILE, MAX_TOKENS, MODEL_FILE
from careline.guidance.model_export import PROBES, REFERENCE_FILE

OPSET = 17
_SMALL_BYTES = 1024  # what is smaller stays with the model


class MeanPooled(torch.nn.Module):  # type: ignore[misc]  # torch is not read by mypy
    """The model with its pooling: the mean over the tokens that are text, at length 1."""

    def __init__(self, weights: Path) -> None:
        """Load the weights from a folder."""
        super().__init__()
        # Only the eager attention is traced into plain ONNX operators.
        self.model = transformers.AutoModel.from_pretrained(str(weights), attn_implementation="eager").eval()

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor) -> object:
        """Return one unit vector per row."""
        hidden = self.model(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
        return torch.nn.functional.normalize(mean, p=2, dim=1)


def export(weights: Path, out: Path) -> None:
    """Write the model, its weights and `reference.json` into `out`."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    model = MeanPooled(weights)
    names = ("input_ids", "attention_mask", "token_type_ids")
    axes = {name: {0: "batch", 1: "sequence"} for name in names}
    example = torch.ones(2, 16, dtype=torch.long)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracing exporter is deprecated; the new one needs more libraries
        torch.onnx.export(
            model,
            (example, example, torch.zeros_like(example)),
            str(out / MODEL_FILE),
            input_names=list(names),
            output_names=["embedding"],
            dynamic_axes={**axes, "embedding": {0: "batch"}},
            opset_version=OPSET,
            dynamo=False,
        )
    _put_weights_beside(out)
    onnx.checker.check_model(str(out / MODEL_FILE))
    reference = {
        "vectors": _reference(weights),
        "toolchain": {
            "python": sys.version.split()[0],
            "torch": torch.__version__,
            "sentence-transformers": sentence_transformers.__version__,
            "transformers": transformers.__version__,
            "onnx": onnx.__version__,
        },
    }
    (out / REFERENCE_FILE).write_text(json.dumps(reference), encoding="utf-8")


def _put_weights_beside(out: Path) -> None:
    model = onnx.load(str(out / MODEL_FILE))
    onnx.save(
        model,
        str(out / MODEL_FILE),
        save_as_external_data=True,
        all_tensors_to_one_file=True,
        location=MAPPED_FILE,
        size_threshold=_SMALL_BYTES,
    )
    for name in (MODEL_FILE, MAPPED_FILE):  # onnx writes them for its own user alone
        (out / name).chmod(0o644)


def _reference(weights: Path) -> object:
    # Computed by the library that the weights were published for, not by the module above.
    model = SentenceTransformer(str(weights), device="cpu")
    model.max_seq_length = MAX_TOKENS
    return model.encode(list(PROBES), normalize_embeddings=True, show_progress_bar=False).tolist()


if __name__ == "__main__":
    export(Path(sys.argv[1]), Path(sys.argv[2]))
