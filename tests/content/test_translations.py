"""Every language besides English has every sentence, and the content that its consultations need."""

from pathlib import Path

import msgspec
import pytest
from fluent.syntax import FluentParser
from fluent.syntax.ast import Message, VariableReference
from fluent.syntax.visitor import Visitor

from careline.clinical.rulebook import read_content_files
from careline.clinical.translation import said, translated_sentences
from careline.consultation.wording import Wording
from careline.guidance.reading_grade import reading_grade
from tests.support.house import rule_book

pytestmark = pytest.mark.slow  # reads all content

KNOWLEDGE = Path("knowledge")
WORDING = KNOWLEDGE / "wording"
MAX_GRADE = 7  # Flesch-Kincaid, of each meaning by itself
ONLY_IN_ENGLISH = "unreadable-"  # these are sentences of other languages
COMMONEST = {
    "chest_pain", "breathlessness", "headache", "fever_adult", "fever_child", "abdo_pain_adult", "vomiting",
    "diarrhoea", "cough", "cold_flu", "sore_throat", "urinary", "rash", "back_pain", "fever_infant",
    "abdo_pain_child", "general",
}  # fmt: skip
NEEDED_WHOLE = {"intake.yml", "dispositions.yml", "emergency_numbers.yml", "modifiers.yml", "vitals.yml"}


class _Variables(Visitor):
    def __init__(self):
        self.names = set()

    def visit_VariableReference(self, node: VariableReference):
        self.names.add(node.id.name)


def sentences(language):
    found = {}
    for path in sorted((WORDING / language).glob("*.ftl")):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            if isinstance(entry, Message):
                variables = _Variables()
                variables.visit(entry)
                found[entry.id.name] = (path.name, variables.names)
    return found


def others():
    return [folder.name for folder in sorted(WORDING.iterdir()) if folder.is_dir() and folder.name != "en"]


def test_every_language_says_every_sentence_with_the_same_values_in_a_file_of_the_same_name():
    english = {key: said for key, said in sentences("en").items() if not key.startswith(ONLY_IN_ENGLISH)}
    assert others() == ["es"]
    offenders = []
    for language in others():
        theirs = sentences(language)
        offenders += [f"{language}: {key} is missing" for key in english.keys() - theirs.keys()]
        offenders += [f"{language}: {key} is no sentence of en" for key in theirs.keys() - english.keys()]
        offenders += [
            f"{language}: {key}: {theirs[key]}, not {english[key]}"
            for key in english.keys() & theirs.keys()
            if theirs[key] != english[key]
        ]
    assert offenders == []


def test_nothing_of_the_translated_content_is_stale():
    files = read_content_files(KNOWLEDGE)
    assert [
        (language, each.file, each.key)
        for language in files.translations
        for each in translated_sentences(files, language)
        if each.state == "stale"
    ] == []


def test_what_every_consultation_needs_is_translated_whole():
    """Red flags, intake, dispositions, numbers, general rules, and the commonest complaints."""
    files = read_content_files(KNOWLEDGE)
    needed = NEEDED_WHOLE | {f"protocols/{name}.yml" for name in COMMONEST}
    assert files.languages.by_buttons == ("es",)
    assert [
        (language, each.file, each.key)
        for language in files.languages.by_buttons
        for each in translated_sentences(files, language)
        if each.state != "current" and (each.file in needed or each.file.startswith("red_flags/"))
    ] == []


def test_no_translation_is_the_english_sentence_itself_but_for_names():
    files = read_content_files(KNOWLEDGE)
    same = {each.text for each in translated_sentences(files, "es") if each.translation == each.text}
    english = {"the", "you", "your", "and", "with", "call", "is", "of", "a", "not"}
    assert [text for text in same if english & set(text.lower().split())] == []


def test_what_can_be_answered_is_told_apart():
    """No two options of a question, and no two complaints, are called the same in a language."""
    files = read_content_files(KNOWLEDGE)
    twice = []
    for language in files.languages.by_buttons:
        seen = {}
        for each in translated_sentences(files, language):
            group = (each.file, each.key.split(".")[0]) if each.key.count(".") == 2 else each.file.split("/")[0]
            if each.key.endswith("title") and each.file.startswith(("protocols/", "intake")) and each.translation:
                if each.translation in seen.setdefault(group, set()):
                    twice.append((language, each.file, each.key))
                seen[group].add(each.translation)
    assert twice == []


def test_the_rules_of_a_translated_book_are_the_same():
    """Every condition, level, service and floor: only the sentences differ."""
    book = rule_book()
    spanish = book.in_languages["es"]

    def ours(part):
        return said(part, lambda _key, _text: "x")

    def without_words(protocol):
        questions = tuple(
            msgspec.structs.replace(
                question, options=tuple(msgspec.structs.replace(option, says=()) for option in question.options)
            )
            for question in protocol.questions
        )
        return ours(msgspec.structs.replace(protocol, questions=questions))

    assert set(spanish.protocols) == COMMONEST
    for name, item in spanish.protocols.items():
        assert without_words(item.protocol) == without_words(book.protocols[name].protocol)
    assert [ours(item.flag) for item in spanish.red_flags.values()] == [ours(i.flag) for i in book.red_flags.values()]
    assert [ours(item.rule) for item in spanish.general_rules] == [ours(item.rule) for item in book.general_rules]
    assert [ours(item) for item in spanish.dispositions.values()] == [ours(i) for i in book.dispositions.values()]
    assert [ours(item) for item in spanish.countries.values()] == [ours(item) for item in book.countries.values()]
    assert spanish.version == book.version


def test_every_language_explains_the_same_words_each_once_and_plainly():
    explained = Wording(WORDING).explained
    for language, resources in ((name, sentences(name)) for name in ["en", *others()]):
        wanted = {key for key in resources if key.startswith("glossary-")}
        assert len(set(explained[language].values())) == len(wanted), language
        words = [
            word.strip()
            for path in [WORDING / language / "glossary.ftl"]
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.startswith("    .words = ")
            for word in line.removeprefix("    .words = ").split(",")
        ]
        assert sorted(words) == sorted(set(words)), language
    known = frozenset(explained["en"])
    grades = {word: reading_grade(text, known_words=known) for word, text in explained["en"].items()}
    hard = {word: grade for word, grade in grades.items() if grade > MAX_GRADE}
    assert hard == {}
