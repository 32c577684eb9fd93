"""Words of an emergency in messages of people who are in none, and the same words where they mean it."""

import pytest

from careline.clinical.finding import Case
from careline.clinical.red_flags import emergency_flags, raised_red_flags
from careline.clinical.understanding.message import read_message
from tests.support.house import lexicon, rule_book


def cards(text: str) -> set[str]:
    case = Case().merged(read_message(text, lexicon()).findings)
    return {item.flag.id for item in emergency_flags(raised_red_flags(case, rule_book()))}


@pytest.mark.parametrize(
    "text",
    [
        "if he draws on the wall again I'm going to shake him, he just wont listen",
        "trod on a bottle, there is a bit of glass in my foot, it hardly bleeds",
        "a bramble left a red line up my arm, I feel fine",
        "sore tooth and a stiff neck from sleeping badly",
        "a front tooth was knocked out at football, I have it in milk",
        "knocked out a tooth on the kerb",
        "acid reflux, burning after meals",
        "kitchen cleaner splashed on my hand, I rinsed it",
        "for 6 weeks I have felt faint when I skip breakfast",
        "pregnant and my gums bleed a little when I brush",
        "my asthma inhaler has no cap and the chemist is no help",
        "my baby wont take a bottle from his dad, only from me",
        "the boy had his usual seizure, it is over and he is back to normal",
        "my uncle was stabbed twenty years back",
        "she coughed up blood in the eighties, TB, long cured",
        "his lips are blue from a slush",
        "my bum goes numb from sitting on the bike saddle",
        "I'd have a fit if they cancelled the match",
        "is there a poster about domestic abuse for the waiting room",
        "im fitting a new kitchen and cut my finger",
        "he is fitting carpets and his back hurts",
        "am I going to top myself up with insulin before tea",
        "my husband fitting a new kitchen and his back hurts",
        "is fitting my new boiler today and his wrist hurts",
        "I am fitting the kitchen this week, my back hurts",
        "he was just fitting a shelf when his back went",
    ],
)
def test_who_is_in_no_danger_gets_no_card(text):
    assert not cards(text)


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("I keep shaking him and he wont wake", "rf_unresponsive"),
        ("slapped her face and nothing, she just lies there", "rf_unresponsive"),
        ("a nail went through his foot", "rf_penetrating_injury"),
        ("glass in her neck", "rf_penetrating_injury"),
        ("a knife is in my leg", "rf_penetrating_injury"),
        ("red line up my arm and I'm shivering", "rf_sepsis_adult"),
        ("tooth abscess, my neck is swollen", "rf_dental_airway"),
        ("bad tooth and the swelling under my jaw makes it hard to breathe", "rf_dental_airway"),
        ("a tooth got knocked out and he is unconscious", "rf_unresponsive"),
        ("the boxer was knocked out in the second round and is confused", "rf_head_injury_serious"),
        ("battery acid is burning my hands", "rf_chemical_exposure"),
        ("bleach splashed on my arm", "rf_chemical_exposure"),
        ("cleaner squirted in my eye", "rf_chemical_exposure"),
        ("pregnant and bleeding heavily", "rf_pregnancy_heavy_bleed"),
        ("I'm pregnant and bleeding", "rf_pregnancy_heavy_bleed"),
        ("i am 6 weeks and feel faint", "rf_ectopic"),
        ("I'm about 9 weeks and have one sided pain", "rf_ectopic"),
        ("the inhaler is not helping", "rf_asthma_severe"),
        ("puffer gives no relief", "rf_asthma_severe"),
        ("my son is having a seizure", "rf_seizure_active"),
        ("usual seizure but this one wont stop", "rf_seizure_active"),
        ("im fitting i thnk", "rf_seizure_active"),
        ("i keep fitting", "rf_seizure_active"),
        ("shes fitting on the kitchen floor", "rf_seizure_active"),
        ("hes fitting in bathroom pls help", "rf_seizure_active"),
        ("shes fitting the bathroom door is locked and I cant get in", "rf_seizure_active"),
        ("hes fitting, the lights are on", "rf_seizure_active"),
        ("she is fitting, new carpet is wet", "rf_seizure_active"),
        ("he is fitting, his clothes are wet", "rf_seizure_active"),
        ("hes fitting kitchen floor come quick", "rf_seizure_active"),
        ("my partner fitting help", "rf_seizure_active"),
        ("hes fitting a shelf fell on his head", "rf_seizure_active"),
        ("shes fitting a door hit her head", "rf_seizure_active"),
        ("hes fitting shelves fell on him", "rf_seizure_active"),
        ("grandad fitting", "rf_seizure_active"),
        ("im goin to top myself", "rf_suicide_imminent"),
        ("I'm gonna do myself in", "rf_suicide_imminent"),
        ("im gonna top myself up on the bridge", "rf_suicide_imminent"),
        ("Fitting again!", "rf_seizure_active"),
        ("my chst hurts relly bad n goin down my arm", "rf_heart_attack"),
        ("his lips are blue", "rf_cyanosis"),
        ("numb bum and I cant control my bladder", "rf_cauda_equina"),
    ],
)
def test_who_is_in_danger_still_gets_theirs(text, flag):
    assert flag in cards(text)
