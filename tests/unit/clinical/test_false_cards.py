"""Words that sound like danger and are none raise no card; beside each, the danger that is told in nearly the same."""

from __future__ import annotations

import pytest

from careline.clinical.finding import Case
from careline.clinical.red_flags import emergency_flags, raised_red_flags
from careline.clinical.understanding.lexicon import Lexicon
from careline.clinical.understanding.message import read_message
from tests.support.real_knowledge import real_book

HARMLESS = """
He drank a whole slushy, so his tongue is bright blue, it's hilarious
My lips went purple from bilberries
The dentist numbed it this noon, my lip feels droopy
Our landlord is unresponsive about the damp
My wife never answers me when the cricket is on
That job is a car crash. I sleep badly
A train wreck of a day
I was bending over backwards for them
I ache like I was hit by a lorry, it's only the flu
I fell about, had a fit of giggles
She is fit and well
My knees are seizing up in the cold
The big toe nail came off after the marathon
Our baby's cord stump fell off, it is dry
Her baby tooth has gone grey
My bottom went numb on the hard benches
I have overdosed on ice cream
My hair is so dehydrated
My bowel movements are fewer than before
In the novel the doctor coughs blood
We watched a play about a violent marriage
A neighbour lost her husband to sepsis and I am fit and well
What do the sepsis signs on your poster look like
I start CPR training in June
My toddler kicks me when he is cross
The sun hurts me eyes
She has no breathing problems, only spots
A baby of three weeks with a watery eye
I get puffed on the third flight of stairs
My son can't breathe through his nose with this cold
My arm's come up in a bump where the gnat bit
I have asthma, the blue one helps at once
Am I still not allowed to donate blood
I sat on my foot and it prickled till I uncrossed my legs
Grandad was confused on the ward in April, he got better in May and does his own shopping
She had a febrile convulsion at 3, she's 12 now, may she swim?
"""
DANGER = """
his lips have gone blue, he never had a slushy
he had a slushy and now he can't breathe
tongue has gone blue and swollen
My mouth and lip went crooked an hour ago
her smile is droopy on one side, she was at the dentist
My husband is unresponsive
My wife doesn't answer me and is limp
he was in a car crash and his neck hurts
I was hit by a lorry
she is having a fit
he had a fit and giggles no more
she is fitting and well I don't know what to do
he is seizing
my toe came off in the mower
the baby fell off the bed and is sleepy
baby has gone grey and floppy
my bottom went numb and I can't pee
I have overdosed
the baby's movements are fewer than before
my son read a novel and coughs blood
I am in a violent marriage
I think my husband has sepsis
Could this be sepsis, he is shivering
my wound is septic and I am confused
we are doing CPR on him
my husband kicks me when he is drunk
he hurts me when he drinks
she has no breathing
I am 33 weeks and leaking fluid
breathless since my flight from Lima
My son can't breathe
the cord has come down
I took an overdose at 16 and I'm 19 now and I took tablets
she had a slushie, her lips are blue and she can't swallow
my bottom went numb on the bike, now I wet myself
asthma and her face is blue
I am not allowed to leave the house without asking him
she is unroused, I shook her
Grandad was confused on the ward in April, he got better and is confused again today
She had a febrile convulsion at 3, she's 4, it is her first
his lips are blue after a slush puppy and he can't swallow
a lolly turned his mouth purple and now he is limp
a gobstopper got jammed in her throat and her lips turned blue
had a slush, his lips are blue, he is drowsy
she gave him a gobstopper, he is going blue lips
she was numbed by dental injection, her face is drooping and her arm is weak
my bottom went numb on the bike yesterday and my legs are weak
I overdosed on cake and my mum's pills
Our landlord is unresponsive, I found him in the hall
my wife doesn't answer my texts, she said she would kill herself
dad won't answer me while the telly is on, he is slumped
the toy rabbit went floppy and so has my baby
baby has floppy ears and is blue
he had a fit of rage and stabbed me
trapped her finger in the car door and the tip is hanging
her baby teeth and lips are going grey
I panicked I had gone blind and still can't see
we are doing CPR practice, it's no help, he is dead
my husband hurts me back
my toe nail and toe came off in the mower
she vomited blood at 3, I'm 45 now
his face drooped at 6, he is 70 now
she took 20 paracetamol at 12, she's 15 now
he had a fit at 2 months, he's 3 now, having one
she had a fit aged 2, she is 14 and shaking all over
I took an overdose at 16, I'm 25 now and feel like doing it
he had a stroke aged 60, he is 72 now, arm gone weak
my face drooped in March, I was fine after, it drooped again today
I had crushing chest pain, it resolved last month and returned
I took an overdose in May be dying
I read a book about a stroke, my face has dropped
I am writing a story about my life, I want to die
we read a story with my son, he stopped breathing
in the book shop he collapsed, not breathing
the documentary yesterday about strokes, my face has dropped
she is septic
my leg is septic now
he has signs of sepsis
sepsis, please help
asthma and he is blue in the face
asthma and her fingers are blue
30 weeks and watery stuff down my leg
the cord has come and the baby isn't here
my foot has come through, my waters went
breathless, flight yesterday
my breasts are leaking and my waters are leaking at 30 weeks
he is dragging his foot and his grip went in that hand
"""


def lines(table: str) -> list[str]:
    return table.strip().splitlines()


@pytest.fixture(scope="module")
def book():
    return real_book()


@pytest.fixture(scope="module")
def lexicon(book):
    return Lexicon.of(book)


def cards(text, book, lexicon):
    case = Case().merged(read_message(text, lexicon).findings)
    return [raised.flag.id for raised in emergency_flags(raised_red_flags(case, book))]


@pytest.mark.parametrize("text", lines(HARMLESS))
def test_what_only_sounds_like_danger_raises_no_card(text, book, lexicon):
    assert cards(text, book, lexicon) == []


@pytest.mark.parametrize("text", lines(DANGER))
def test_danger_in_nearly_the_same_words_raises_one(text, book, lexicon):
    assert cards(text, book, lexicon)
