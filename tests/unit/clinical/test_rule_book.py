"""Loading clinical content: all of it or nothing, and an error that says which file, which key and what to do."""

from __future__ import annotations

import shutil

import pytest

from careline.clinical.acuity import Acuity
from careline.clinical.errors import ContentError
from careline.clinical.rulebook import load_rule_book, rule_files, signed_protocols_only
from tests.support.clinical_case import SMALL, copy_of_small_knowledge, question_named, small_book


def refused(tmp_path, file, old, new):
    """The problems of the small knowledge base with one place of one file changed."""
    knowledge = copy_of_small_knowledge(tmp_path, lambda text: text.replace(old, new, 1), file)
    with pytest.raises(ContentError) as error:
        load_rule_book(knowledge)
    return error.value.problems


def test_the_small_knowledge_base_loads_whole():
    book = small_book()
    assert set(book.protocols) == {"cough", "general"}
    assert set(book.red_flags) == {"rf_blue", "rf_blood", "rf_despair"}
    assert [rule.rule.id for rule in book.general_rules] == [
        "m_diabetes",
        "m_pregnant",
        "m_cough_in_pregnancy",
        "v_hot",
    ]
    assert set(book.dispositions) == set(Acuity)
    assert book.countries["GB"].numbers[0].tel == "999"
    assert set(book.reviews) == {
        "cough", "general", "rf_blue", "rf_blood", "rf_despair",
        "intake", "modifiers", "vitals", "dispositions", "numbers", "medicines", "languages", "young_people",
    }  # fmt: skip


def test_a_question_knows_what_it_settles():
    assert question_named("q_danger", small_book()).settles == {"breathless", "blue_lips"}
    assert question_named("q_phlegm", small_book()).settles == {"phlegm"}


def test_the_version_changes_with_any_byte_of_any_file(tmp_path):
    before = load_rule_book(copy_of_small_knowledge(tmp_path / "a")).version
    changed = copy_of_small_knowledge(tmp_path / "b", lambda text: text + "\n# a note\n", "vitals.yml")
    assert before == small_book().version
    assert load_rule_book(changed).version != before


def test_the_version_changes_with_a_files_name(tmp_path):
    knowledge = copy_of_small_knowledge(tmp_path)
    (knowledge / "lexicon" / "words.yml").rename(knowledge / "lexicon" / "other.yml")
    assert load_rule_book(knowledge).version != small_book().version


def test_all_files_of_the_rules_are_part_of_the_version():
    assert len(rule_files(SMALL)) == 9 + 5


FILES = [
    "sources.yml", "intake.yml", "modifiers.yml", "vitals.yml", "dispositions.yml", "emergency_numbers.yml",
    "medicines.yml", "languages.yml", "young_people.yml",
]  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_no_start(tmp_path, name):
    knowledge = copy_of_small_knowledge(tmp_path)
    (knowledge / name).unlink()
    with pytest.raises(ContentError) as error:
        load_rule_book(knowledge)
    assert error.value.problems == (
        f"{knowledge / name}: cannot be read (No such file or directory). Put the file back.",
    )


@pytest.mark.parametrize("name", ["findings", "lexicon", "protocols", "red_flags"])
def test_a_folder_without_rules_is_no_start(tmp_path, name):
    knowledge = copy_of_small_knowledge(tmp_path)
    shutil.rmtree(knowledge / name)
    with pytest.raises(ContentError, match=f"{name}: holds no .yml file. Careline does not start without it."):
        load_rule_book(knowledge)


def test_without_any_rules_there_is_no_start_and_every_lack_is_named(tmp_path):
    with pytest.raises(ContentError) as error:
        load_rule_book(tmp_path / "nowhere")
    assert len(error.value.problems) == len(FILES) + 4


def test_all_broken_files_are_named_at_once(tmp_path):
    knowledge = copy_of_small_knowledge(tmp_path)
    for name in ("vitals.yml", "intake.yml"):
        (knowledge / name).write_text("rules: [", encoding="utf-8")
    with pytest.raises(ContentError) as error:
        load_rule_book(knowledge)
    assert [problem.split(": ")[0] for problem in error.value.problems] == [
        str(knowledge / "intake.yml"),
        str(knowledge / "vitals.yml"),
    ]
    assert all("is not valid YAML" in problem for problem in error.value.problems)


# One file alone: what does not have its shape.
@pytest.mark.parametrize(
    ("file", "old", "new", "key", "remedy"),
    [
        ("protocols/cough.yml", "title: Cough", "titel: Cough", "titel", "Remove it or mend its spelling."),
        ("protocols/cough.yml", "title: Cough\n", "", "title", "Add it."),
        ("protocols/cough.yml", "baseline: self_care", "baseline: soon", "$.baseline", "Mend the value."),
        ("protocols/cough.yml", "id: q_danger", "id: Q-Danger", "$.questions[1].id", "Mend the value."),
        ("protocols/cough.yml", "min: 0", "min: zero", "$.questions[0].number.min", "Mend the value."),
        ("protocols/cough.yml", 'worrying: "no"', "worrying: no", "worrying", "Put yes, no, on and off in quotes."),
        ("protocols/cough.yml", "sources: [gk]", "sources: []", "$.sources", "Mend the value."),
        ("protocols/cough.yml", 'safety_net: ["Get help if it gets worse."]', "safety_net: []", "$.safety_net", "Mend"),
        ("red_flags/all.yml", "service: ambulance", "service: taxi", "service", "Mend the value."),
        ("modifiers.yml", "raise_by: 1", "raise_by: 2", "raise_by", "Mend the value."),
        ("emergency_numbers.yml", '"999"', '"nine"', "tel", "Mend the value."),
        ("intake.yml", "review_by: 2027-05-21", "review_by: soon", "$.review.review_by", "Mend the value."),
        ("lexicon/words.yml", 'phrases: ["(fever|temperature)"]', "phrases: []", "phrases", "Mend the value."),
    ],
)
def test_a_file_that_has_not_its_shape_is_refused_with_file_key_and_remedy(tmp_path, file, old, new, key, remedy):
    (problem,) = refused(tmp_path, file, old, new)
    assert problem.startswith(str(tmp_path / "knowledge" / file) + ": ")
    assert key in problem
    assert remedy in problem


def test_a_key_that_stands_twice_is_refused_with_its_line(tmp_path):
    (problem,) = refused(tmp_path, "vitals.yml", "language: en\n", "language: en\nlanguage: fr\n")
    assert "vitals.yml: is not valid YAML: the key 'language' stands twice" in problem
    assert "line 2" in problem
    assert "Mend that line." in problem


# Files against one another.
COUGH, FLAGS, INTAKE, GENERAL = "protocols/cough.yml", "red_flags/all.yml", "intake.yml", "protocols/general.yml"
LONG_LIST = "".join(f'\n      - {{value: more_{number}, title: "More", present: [tired]}}' for number in range(5))


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        # ids that lead nowhere
        (COUGH, "when: tired", "when: weary", "rule 'cough_tired'.when: 'weary' is not in the finding catalogue."),
        (COUGH, "finding: cough", "finding: kough", "'cough'.finding: 'kough' is not in the finding catalogue."),
        (COUGH, "[rf_blood]", "[rf_none]", "'cough'.red_flags: 'rf_none' is no red flag."),
        (COUGH, "sources: [gk]", "sources: [nhs]", "'cough'.sources: 'nhs' is not in sources.yml. Add title,"),
        (COUGH, "present: [breathless]", "present: [puffed]", "'q_danger'.options.breathless: 'puffed' is not"),
        ("lexicon/words.yml", "finding: fever", "finding: hot", "words.yml: entry of 'hot': 'hot' is not in"),
        ("medicines.yml", "[syrup], when", "[sirup], when", "rule 'syrup_young': 'sirup' is no medicine."),
        ("medicines.yml", "unless_known: [takes_medicines]", "unless_known: [taken]", "'taken' is not in the"),
        ("medicines.yml", "[remedy]", "['(remedy']", "medicines.yml: 'syrup': phrase"),
        ("medicines.yml", '["how much"]', "['(how much']", "medicines.yml: requests: phrase"),
        ("medicines.yml", "{id: honey,", "{id: syrup,", "the medicine 'syrup' stands already"),
        ("young_people.yml", "finding: age_years", "finding: years", "young_people.yml: when: 'years' is not in the"),
        ("young_people.yml", "sources: [gk]", "sources: [nhs]", "young_people.sources: 'nhs' is not in"),
        ("languages.yml", "sources: [gk]", "sources: [nhs]", "languages.yml: languages.sources: 'nhs' is not in"),
        ("modifiers.yml", "[cough]", "[rash]", "rule 'm_cough_in_pregnancy'.when: there is no protocol 'rash'."),
        (INTAKE, "[age_years, takes_medicines]", "[age]", "intake.yml: self_care_needs: 'age' is not in the finding"),
        (FLAGS, "when: coughing_blood", "when: bleeding", "'rf_blood'.when: 'bleeding' is not in the finding"),
        (FLAGS, "sources: [gk]", "sources: [nhs]", "'rf_blue'.sources: 'nhs' is not in sources.yml."),
        ("emergency_numbers.yml", "sources: [gk]", "sources: [nhs]", "emergency_numbers.yml: GB.sources: 'nhs' is not"),
        # a finding of another kind
        (COUGH, "when: tired", "when: age_years", "'age_years' is a quantity, here a sign is needed."),
        (COUGH, "finding: phlegm, is: [green]", "finding: fever, is: [green]", "'fever' is a sign, here a choice is"),
        (COUGH, "{finding: duration_days, above: 21}", "{finding: fever, above: 21}", "here a quantity is needed."),
        (COUGH, "is: [green]", "is: [blue]", "'blue' is no value of 'phlegm': clear, green."),
        (COUGH, "choice: green", "choice: blue", "'q_phlegm': 'blue' is no value of 'phlegm': clear, green."),
        (COUGH, "input: number\n    finding: duration_days", "input: number\n    finding: fever", "a quantity"),
        # conditions
        (COUGH, "when: tired", "when: {all: [tired], any: [fever]}", "rule 'cough_tired'.when: use exactly one of"),
        (COUGH, "when: tired", "when: {any: []}", "rule 'cough_tired'.when: a list of conditions is empty"),
        (COUGH, "ask_when: {finding: age_years, below: 2}", "ask_when: {finding: age_years}", "'q_baby'.ask_when: age"),
        (COUGH, "applies: {finding: age_years, at_least: 1}", "applies: puffed", "'cough'.applies: 'puffed' is not in"),
        (COUGH, "acuity: routine, reason", "acuity: routine, raise_by: 1, reason", "give either 'acuity' or"),
        (COUGH, "acuity: routine, reason", "reason", "rule 'cough_tired': give either 'acuity' or 'raise_by'."),
        # questions
        (COUGH, "    if_unknown: same_day\n", "", "question 'q_danger': a life-threat question needs 'if_unknown'"),
        (COUGH, "present: [blue_lips]}", "present: [blue_lips]}" + LONG_LIST, "a checklist has at most 6 options."),
        (COUGH, "value: blue", "value: breathless", "question 'q_danger': two options have the same value."),
        (COUGH, "value: blue", "value: none", "options.none: 'none' and 'unsure' are added; remove it."),
        (COUGH, "present: [blue_lips]", "present: [blue_lips, fever]", "checklist has exactly one 'present'."),
        (COUGH, "present: [blue_lips]", "present: [blue_lips], absent: [fever]", "has exactly one 'present'."),
        (COUGH, "absent: [coughing_blood]", "present: [tired], absent: [tired]", "tired is both present and absent."),
        (COUGH, "    number: {units: [days, weeks], min: 0, max: 700}\n", "", "'number' goes with input number"),
        (COUGH, '    finding: pain_not_from_movement\n', "", "question 'q_moving': input 'yes_no' needs 'finding'."),
        (COUGH, "    finding: phlegm\n", "", "'q_phlegm': options with 'choice' need the question's 'finding'."),
        (
            GENERAL,
            "    finding: tired\n",
            '    finding: tired\n    options: [{value: a_bit, title: "A bit"}]\n',
            "question 'q_tired': input 'yes_no' has no 'options'; they are made.",
        ),
        (GENERAL, "    finding: tired\n", "    input: multi\n", "question 'q_tired': input 'multi' needs 'options'."),
        (
            GENERAL,
            "    finding: tired\n",
            '    input: single\n    options: [{value: a_bit, title: "A bit"}]\n',
            "question 'q_tired': no option settles anything. Give 'present', 'absent' or 'choice'.",
        ),
        # protocols, flags, levels
        (COUGH, 'self_care: ["Rest and drink plenty."]\n', "", "a baseline of self_care needs 'self_care' measures."),
        (COUGH, "id: cough\n", "id: kough\n", "'kough': the file must be named kough.yml."),
        (FLAGS, "    when: coughing_blood\n", "", "'rf_blood': nothing raises it. Give 'expressions', 'when' or both."),
        (FLAGS, "    level: passive\n", "", "'rf_despair': 'level' goes with kind crisis, and is needed there."),
        (FLAGS, "max_minutes: 0", "level: active\n    max_minutes: 0", "'rf_blue': 'level' goes with kind crisis"),
        ("dispositions.yml", "acuity: routine", "acuity: gp_soon", "routine stands 0 times. Give each level once."),
        ("dispositions.yml", "acuity: routine", "acuity: gp_soon", "gp_soon stands 2 times. Give each level once."),
        # the catalogue
        ("findings/signs.yml", ", unit: years", "", "'age_years': a quantity needs a 'unit', and nothing else"),
        ("findings/signs.yml", "title: tired", "title: tired, unit: days", "'tired': a quantity needs a 'unit', and"),
        ("findings/signs.yml", ", values: [clear, green]", "", "'phlegm': a choice needs 'values', and nothing else"),
        # ids that stand twice
        ("findings/signs.yml", "id: tired", "id: fever", "the finding or red flag 'fever' stands already in"),
        (FLAGS, "id: rf_blue", "id: fever", "the finding or red flag 'fever' stands already in"),
        (COUGH, "id: cough_tired", "id: cough_long", "the rule 'cough_long' stands already in"),
        ("vitals.yml", "id: v_hot", "id: m_diabetes", "vitals.yml: the rule 'm_diabetes' stands already in"),
        (GENERAL, "id: q_tired", "id: q_danger", "the question 'q_danger' stands already in"),
        (GENERAL, "id: general\n", "id: cough\n", "the protocol 'cough' stands already in"),
        (INTAKE, "id: q_age", "id: q_danger", "intake.yml: the question 'q_danger' stands already in"),
    ],
)  # fmt: skip
def test_files_that_do_not_fit_together_are_refused_with_file_key_and_remedy(tmp_path, file, old, new, told):
    problems = refused(tmp_path, file, old, new)
    assert [problem for problem in problems if told in problem], problems
    assert all(problem.split(":")[0].endswith(".yml") for problem in problems)


def test_only_one_flag_is_the_one_for_danger_of_any_kind(tmp_path):
    knowledge = copy_of_small_knowledge(
        tmp_path, lambda text: text.replace("    max_minutes:", "    asks_for_unknown: true\n    max_minutes:"), FLAGS
    )
    with pytest.raises(ContentError) as error:
        load_rule_book(knowledge)
    assert [problem for problem in error.value.problems if "Only one question can be it: keep one." in problem]


def test_a_flag_may_be_part_of_a_rule(tmp_path):
    change = copy_of_small_knowledge(tmp_path, lambda text: text.replace("when: tired", "when: rf_blue"), COUGH)
    assert [r.rule.when for r in load_rule_book(change).protocols["cough"].rules][-1] == "rf_blue"


def test_several_problems_are_told_in_one_error(tmp_path):
    problems = refused(tmp_path, "findings/signs.yml", "  - {id: tired, title: tired}\n", "")
    assert len(problems) > 2
    assert str(ContentError(*problems)) == "\n".join(problems)


def test_the_general_protocol_is_needed(tmp_path):
    """It is what every complaint without a protocol of its own falls back to."""
    knowledge = copy_of_small_knowledge(tmp_path)
    (knowledge / GENERAL).unlink()
    with pytest.raises(ContentError, match=r"protocols/general\.yml: is missing\. Add it"):
        load_rule_book(knowledge)


def test_signed_content_only_leaves_out_unsigned_protocols_and_nothing_else(tmp_path):
    signed = "review: {reviewer: Dr A, reviewed_on: 2026-10-01, "
    knowledge = copy_of_small_knowledge(tmp_path, lambda text: text.replace("review: {", signed, 1), COUGH)
    book = load_rule_book(knowledge)
    served = signed_protocols_only(book)
    assert set(served.protocols) == {"cough"}
    assert (served.red_flags, served.general_rules) == (book.red_flags, book.general_rules)
