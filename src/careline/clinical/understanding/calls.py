"""Calls: words that ask whether somebody is there, or for help, or say only that somebody is afraid.

They tell nothing of a complaint and ask for no knowledge, so there is nothing in them to look up. A message is a call
only when it is made of nothing else: "help me" is, "help with my cough medicine" is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, cached_property
from typing import NamedTuple

from careline.clinical.understanding.normalise import words_of
from careline.clinical.understanding.patterns import any_of, words_in
from careline.clinical.understanding.short_replies import folded
from careline.clinical.understanding.spelling import Speller, ordinary_words

_MOST_WORDS = 60  # of a call; whoever writes more tells something
_LONGEST_PHRASE = 9  # words


class _Phrases(NamedTuple):
    """How a language calls, in the pattern language.

    Attributes:
        calls: Each by itself is a call.
        greetings: A call only where they are asked ("hello??").
        around: What may stand beside a call and changes nothing.
    """

    calls: str
    greetings: str
    around: str


_PHRASES: Mapping[str, _Phrases] = {
    "en": _Phrases(
        calls="""
            [is] (anyone|anybody|someone|somebody|any one|any body) [still|even|actually|really|out] (there|ther|here|\
                listening|around|reading|awake|answering) [for me|with me|to help [me]|reading this]
            (anyone|anybody) [home]
            (no one|noone|nobody) is (there|here|listening|answering|replying|helping) [me]
            [are] you [still|even|actually|really] (there|ther|here|listening|with me|awake|answering|ignoring me)
            (can|could|do|does) (you|anyone|anybody|someone|somebody) [even|still] (hear|see) (me|this|us)
            (can|could|will|would|wont|why wont|why dont|why cant) (you|anyone|anybody|someone|somebody|no one|nobody) \
                [please|just] (help|answer|reply|respond) [me|us]
            why (are|arent) you [not] (answering|replying|responding|helping|listening|there|here|saying anything) [me]
            why is (no one|nobody|noone) (answering|replying|responding|helping|listening|there|here) [me]
            [someone|somebody|anyone|anybody|just] (help|answer|reply|respond|talk to) me
            (help|help us|answer|reply|respond|write back|say something|do something|stay with me|\
                come back|hurry|hurry up|sos)
            [please] dont (go|go away|leave|leave me [alone|now|here]|hang up)
            [i] [really|just|so|badly] (need|want) [some|your] help
            [i am|am|feel|feeling|i feel|i am feeling|i am getting|i am just|we are|i get|getting] [so|very|really|\
                just|too|quite|getting|extremely|a bit|a little] [so|very|really] (scared|scard|frightened|fright*|\
                terrified|terrif*|petrified|afraid|worried) [to death|out of my mind|now|of this]
            (this|it) [is] [all|just|getting] [so|very|really|too] (scary|fright*|terrif*)
            (this|it) [is] (scares|scaring|fright*|terrif*) me
            i have never been [so|this] (scared|fright*|afraid)
            [but|so] (what|wot) (do|should|shall|can|must) (i|we) do [now|next|then|about it]
            (what now|what next|what to do|what s happening [to me]|what s going on)
            what (am i supposed to|can i) do [now]
            i [really|just] dont know what [else] (to do|i should do|i can do) [now|next|any more|anymore]
            tell me what (to do|i should do)
            (am i|will i) [going to] (die|dying|be ok|be okay|be alright|be all right|be fine|live|survive)
            """,
        greetings="""
            (hello|hullo|helo|hallo|hi|hiya|hey|yoo hoo)
            """,
        around="""
            (please|now|rn|right now|ok|okay|oh|oh no|omg|god|my god|really|just|and|but|so|very|sorry|quick|quickly)
            (hurry|urgent|urgently|it is urgent|fast|again|at all|still|wait|i am waiting|i am still here|i am here|too)
            (someone|somebody|i|doctor|nurse|doc|sir|careline|guys|mate|thanks|thank you|for gods sake|ffs|ah|argh)
            [i am] [all] (alone|on my own|by myself)
            """,
    ),
    "es": _Phrases(
        calls="""
            [hay] (alguien|alguno) [ahi|aqui|alli|alla] [que (me|nos) (ayude|escuche|lea|responda|conteste)]
            alguien [que] me (ayude|ayuda|escucha|oye|lee)
            alguien [que] [me] (puede|pueda) (ayudarme|ayudar|escucharme|responder|contestar|ayudar me)
            (estas|esta|estan|sigues|sigue|siguen) [usted|ustedes] [todavia|aun] (ahi|aqui|alli|conmigo|leyendo|\
                escuchando|escuchandome)
            (me|nos) (escuchas|escucha|escuchan|oyes|oye|oyen|lees|lee|leen)
            [me] (puedes|puede|pueden|podria|podrias|podrian) (ayudar|ayudarme|ayudarnos|contestar|responder)
            (ayuda|ayudame|ayudeme|ayudenme|ayudenos|socorro|auxilio|sos)
            [yo] (necesito|quiero|pido) [mucha|su|tu|un poco de] ayuda
            (contesta|conteste|contesten|contestame|contesteme|responde|responda|respondan|respondeme|respondame|\
                diga algo|di algo|haga algo|haz algo)
            por que no [me] (contesta|contestas|contestan|responde|respondes|responden|ayuda|ayudan|dice nada)
            por que nadie [me] (contesta|responde|ayuda|escucha)
            nadie [me] (contesta|responde|ayuda|escucha)
            no (me|nos) (dejes|deje|dejen) [solo|sola|solos|aqui]
            no (te vayas|se vaya|se vayan)
            [es que] [yo] tengo [mucho|tanto|muchisimo|un poco de|muy] miedo
            que miedo [tengo|me da]
            [esto] me da [mucho|tanto] miedo [esto]
            [estoy|estamos|me siento] [muy|tan|muerta de|bien] (asustada|asustado|asustados|aterrada|aterrado|\
                espantada|espantado|preocupada|preocupado|miedo)
            [y] [ahora] que (hago|hacemos|debo hacer|tengo que hacer|puedo hacer) [ahora|yo]
            y ahora que
            [ya] no se que (hacer|hago) [ahora|mas]
            (voy a|vamos a) (estar bien|salir de esta)
            (digame|dime|diganme) (que|lo que) (hago|hacer|debo hacer|tengo que hacer)
            """,
        greetings="""
            (hola|holaa|alo|oiga|oye|buenas)
            """,
        around="""
            (por favor|porfavor|porfa|porfis|ahora|ahora mismo|ya|rapido|pronto|urgente|es urgente|dios|dios mio)
            (ay|ay no|ay dios|y|pero|perdon|disculpe|doctor|doctora|senor|senora|gracias|de verdad|todavia|mucho|muy)
            [estoy|me siento] (sola|solo|aqui|sola aqui|solo aqui)
            """,
    ),
}


class _Calls:
    """The phrases of one language, compiled."""

    def __init__(self, phrases: _Phrases) -> None:
        everything = (phrases.calls, phrases.greetings, phrases.around)
        self.calls = any_of(phrases.calls)
        self.greetings = any_of(phrases.greetings)
        self.around = any_of(phrases.around)
        self._vocabulary = words_in(line for text in everything for line in text.splitlines())

    @cached_property
    def speller(self) -> Speller:
        """Corrects towards the words of the phrases."""
        return Speller(self._vocabulary, ordinary_words() - self._vocabulary)

    def are_all_of(self, words: list[str], *, is_asked: bool) -> bool:
        """Return whether the words are calls and what goes with them, and nothing else."""
        # Whether the words up to each place can be told as phrases, and whether a call is among these.
        told: list[set[bool]] = [set() for _ in range(len(words) + 1)]
        told[0].add(False)
        for first, begun in enumerate(told[:-1]):
            if not begun:
                continue
            for last in range(first + 1, min(first + _LONGEST_PHRASE, len(words)) + 1):
                row = "".join(f" {word}" for word in words[first:last])
                if self.calls.fullmatch(row) or (is_asked and self.greetings.fullmatch(row)):
                    told[last].add(True)
                elif self.around.fullmatch(row) or self.greetings.fullmatch(row):
                    told[last] |= begun
        return True in told[-1]


@cache
def _calls(language: str) -> _Calls:
    return _Calls(_PHRASES[language])


def is_call(text: str, language: str) -> bool:
    """Return whether a message only calls: for an answer, for help, in fear. Never raises.

    >>> is_call("are you there?? im scared", "en"), is_call("help with my cough medicine?", "en")
    (True, False)

    Args:
        text: A patient's words.
        language: Of the consultation; calls in English are known in all.
    """
    is_asked = re.search("[?\N{INVERTED QUESTION MARK}]", text) is not None
    plain = words_of(folded(text.replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")))
    if not 0 < len(plain) <= _MOST_WORDS:
        return False
    for known in dict.fromkeys(("en", language)):
        if known in _PHRASES:
            calls = _calls(known)
            words = [calls.speller.corrected(word.text) for word in plain if not word.is_mark]
            if calls.are_all_of(words, is_asked=is_asked):
                return True
    return False
