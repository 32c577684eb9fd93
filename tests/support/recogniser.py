"""A recogniser that knows a few sentences, for tests of what follows from it."""

from collections.abc import Collection

from careline.clinical.recognition.recogniser import Band, Proposal, Recogniser, Recognition

CARD = "well so this morning everything went sideways in the bathroom"
ASKED = "there was a funny turn of some kind in the kitchen"
NAMED = "rf_stroke_speech"


class ScriptedRecogniser(Recogniser):
    """Raises on one sentence, doubts another the more often it says "really", and proposes a sore throat."""

    def __init__(self) -> None:
        """Need no model."""

    def recognise(self, text: str, among: Collection[str]) -> Recognition:
        """Return what was scripted."""
        assert NAMED in among
        if text.startswith(CARD):
            start = CARD.index("everything")
            return Recognition(5.0, Band.CARD, (NAMED,), ((start, start + len("everything went sideways")),))
        if text.startswith(ASKED):
            return Recognition(1.0 + text.count("really"), Band.QUESTION, (NAMED,), ((12, 22),))
        return Recognition(-3.0, Band.NONE)

    def propose(self, text: str, among: Collection[str]) -> Proposal:
        """Return what was scripted."""
        likely = ("sore_throat",) if "gullet" in text and "sore_throat" in among else ()
        return Proposal(None, likely)
