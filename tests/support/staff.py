"""People who work with Careline, and what they need to sign in."""

from __future__ import annotations

from dataclasses import dataclass

import pyotp

from careline.staff.account import Account
from careline.staff.accounts import Details
from careline.staff.services import Staff
from careline.staff.sessions import Visitor
from tests.support.house import Clock

PASSWORD = "four blue kettles sing"
HOME = Visitor("192.0.2.10", "Firefox")
ELSEWHERE = Visitor("198.51.100.7", "curl")


@dataclass
class Person:
    """Somebody with an account, a password and an app that shows codes."""

    account: Account
    secret: str
    clock: Clock
    password: str = PASSWORD

    @property
    def user_name(self) -> str:
        return self.account.user_name

    @property
    def code(self) -> str:
        """The code that the app shows now."""
        return pyotp.TOTP(self.secret).at(self.clock())

    def next_code(self) -> str:
        """A code that was not used yet: half a minute later."""
        self.clock.pass_by(seconds=30)
        return self.code


def person(staff: Staff, clock: Clock, *roles: str, user_name: str = "example", name: str = "Dr Example") -> Person:
    """Give somebody an account that is all set up."""
    details = Details(name, "GP on duty", roles or ("clinician",))
    account, _ = staff.accounts.add("terminal", user_name, details, password=PASSWORD)
    secret = staff.accounts.give_second_factor("terminal", account.id)
    return Person(staff.accounts.by_id(account.id), secret, clock)


def signed_in(staff: Staff, who: Person, visitor: Visitor = HOME) -> str:
    """Sign somebody in; return the session's token."""
    passed = staff.sign_in.with_password(who.user_name, who.password, visitor)
    return staff.sign_in.with_code(passed.token, who.next_code(), visitor).token
