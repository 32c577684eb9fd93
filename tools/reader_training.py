"""Training the sentence reader: the encoder's upper layers taken further on the phrase corpus, and a line on top.

Needs torch: imported by `tools.train_reader` alone, never by the server.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import transformers
from tokenizers import Tokenizer
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

from careline.clinical.phrases import Phrase
from careline.clinical.recognition.reader import said_in
from careline.clinical.recognition.windows import windows_of
from careline.clinical.understanding.normalise import words_of
from careline.guidance.encoder import TOKENIZER_FILE
from tools.recogniser_typing import typed_in_a_hurry

_SAID_NOTHING = ("ordinary", "other")
_NO_FLAG = -1
_BESIDE = (1, 1, 1, 2, 2, 3)  # harmless sentences, or messages, beside one
_ASIDES = 0.6  # of the messages with something beside them: it says nothing of anybody's health
_ENDS = " .!"  # windows are read without the stop that ends them
_SHOWN_EVERY = 15  # seconds
_SCORED_AT_ONCE = 64  # texts

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Settings:
    """How it is trained; chosen on the calibration part.

    Attributes:
        layers: Upper layers that are taken further; those below stay as published.
        passes: How often each message is read.
        batch: Messages of about one length that are learnt from at once.
        rate, top_rate: Steps of the layers, and of the line on top.
        naming: How much naming the right flag counts beside "some flag, or none".
        tokens: Longer texts are cut when the reader runs: it is given no more than some sentences.
        learnt_tokens: The same when it learns: a post is learnt from whole: nobody says where the danger stands.
        beside: Share of messages that are read with harmless sentences before and after them.
        threads: Sums in one order need one number of them.
    """

    layers: int = 4
    passes: int = 2
    batch: int = 32
    rate: float = 1e-4
    top_rate: float = 1e-3
    naming: float = 0.3
    tokens: int = 112
    learnt_tokens: int = 192
    threads: int = 2
    beside: float = 0.3
    seed: int = 0


@dataclass(frozen=True)
class Example:
    """A text to learn from.

    Attributes:
        flag: Place of the flag that it reports in the list of flags; -1 for none.
    """

    ids: tuple[int, ...]
    flag: int


class SentenceNet(torch.nn.Module):
    """The encoder, the mean over its tokens, and a line: first "some flag, or none", then a score for each flag."""

    def __init__(self, weights: Path, flags: int) -> None:
        """Load the published weights from a folder."""
        super().__init__()
        self.encoder = transformers.AutoModel.from_pretrained(
            str(weights), attn_implementation="eager", add_pooling_layer=False
        )
        self.top = torch.nn.Linear(self.encoder.config.hidden_size, 1 + flags)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor) -> object:
        """Return one row of scores for each text."""
        hidden = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        return self.top((hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9))


def trained(
    weights: Path, phrases: Sequence[Phrase], flags: Sequence[str], how: Settings, progress: Progress
) -> SentenceNet:
    """Return a net that has read the messages. The same messages, libraries and processor give the same net."""
    torch.set_num_threads(how.threads)
    torch.set_float32_matmul_precision("medium")  # a third faster where a processor multiplies shorter numbers
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(how.seed)
    net = SentenceNet(weights, len(flags))
    for still in (net.encoder.embeddings, *net.encoder.encoder.layer[: len(net.encoder.encoder.layer) - how.layers]):
        still.requires_grad_(False)
    moved = [each for each in net.encoder.parameters() if each.requires_grad]
    chance = random.Random(how.seed)  # noqa: S311 - always the same order
    passes = [
        list(_batches(_examples(weights, phrases, flags, how, which, chance), how, chance))
        for which in range(how.passes)
    ]
    steps = sum(map(len, passes))
    optimiser = torch.optim.AdamW(
        [{"params": moved, "lr": how.rate}, {"params": list(net.top.parameters()), "lr": how.top_rate}],
        weight_decay=0.01,
        fused=True,
    )
    rise = max(1, steps // 10)
    falling = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / rise, max(0.0, (steps - step) / max(1, steps - rise)))
    )
    net.eval()  # nothing is forgotten by chance: that took a third of the time, and two passes learn nothing by heart
    done, shown = 0, 0.0
    for batch in (each for one in passes for each in one):
        loss = _loss(net, batch, how)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(moved, 1.0)
        optimiser.step()
        falling.step()
        done += 1
        if time.monotonic() - shown > _SHOWN_EVERY:
            shown = time.monotonic()
            progress(done, steps)
    return net.eval()


def _loss(net: SentenceNet, batch: Sequence[Example], how: Settings) -> torch.Tensor:
    rows = net(*padded([each.ids for each in batch]))
    flags = torch.tensor([each.flag for each in batch])
    loss = functional.binary_cross_entropy_with_logits(rows[:, 0], (flags != _NO_FLAG).to(rows.dtype))
    named = flags != _NO_FLAG
    if named.any():
        loss = loss + how.naming * functional.cross_entropy(rows[named, 1:], flags[named]) * named.float().mean()
    return loss


def padded(rows: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and types of texts, filled up to the longest."""
    ids = pad_sequence([torch.tensor(row) for row in rows], batch_first=True)
    mask = pad_sequence([torch.ones(len(row), dtype=torch.int64) for row in rows], batch_first=True)
    return ids, mask, torch.zeros_like(ids)


def scores_of(net: SentenceNet, texts: Sequence[str], tokenizer: Path, tokens: int) -> list[float]:
    """Return how much each text reads like one that reports some flag."""
    reads = Tokenizer.from_file(str(tokenizer))
    reads.enable_truncation(tokens)
    reads.no_padding()
    rows = [encoding.ids for encoding in reads.encode_batch(list(texts))]
    scores: list[float] = []
    with torch.no_grad():
        for start in range(0, len(rows), _SCORED_AT_ONCE):
            scores += net(*padded(rows[start : start + _SCORED_AT_ONCE]))[:, 0].tolist()
    return scores


def _examples(
    weights: Path, phrases: Sequence[Phrase], flags: Sequence[str], how: Settings, which: int, chance: random.Random
) -> list[Example]:
    """Return what is read in one pass: every second message as typed in a hurry, the others in the next pass.

    Some stand among harmless sentences: what a message reports stays the same. Of a message that reports nothing a part
    is read too, another in each pass: alone it reports nothing either.
    """
    place = {name: index for index, name in enumerate(flags)}
    texts: list[tuple[str, int]] = []
    ordinary = [phrase.text for phrase in phrases if phrase.kind in _SAID_NOTHING and " " in phrase.text]
    asides = [phrase.text for phrase in phrases if phrase.kind == "aside"] or ordinary
    for number, phrase in enumerate(phrases):
        text = phrase.text
        if chance.random() < how.beside:
            pool = asides if chance.random() < _ASIDES else ordinary
            text = _beside(text, chance.sample(pool, min(len(pool), chance.choice(_BESIDE))), chance)
        text = typed_in_a_hurry(text) if (number + which) % 2 else text
        words = words_of(text)
        texts.append((text.rstrip(_ENDS), place[phrase.about or ""] if phrase.kind == "present" else _NO_FLAG))
        if phrase.kind in _SAID_NOTHING:
            parts = [each.words for each in windows_of(words) if len(each.words) < len(words) - 1]
            if parts:
                texts.append((said_in(text, chance.choice(parts)), _NO_FLAG))
    tokenizer = Tokenizer.from_file(str(weights / TOKENIZER_FILE))
    tokenizer.enable_truncation(how.learnt_tokens)
    tokenizer.no_padding()
    encodings = tokenizer.encode_batch([text for text, _ in texts])
    return [Example(tuple(each.ids), flag) for each, (_, flag) in zip(encodings, texts, strict=True)]


def _beside(text: str, others: Sequence[str], chance: random.Random) -> str:
    """Return a message with harmless sentences before and after it: what it reports stays the same."""
    cut = chance.randint(0, len(others))
    return " ".join([*(_ended(each) for each in others[:cut]), _ended(text), *map(_ended, others[cut:])])


def _ended(text: str) -> str:
    return text if text.rstrip()[-1:] in (".", "!", "?") else text.rstrip() + "."


def _batches(examples: Sequence[Example], how: Settings, chance: random.Random) -> Iterator[list[Example]]:
    """Yield batches of texts of about one length, in an order by chance: little is filled up."""
    order = sorted(examples, key=lambda each: len(each.ids) + chance.random() * 4)
    batches = [order[start : start + how.batch] for start in range(0, len(order), how.batch)]
    chance.shuffle(batches)
    yield from batches
