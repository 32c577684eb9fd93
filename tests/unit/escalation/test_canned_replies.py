"""Ready-made replies: what the file must be, and what a clinician is offered."""

from pathlib import Path

import pytest

from careline.clinical.errors import ContentError
from careline.escalation.canned_replies import load_canned_replies

REVIEW = "review: {review_by: 2027-05-21, effective_from: 2026-11-21}\n"
SIGNED = "review: {reviewer: Somebody, reviewed_on: 2026-11-21, review_by: 2027-05-21, effective_from: 2026-11-21}\n"
HELLO = "  - {id: hello, title: Hello, text: Hello there., language: en}\n"


@pytest.fixture
def load(tmp_path):
    def write_and_load(text, **options):
        (tmp_path / "canned_replies.yml").write_text(text)
        return load_canned_replies(tmp_path / "canned_replies.yml", **options)

    return write_and_load


def test_the_repositorys_own_are_good_and_say_who_has_checked_them():
    replies = load_canned_replies(Path("knowledge/canned_replies.yml"))
    assert len(replies) >= 8
    assert load_canned_replies(Path("knowledge/canned_replies.yml"), signed_only=True) == ()


def test_none_of_them_names_a_number_or_a_dose():
    for reply in load_canned_replies(Path("knowledge/canned_replies.yml")):
        assert not any(sign.isdigit() for sign in reply.text), reply.id


def test_what_is_not_signed_is_left_out_where_only_signed_content_is_served(load):
    assert [reply.id for reply in load(SIGNED + "replies:\n" + HELLO, signed_only=True)] == ["hello"]
    assert load(REVIEW + "replies:\n" + HELLO, signed_only=True) == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (REVIEW + "replies:\n" + HELLO + HELLO, "'hello' stands 2 times. Give each reply its own."),
        (REVIEW + "replies:\n" + HELLO.replace("id: hello", "id: Hello!"), "'Hello!' is no id"),
        (REVIEW + "replies:\n" + HELLO.replace("language: en", "language: English please"), "Use a code such as 'en'"),
        (REVIEW + "replies:\n" + HELLO.replace("title: Hello, ", ""), "title"),
        (REVIEW + "replies:\n" + HELLO.replace("}", ", dose: much}"), "Remove it or mend its spelling"),
        (REVIEW + "replies:\n" + HELLO.replace("Hello there.", "a" * 1001), "longer than 1000 characters"),
        ("replies:\n" + HELLO, "review"),
    ],
)
def test_a_fault_is_named_with_its_remedy(load, text, problem):
    with pytest.raises(ContentError) as raised:
        load(text)
    assert problem in str(raised.value)
    assert "canned_replies.yml" in str(raised.value)


def test_a_missing_file_stops_the_start(tmp_path):
    with pytest.raises(ContentError, match="Put the file back"):
        load_canned_replies(tmp_path / "canned_replies.yml")
