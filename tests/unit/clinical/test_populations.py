"""Whom a question about a red flag can be asked: one of those whom alone the flag can be about."""

import pytest

from careline.clinical.conditions import Truth
from careline.clinical.finding import Case, Finding, Presence
from careline.clinical.populations import Known, is_hinted_at, may_be_asked, recognised_of
from careline.clinical.recognition.recogniser import Band, Recogniser, Recognition
from tests.support.real_knowledge import real_book, real_lexicon

BOOK = real_book()
FIRST = tuple(question.question.id for question in BOOK.intake.questions)
AFTER_BIRTH, OF_BABIES, OF_MEN, OF_ANYBODY = (
    "rf_postpartum_infection_clot", "rf_infant_poor_feeding", "rf_testicular_torsion", "rf_meningitis",
)  # fmt: skip


def case_of(*absent: str, **values: float | str) -> Case:
    present = [Finding(name, value=None if value is True else value) for name, value in values.items()]
    return Case().merged([*present, *(Finding(name, Presence.ABSENT) for name in absent)])


@pytest.mark.parametrize(
    ("flag", "case", "may"),
    [
        (AFTER_BIRTH, case_of(), Truth.UNKNOWN),
        (AFTER_BIRTH, case_of(sex="female"), Truth.UNKNOWN),
        (AFTER_BIRTH, case_of(sex="male"), Truth.NO),
        (AFTER_BIRTH, case_of(age_years=70.0), Truth.NO),
        (AFTER_BIRTH, case_of(age_years=4.0), Truth.NO),
        (AFTER_BIRTH, case_of(sex="female", age_years=30.0, recently_gave_birth=True), Truth.YES),
        (OF_BABIES, case_of(), Truth.UNKNOWN),
        (OF_BABIES, case_of(age_years=0.5), Truth.YES),
        (OF_BABIES, case_of(age_years=30.0), Truth.NO),
        (OF_MEN, case_of(sex="other"), Truth.YES),
        (OF_MEN, case_of(sex="female"), Truth.NO),
        (OF_ANYBODY, case_of(), Truth.YES),
        (OF_ANYBODY, case_of(sex="male", age_years=80.0), Truth.YES),
    ],
)
def test_a_flag_of_some_people_is_asked_of_them_and_waits_until_it_is_known(flag, case, may):
    assert may_be_asked(flag, Known(case, ()), BOOK) is may


def test_what_the_first_questions_leave_open_is_asked():
    unknown = case_of(sex="female", age_years=30.0)
    assert may_be_asked(AFTER_BIRTH, Known(unknown, ()), BOOK) is Truth.YES  # none of them asks about a birth
    assert may_be_asked(AFTER_BIRTH, Known(case_of(), FIRST), BOOK) is Truth.YES  # asked, and not answered
    assert may_be_asked(OF_BABIES, Known(case_of(), FIRST), BOOK) is Truth.YES


def test_a_flag_is_never_ruled_out_by_what_is_not_known():
    nothing = Known(Case(), FIRST)
    assert [flag for flag in sorted(BOOK.red_flags) if may_be_asked(flag, nothing, BOOK) is not Truth.YES] == []


@pytest.mark.parametrize(
    ("flag", "words"),
    [
        (AFTER_BIRTH, "im burning up and it smells, the baby is ten days old"),
        (AFTER_BIRTH, "my section wound is hot"),
        (OF_BABIES, "wont take his bottle"),
        (OF_BABIES, "she has hardly fed today"),
        (OF_BABIES, "3 month old not feeding"),
        (OF_MEN, "one of my balls is in agony"),
    ],
)
def test_words_that_hint_at_them_let_it_be_asked(flag, words):
    assert is_hinted_at(flag, words, BOOK, real_lexicon())


@pytest.mark.parametrize("flag", [AFTER_BIRTH, OF_BABIES, OF_MEN, "rf_preeclampsia", "rf_birth_imminent", "rf_ectopic"])
@pytest.mark.parametrize(
    "words",
    [
        "my throats relly sore sinse yesturday and i feel rubish",
        "i have had a cough for three nights and feel worn out",
        "my knee is swollen after football",
        "headache and a runny nose",
    ],
)
def test_words_that_say_nothing_of_them_hint_at_nobody(flag, words):
    assert not is_hinted_at(flag, words, BOOK, real_lexicon())


class Unsure(Recogniser):
    """Reads danger in every message, and no flag in particular, or one."""

    def __init__(self, *, is_diffuse: bool, band: Band = Band.QUESTION) -> None:
        self.found = Recognition(1.0, band, (OF_ANYBODY,), ((0, 4),), is_diffuse)

    def recognise(self, text: str, among: object, *, anew: bool = False) -> Recognition:
        return self.found


@pytest.mark.parametrize(
    ("recogniser", "asked"),
    [
        (Unsure(is_diffuse=True), ("rf_emergency_stated",)),
        (Unsure(is_diffuse=False), (OF_ANYBODY,)),
        (Unsure(is_diffuse=True, band=Band.CARD), (OF_ANYBODY,)),
    ],
)
def test_words_like_no_flag_in_particular_get_the_question_for_any_danger(recogniser, asked):
    found, waiting = recognised_of(
        "all is odd since noon", Known(Case()), recogniser, BOOK, real_lexicon(), among=BOOK.red_flags
    )
    assert (found.flags, waiting) == (asked, ())
    assert found.band is recogniser.found.band


def test_a_mere_call_for_help_gets_the_question_for_any_danger():
    unsure = Unsure(is_diffuse=False)
    found, _ = recognised_of("please help me", Known(Case()), unsure, BOOK, real_lexicon(), among=BOOK.red_flags)
    assert found.flags == ("rf_emergency_stated",)


class Sure(Recogniser):
    """Is sure of danger, and names these flags."""

    def __init__(self, *flags: str) -> None:
        self.found = Recognition(9.0, Band.CARD, flags)

    def recognise(self, text: str, among: object, *, anew: bool = False) -> Recognition:
        return self.found


@pytest.mark.parametrize(
    ("named", "case", "shown"),
    [
        ((AFTER_BIRTH, OF_ANYBODY), case_of(sex="male"), (OF_ANYBODY,)),
        ((AFTER_BIRTH, OF_ANYBODY), case_of(), (AFTER_BIRTH, OF_ANYBODY)),
        ((AFTER_BIRTH,), case_of(sex="male"), (AFTER_BIRTH,)),
    ],
)
def test_a_card_names_what_can_be_about_the_patient_and_stands_where_nothing_can(named, case, shown):
    found, waiting = recognised_of("all is odd", Known(case), Sure(*named), BOOK, real_lexicon(), among=BOOK.red_flags)
    assert (found.band, found.flags, waiting) == (Band.CARD, shown, ())
