"""Where content releases lie, and the encoder that searches them: what the app, commands and checks all begin with."""

from __future__ import annotations

import logging
from pathlib import Path

from careline.consultation.release_files import ReleaseFiles
from careline.guidance.encoder import Encoder, OnnxEncoder
from careline.guidance.errors import GuidanceError
from careline.guidance.model_export import encoder_folder
from careline.settings import Settings

log = logging.getLogger(__name__)


def load_encoder(settings: Settings) -> Encoder | None:
    """Return the encoder; None when it cannot be used: guidance is then missing, triage is not."""
    try:
        return OnnxEncoder(encoder_folder(settings.data_dir))
    except GuidanceError:
        log.exception("encoder unusable")
        return None


def release_files(settings: Settings) -> ReleaseFiles:
    """Return the content releases of the data folder."""
    return ReleaseFiles(
        settings.data_dir / "releases",
        settings.knowledge_dir,
        recogniser=settings.data_dir / "models" / "recogniser",
        reader=settings.data_dir / "models" / "reader",
        signed_only=settings.signed_content_only,
    )


def vector_cache(settings: Settings) -> Path:
    """Return the folder in which vectors of passages are kept."""
    return settings.data_dir / "models" / "embeddings"


def checks_folder(settings: Settings) -> Path:
    """Return the folder in which it is kept which checks were passed by what."""
    return settings.data_dir / "editorial" / "passed"
