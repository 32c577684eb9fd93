"""Passwords: long, not one's own name, hashed at today's costs."""

import argon2
import pytest

from careline.staff.errors import AccountError
from careline.staff.passwords import Passwords, checked_password, temporary_password


@pytest.fixture
def passwords():
    return Passwords(memory_kib=64, passes=1)


@pytest.mark.parametrize(
    "password",
    ["four blue kettles sing", "aaaabbbbcccc1", "correct horse", "ทดสอบรหัสผ่านยาวๆ", "!!!!????$$$$&&&&abcdef"],
)
def test_any_long_password_will_do_whatever_it_is_made_of(password):
    assert checked_password(password, user_name="example", name="Dr Example") == password


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short",
        "elevenchars",
        "example-example",
        "Dr. Example 123",
        "EXAMPLEexample1",
        "aaaaaaaaaaaaaaaa",
        "x" * 201,
    ],
)
def test_a_password_that_is_short_or_ones_own_name_is_refused_with_the_reason(password):
    with pytest.raises(AccountError, match=r"^Use ") as refused:
        checked_password(password, user_name="example", name="Dr Example")
    assert refused.value.field == "password"


def test_only_the_same_password_matches(passwords):
    hashed = passwords.hash("four blue kettles sing")
    assert passwords.matches(hashed, "four blue kettles sing")
    assert not passwords.matches(hashed, "four blue kettles sang")
    assert not passwords.matches(hashed, "")


def test_the_same_password_typed_on_another_keyboard_matches(passwords):
    """Composed and decomposed letters look alike."""
    assert passwords.matches(passwords.hash("caf\u00e9 caf\u00e9 caf\u00e9"), "cafe\u0301 cafe\u0301 cafe\u0301")


def test_nobodys_password_never_matches_and_is_looked_at_all_the_same(passwords):
    assert not passwords.matches(None, "four blue kettles sing")
    assert not passwords.is_outdated(passwords._nobodys)


def test_new_hashes_are_argon2id_at_the_costs_of_the_design():
    found = argon2.extract_parameters(Passwords().hash("four blue kettles sing"))
    assert (found.type, found.memory_cost, found.time_cost, found.parallelism) == (
        argon2.Type.ID,
        19 * 1024,
        2,
        1,
    )


def test_a_hash_of_other_costs_is_outdated(passwords):
    assert Passwords(memory_kib=128, passes=1).is_outdated(passwords.hash("four blue kettles sing"))
    assert not passwords.is_outdated(passwords.hash("four blue kettles sing"))


def test_a_temporary_password_may_be_used_and_is_another_each_time():
    made = {temporary_password() for _ in range(50)}
    assert len(made) == 50
    assert all(checked_password(each, user_name="example", name="Dr Example") for each in made)
