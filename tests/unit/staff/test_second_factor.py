"""Codes of an app, and recovery codes."""

import datetime as dt
from xml.etree import ElementTree

import pyotp
import pytest

from careline.staff.second_factor import (
    enrolment_address,
    letters_of,
    new_recovery_codes,
    new_secret,
    picture_of,
    recovery_hash,
    step_of_code,
)

NOW = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.mark.parametrize(
    ("seconds", "is_right"), [(-61, False), (-30, True), (-1, True), (0, True), (30, True), (61, False)]
)
def test_a_code_counts_half_a_minute_either_way(seconds, is_right):
    code = pyotp.TOTP(SECRET).at(NOW + dt.timedelta(seconds=seconds))
    assert (step_of_code(SECRET, code, NOW) is not None) == is_right


@pytest.mark.parametrize("code", ["", "000000", "abcdef", "12345", "\u0661\u0662\u0663\u0664\u0665\u0666"])
def test_anything_else_is_no_code(code):
    assert step_of_code(SECRET, code, NOW) is None


def test_a_code_may_be_typed_with_a_space():
    code = pyotp.TOTP(SECRET).at(NOW)
    assert step_of_code(SECRET, f" {code[:3]} {code[3:]}", NOW) == int(NOW.timestamp()) // 30


def test_secrets_have_160_bits():
    assert len(new_secret()) == 32
    assert new_secret() != new_secret()


def test_the_address_names_service_and_person():
    assert enrolment_address(SECRET, user_name="example", operator="Test Clinic") == (
        f"otpauth://totp/Careline%20Test%20Clinic:example?secret={SECRET}&issuer=Careline%20Test%20Clinic"
    )


def test_the_picture_can_stand_in_a_page_with_a_strict_policy():
    picture = ElementTree.fromstring(picture_of(enrolment_address(SECRET, user_name="example", operator=None)))
    parts = [picture, *picture.iter()]
    assert {part.tag.rpartition("}")[2] for part in parts} == {"svg", "path", "g"} & {
        part.tag.rpartition("}")[2] for part in parts
    }
    assert not [name for part in parts for name in part.attrib if name == "style" or "href" in name or name[:2] == "on"]


def test_the_picture_for_a_terminal_is_square():
    lines = letters_of(enrolment_address(SECRET, user_name="example", operator=None)).splitlines()
    assert {len(line) for line in lines} == {len(lines[0])}
    assert len(lines) == (len(lines[0]) + 1) // 2


def test_recovery_codes_have_80_bits_each_and_are_ten():
    codes = new_recovery_codes()
    assert len({recovery_hash(code) for code in codes}) == 10
    assert all(len(code.replace("-", "")) == 16 for code in codes)


def test_a_recovery_code_may_be_typed_in_capitals_and_without_hyphens():
    code = new_recovery_codes()[0]
    assert recovery_hash(code.upper().replace("-", " ")) == recovery_hash(code)
