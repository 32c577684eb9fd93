"""Writing the trained sentence reader for the server: ONNX, its weights in whole numbers of eight bits.

Needs torch and onnx: imported by `tools.train_reader` alone, never by the server.
"""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from tools.reader_training import SentenceNet

_OPSET = 17


def export(net: SentenceNet, out: Path) -> None:
    """Write the net to a file."""
    names = ("input_ids", "attention_mask", "token_type_ids")
    axes = {name: {0: "batch", 1: "sequence"} for name in names}
    example = torch.ones(2, 16, dtype=torch.long)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".reader-") as temporary:
        whole, ready = Path(temporary) / "whole.onnx", Path(temporary) / "ready.onnx"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the tracing exporter is deprecated; the new one needs more libraries
            torch.onnx.export(
                net.eval(),
                (example, example, torch.zeros_like(example)),
                str(whole),
                input_names=list(names),
                output_names=["scores"],
                dynamic_axes={**axes, "scores": {0: "batch"}},
                opset_version=_OPSET,
                dynamo=False,
            )
        quant_pre_process(str(whole), str(ready), skip_symbolic_shape=True)
        # Seven of the eight bits: processors without VNNI overflow with eight, and their scores would be others.
        quantize_dynamic(str(ready), str(out), per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)
    onnx.checker.check_model(str(out))
    out.chmod(0o644)
