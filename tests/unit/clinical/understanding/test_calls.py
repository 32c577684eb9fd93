"""Calls: "are you there?", "help me", "i'm scared" are heard as such; whoever tells or asks more is not."""

import pytest

from careline.clinical.understanding.calls import is_call

CALLS = """
are you there?? im scared
please help me
hello??
is anyone there
im so frightened what do i do
I'M SCARED
heeeelp
plese hlep me
im realy frightend
im so skared
omg please help what do i do
helo anyone ther
r u still there
why arent you answering
hello is anybody there i'm on my own and i'm really scared
please don\u2019t leave me
i dont know what to do
oh god oh god help me
whats happening to me
am i going to die
will i be ok
help help help help help help help help help
""".strip().splitlines()
NO_CALLS = """
help with my cough medicine?
can you help me with a prescription
can you help me find a pharmacist
i need help with my baby
i need help to stop drinking
im scared of my husband
im scared i have cancer
im scared of needles
my mum is scared
help he's not breathing
help me im dying
are you there for emergencies
is anyone there i can actually talk to
what do i do for a burn
what should i do about a nosebleed
what now with the fever
should i call for help
where can i get help
can you hear a heart murmur
is it scary to have an xray
who reads this
are you a robot
leave me alone
will i die if i take two paracetamol
am i going to need an operation
i want to die
yes im scared
no
i dont know
please stop
hello
thank you
""".strip().splitlines()
SPANISH_CALLS = """
ayuda
ayúdame por favor
¿hay alguien ahí?
hay algien ahi
hola??
tengo mucho miedo
estoy muy asustada que hago
no sé qué hacer
por favor contesten
nadie contesta
¿alguien me puede ayudar?
no me dejes sola
¿voy a estar bien?
please help me
""".strip().splitlines()
NO_SPANISH_CALLS = """
hola
no sé
ayuda con mi tos
tengo miedo de mi esposo
me duele el pecho ayuda
necesito ayuda con la medicina
que hago para la fiebre
me muero ayuda
quiero morir
me voy a morir
quiero hablar con una persona
ninguno
""".strip().splitlines()


def test_words_that_only_call_are_a_call_however_they_are_spelt():
    assert [text for text in CALLS if not is_call(text, "en")] == []


def test_whoever_tells_or_asks_more_or_answers_does_not_call():
    assert [text for text in NO_CALLS if is_call(text, "en")] == []


def test_calls_in_spanish_are_heard_where_the_consultation_is_held_in_it():
    assert [text for text in SPANISH_CALLS if not is_call(text, "es")] == []


def test_whoever_tells_more_in_spanish_does_not_call():
    assert [text for text in NO_SPANISH_CALLS if is_call(text, "es")] == []


@pytest.mark.parametrize("text", ["", "???", "\ud800", "\U0001f62d\U0001f62d", "help " * 20_000, "a" * 100_000])
def test_whatever_is_written_is_no_error_and_no_call(text):
    assert not is_call(text, "en")
    assert not is_call(text, "es")
