"""A recogniser that knows a few sentences, for tests of what follows from it."""

from collections.abc import Collection

from careline.clinical.recognition.recogniser import Band, Proposal, Recogniser, Recognition

CARD = "well so this morning everything went sideways in the bathroom"
ASKED = "there was a funny turn of some kind in the kitchen"
NAMED = "rf_stroke_speech"
ALSO = "rf_thunderclap_headache"
BOTH = "there was a funny turn and then a bang in the kitchen"  # reads like NAMED first, and like ALSO
OF_SOME = "rf_postpartum_infection_clot"  # a flag of some people alone
DOUBTED = "my gullet feels raw and I am worn out"  # reads like it, and hints at none of them
HINTED = "my gullet feels raw since the baby came"
MIXED = "my gullet feels raw and the kitchen turns"  # reads like it and like another
SURE = "my gullet went dark all at once"  # surely enough for its card
_NAMES = {
    DOUBTED: (Band.QUESTION, (OF_SOME,)),
    HINTED: (Band.QUESTION, (OF_SOME,)),
    MIXED: (Band.QUESTION, (OF_SOME, NAMED)),
    BOTH: (Band.QUESTION, (NAMED, ALSO)),
    SURE: (Band.CARD, (OF_SOME,)),
}


class ScriptedRecogniser(Recogniser):
    """Raises on one sentence, doubts another the more often it says "really", and proposes a sore throat."""

    def __init__(self) -> None:
        """Need no model."""
        self.reader = None

    def recognise(self, text: str, among: Collection[str], *, anew: bool = False) -> Recognition:
        """Return what was scripted; anew, the flag that can be of anybody."""
        assert NAMED in among
        if text in _NAMES:
            band, flags = _NAMES[text]
            return Recognition(1.0, band, (NAMED,) if anew else flags, ((0, 9),))
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


HINT_OF_HARM = "things are tense here since the weekend"
HARM = "rf_domestic_abuse_danger"


class WaryRecogniser(ScriptedRecogniser):
    """Doubts one sentence: it might be of somebody who is hurt at home."""

    def recognise(self, text: str, among: Collection[str], *, anew: bool = False) -> Recognition:
        """Return what was scripted."""
        return Recognition(1.0, Band.QUESTION, (HARM,)) if text == HINT_OF_HARM else Recognition(-3.0, Band.NONE)
