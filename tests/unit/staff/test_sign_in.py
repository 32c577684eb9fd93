"""Signing in: password, code, what is missing; guesses are few; nothing tells who has an account."""

import datetime as dt

import pytest
from sqlalchemy import select, text

from careline.staff.accounts import Details
from careline.staff.audit import read_lines
from careline.staff.errors import (
    AccountError,
    SessionEndedError,
    SignInRefusedError,
    TooManyGuessesError,
    WrongStepError,
)
from careline.staff.passwords import Passwords
from careline.staff.services import build_staff
from careline.staff.sessions import Step, Visitor
from careline.staff.tables import AccountRow, GuessRow, SessionRow
from tests.support.staff import ELSEWHERE, HOME, PASSWORD, person, signed_in

pytestmark = pytest.mark.slow  # takes long


@pytest.fixture
def doctor(staff, clock):
    return person(staff, clock)


def guess(staff, user_name="example", visitor=ELSEWHERE):
    with pytest.raises(SignInRefusedError):
        staff.sign_in.with_password(user_name, "not the password", visitor)


class TestTheWayIn:
    def test_a_password_alone_opens_nothing(self, staff, doctor):
        passed = staff.sign_in.with_password("example", PASSWORD, HOME)
        assert passed.step is Step.CODE
        assert staff.sessions.find(passed.token).step is Step.CODE

    def test_password_and_code_sign_in_with_another_token(self, staff, doctor):
        first = staff.sign_in.with_password(" Example ", PASSWORD, HOME)
        passed = staff.sign_in.with_code(first.token, doctor.code, HOME)
        assert passed.step is Step.DONE
        assert staff.sessions.find(passed.token).account.name == "Dr Example"
        with pytest.raises(SessionEndedError):
            staff.sessions.find(first.token)

    def test_a_code_is_taken_once(self, staff, doctor):
        code = doctor.code
        staff.sign_in.with_code(staff.sign_in.with_password("example", PASSWORD, HOME).token, code, HOME)
        with pytest.raises(SignInRefusedError):
            staff.sign_in.with_code(staff.sign_in.with_password("example", PASSWORD, HOME).token, code, HOME)

    def test_the_code_before_a_used_one_is_not_taken_either(self, staff, doctor):
        early = doctor.code
        late = doctor.next_code()
        staff.sign_in.with_code(staff.sign_in.with_password("example", PASSWORD, HOME).token, late, HOME)
        with pytest.raises(SignInRefusedError):
            staff.sign_in.with_code(staff.sign_in.with_password("example", PASSWORD, HOME).token, early, HOME)

    def test_the_first_sign_in_asks_for_a_password_of_ones_own_and_an_app(self, staff, clock):
        _, temporary = staff.accounts.add("terminal", "amy", Details("Amy", "", ["editor"]))
        passed = staff.sign_in.with_password("amy", temporary, HOME)
        assert passed.step is Step.NEW_PASSWORD
        passed = staff.sign_in.with_new_password(passed.token, "my own long password", HOME)
        assert passed.step is Step.ENROLMENT
        secret = staff.sign_in.secret_to_enrol(passed.token)
        assert staff.sign_in.secret_to_enrol(passed.token) == secret
        amy = person(staff, clock, user_name="other")
        amy.secret = secret
        passed, codes = staff.sign_in.enrol(passed.token, amy.code, HOME)
        assert (passed.step, len(codes)) == (Step.DONE, 10)
        assert staff.sessions.find(passed.token).account.has_second_factor

    def test_an_app_that_shows_another_code_is_not_taken_into_use(self, staff):
        staff.accounts.add("terminal", "amy", Details("Amy", "", ["editor"]), password="my own long password")
        token = staff.sign_in.with_password("amy", "my own long password", HOME).token
        staff.sign_in.secret_to_enrol(token)
        with pytest.raises(AccountError, match="not the code"):
            staff.sign_in.enrol(token, "000000", HOME)
        assert staff.sessions.find(token).step is Step.ENROLMENT

    def test_a_temporary_password_has_to_be_replaced_by_another(self, staff):
        _, temporary = staff.accounts.add("terminal", "amy", Details("Amy", "", ["editor"]))
        token = staff.sign_in.with_password("amy", temporary, HOME).token
        with pytest.raises(AccountError, match="another password"):
            staff.sign_in.with_new_password(token, temporary, HOME)

    def test_a_temporary_password_is_good_for_three_days(self, staff, clock):
        _, temporary = staff.accounts.add("terminal", "amy", Details("Amy", "", ["editor"]))
        clock.pass_by(days=3)
        with pytest.raises(SignInRefusedError):
            staff.sign_in.with_password("amy", temporary, HOME)

    def test_steps_cannot_be_jumped(self, staff, doctor):
        """A reset password of somebody who has an app changes nothing without the app."""
        temporary = staff.accounts.reset("terminal", doctor.account.id)
        token = staff.sign_in.with_password("example", temporary, HOME).token
        for jump in (
            lambda: staff.sign_in.with_new_password(token, "my own long password", HOME),
            lambda: staff.sign_in.secret_to_enrol(token),
            lambda: staff.sign_in.enrol(token, "000000", HOME),
        ):
            with pytest.raises(WrongStepError):
                jump()

    def test_a_recovery_code_stands_in_for_the_app_once(self, staff, doctor):
        code = staff.own_account.new_recovery_codes(staff.sessions.find(signed_in(staff, doctor)))[3]
        token = staff.sign_in.with_password("example", PASSWORD, HOME).token
        assert staff.sign_in.with_code(token, code.upper(), HOME).step is Step.DONE
        token = staff.sign_in.with_password("example", PASSWORD, HOME).token
        with pytest.raises(SignInRefusedError):
            staff.sign_in.with_code(token, code, HOME)

    def test_a_disabled_account_is_refused_like_a_wrong_password(self, staff, doctor):
        staff.accounts.disable("terminal", doctor.account.id)
        with pytest.raises(SignInRefusedError):
            staff.sign_in.with_password("example", PASSWORD, HOME)

    def test_a_password_hashed_at_other_costs_is_hashed_anew(self, staff, doctor, database, tmp_path, clock):
        dearer = build_staff(database, tmp_path, clock, passwords=Passwords(memory_kib=128, passes=1))
        signed_in(dearer, doctor)
        with database.read() as session:
            assert session.scalars(select(AccountRow.password_hash)).one().startswith("$argon2id$v=19$m=128,")
        signed_in(dearer, doctor)


class TestGuesses:
    def test_ten_guesses_and_no_more(self, staff, doctor):
        for _ in range(10):
            guess(staff)
        with pytest.raises(TooManyGuessesError) as refused:
            staff.sign_in.with_password("example", PASSWORD, ELSEWHERE)
        assert refused.value.retry_after_seconds == 15 * 60

    def test_after_a_quarter_of_an_hour_it_may_be_tried_again(self, staff, doctor, clock):
        for _ in range(10):
            guess(staff)
        clock.pass_by(minutes=15)
        assert staff.sign_in.with_password("example", PASSWORD, ELSEWHERE).step is Step.CODE

    @pytest.mark.slow
    def test_three_thousand_tries_from_everywhere_are_ten_guesses(self, staff, doctor):
        outcomes = []
        for number in range(3_000):
            try:
                staff.sign_in.with_password("example", "not it", Visitor(f"192.0.2.{number % 250}"))
            except (SignInRefusedError, TooManyGuessesError) as error:
                outcomes.append(type(error))
        assert outcomes.count(SignInRefusedError) == 10
        assert len(outcomes) == 3_000

    def test_a_name_that_nobody_has_is_counted_alike(self, staff):
        for _ in range(10):
            guess(staff, "nobody")
        with pytest.raises(TooManyGuessesError):
            staff.sign_in.with_password("nobody", "not it", ELSEWHERE)

    @pytest.mark.slow
    def test_many_names_from_one_address_come_to_an_end(self, staff):
        for number in range(100):
            guess(staff, f"name{number}")
        with pytest.raises(TooManyGuessesError):
            staff.sign_in.with_password("yet another", "not it", ELSEWHERE)

    def test_a_browser_that_is_known_is_not_locked_out_by_others(self, staff, doctor):
        token = staff.sign_in.with_password("example", PASSWORD, HOME).token
        device = staff.sign_in.with_code(token, doctor.code, HOME).device
        for _ in range(10):
            guess(staff)
        known = Visitor(ELSEWHERE.address, "Firefox", device)
        passed = staff.sign_in.with_password("example", PASSWORD, known)
        assert staff.sign_in.with_code(passed.token, doctor.next_code(), known).step is Step.DONE

    def test_a_known_browser_has_ten_guesses_as_well(self, staff, doctor):
        token = staff.sign_in.with_password("example", PASSWORD, HOME).token
        known = Visitor(HOME.address, "Firefox", staff.sign_in.with_code(token, doctor.code, HOME).device)
        for _ in range(10):
            guess(staff, visitor=known)
        with pytest.raises(TooManyGuessesError):
            staff.sign_in.with_password("example", PASSWORD, known)

    def test_it_is_known_for_this_account_alone(self, staff, doctor, clock):
        other = person(staff, clock, user_name="amy", name="Amy")
        token = staff.sign_in.with_password("example", PASSWORD, HOME).token
        known = Visitor(HOME.address, "Firefox", staff.sign_in.with_code(token, doctor.code, HOME).device)
        for _ in range(10):
            guess(staff, other.user_name)
        with pytest.raises(TooManyGuessesError):
            staff.sign_in.with_password("amy", PASSWORD, known)

    def test_codes_can_be_guessed_ten_times(self, staff, doctor):
        token = staff.sign_in.with_password("example", PASSWORD, ELSEWHERE).token
        for _ in range(10):
            with pytest.raises(SignInRefusedError):
                staff.sign_in.with_code(token, "000000", ELSEWHERE)
        with pytest.raises(TooManyGuessesError):
            staff.sign_in.with_code(token, doctor.code, ELSEWHERE)

    def test_right_ones_are_not_counted(self, staff, doctor):
        for _ in range(12):
            signed_in(staff, doctor, ELSEWHERE)

    def test_when_they_cannot_be_counted_nobody_gets_in(self, staff, doctor, database):
        with database.write() as session:
            session.execute(text("DROP TABLE staff_guesses"))
        with pytest.raises(Exception, match="staff_guesses"):
            staff.sign_in.with_password("example", PASSWORD, HOME)

    def test_what_was_typed_as_a_name_is_not_kept(self, staff, database):
        guess(staff, "my password by mistake")
        with database.read() as session:
            assert b"mistake" not in b"".join(session.scalars(select(GuessRow.bucket)))
        assert "mistake" not in str(read_lines(database, most=100))


class TestSessions:
    def test_an_idle_one_ends_after_a_quarter_of_an_hour(self, staff, doctor, clock):
        token = signed_in(staff, doctor)
        clock.pass_by(minutes=14, seconds=59)
        staff.sessions.find(token)
        clock.pass_by(minutes=14, seconds=59)
        staff.sessions.find(token)
        clock.pass_by(minutes=15)
        with pytest.raises(SessionEndedError):
            staff.sessions.find(token)

    def test_what_a_page_asks_by_itself_does_not_keep_it_open(self, staff, doctor, clock):
        token = signed_in(staff, doctor)
        clock.pass_by(minutes=10)
        staff.sessions.find(token, is_background=True)
        clock.pass_by(minutes=5)
        with pytest.raises(SessionEndedError):
            staff.sessions.find(token)

    @pytest.mark.slow
    def test_a_busy_one_ends_after_twelve_hours(self, staff, doctor, clock):
        token = signed_in(staff, doctor)
        for _ in range(71):
            clock.pass_by(minutes=10)
            staff.sessions.find(token)
        clock.pass_by(minutes=10)
        with pytest.raises(SessionEndedError):
            staff.sessions.find(token)

    def test_the_token_stands_nowhere(self, staff, doctor, database):
        token = signed_in(staff, doctor)
        with database.read() as session:
            row = session.scalars(select(SessionRow).where(SessionRow.second_factor_at.is_not(None))).one()
            assert token not in str(vars(row))
            assert len(token) >= 43

    def test_a_role_holds_from_the_next_request_on(self, staff, doctor):
        token = signed_in(staff, doctor)
        staff.accounts.change("terminal", doctor.account.id, Details("Dr Example", "", ["editor"]))
        assert staff.sessions.find(token).account.roles == {"editor"}

    @pytest.mark.parametrize("what", ["disable", "reset"])
    def test_they_end_when_the_account_is_disabled_or_reset(self, staff, doctor, what):
        token = signed_in(staff, doctor)
        getattr(staff.accounts, what)("terminal", doctor.account.id)
        with pytest.raises(SessionEndedError):
            staff.sessions.find(token)

    def test_signing_out_ends_this_one(self, staff, doctor):
        here, there = signed_in(staff, doctor), signed_in(staff, doctor)
        staff.sign_in.out(here)
        with pytest.raises(SessionEndedError):
            staff.sessions.find(here)
        assert staff.sessions.find(there)
        staff.sign_in.out(here)

    def test_signing_out_everywhere_ends_all(self, staff, doctor):
        tokens = [signed_in(staff, doctor) for _ in range(3)]
        staff.own_account.end_all_sessions(staff.sessions.find(tokens[0]))
        for token in tokens:
            with pytest.raises(SessionEndedError):
                staff.sessions.find(token)

    def test_one_can_be_ended_from_another_and_nobody_elses_can(self, staff, doctor, clock):
        me = staff.sessions.find(signed_in(staff, doctor))
        gone = staff.sessions.find(other := signed_in(staff, doctor))
        stranger = staff.sessions.find(signed_in(staff, person(staff, clock, user_name="amy")))
        with pytest.raises(SessionEndedError):
            staff.own_account.end_session(me, stranger.id)
        assert len(staff.own_account.sessions(me)) == 2
        staff.own_account.end_session(me, gone.id)
        with pytest.raises(SessionEndedError):
            staff.sessions.find(other)

    def test_a_new_password_ends_all_others(self, staff, doctor):
        here, there = signed_in(staff, doctor), signed_in(staff, doctor)
        me = staff.sessions.find(here)
        staff.own_account.change_password(me, PASSWORD, "six green lamps whistle", address="192.0.2.1")
        assert staff.sessions.find(here)
        with pytest.raises(SessionEndedError):
            staff.sessions.find(there)
        doctor.password = "six green lamps whistle"
        signed_in(staff, doctor)

    def test_the_password_is_changed_only_with_the_old_one(self, staff, doctor):
        me = staff.sessions.find(signed_in(staff, doctor))
        with pytest.raises(AccountError, match="not your password"):
            staff.own_account.change_password(me, "not it", "six green lamps whistle", address="192.0.2.1")

    def test_what_is_over_is_forgotten(self, staff, doctor, clock, database):
        signed_in(staff, doctor)
        guess(staff)
        clock.pass_by(days=91)
        staff.forget_what_is_over()
        with database.read() as session:
            for table in ("staff_sessions", "staff_guesses", "staff_devices"):
                assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 0

    def test_form_tokens_belong_to_one_session(self, staff, doctor):
        first, second = (staff.sessions.find(signed_in(staff, doctor)).form_token for _ in range(2))
        assert first != second


class TestAccounts:
    def test_a_name_is_taken_once(self, staff, doctor):
        with pytest.raises(AccountError, match="already"):
            staff.accounts.add("terminal", "EXAMPLE", Details("Another", "", ["editor"]))

    @pytest.mark.parametrize(
        ("user_name", "name", "roles", "field"),
        [
            ("a", "Amy", ["editor"], "user_name"),
            ("amy jones", "Amy", ["editor"], "user_name"),
            ("amy", " ", ["editor"], "name"),
            ("amy", "A" * 81, ["editor"], "name"),
            ("amy", "Amy", [], "roles"),
            ("amy", "Amy", ["king"], "roles"),
        ],
    )
    def test_what_cannot_be_is_refused_with_its_field(self, staff, user_name, name, roles, field):
        with pytest.raises(AccountError) as refused:
            staff.accounts.add("terminal", user_name, Details(name, "", roles))
        assert refused.value.field == field

    def test_the_last_admin_stays(self, staff, clock):
        admin = person(staff, clock, "admin", user_name="boss").account
        with pytest.raises(AccountError, match="last admin"):
            staff.accounts.disable("terminal", admin.id)
        with pytest.raises(AccountError, match="last admin"):
            staff.accounts.change("terminal", admin.id, Details("Boss", "", ["editor"]))
        person(staff, clock, "admin", user_name="second")
        staff.accounts.disable("terminal", admin.id)
        assert staff.accounts.by_id(admin.id).is_disabled

    def test_nobody_disables_themselves(self, staff, doctor):
        with pytest.raises(AccountError, match="your own"):
            staff.accounts.disable(doctor.account.id, doctor.account.id)

    def test_enabled_again_they_can_sign_in(self, staff, doctor):
        staff.accounts.disable("terminal", doctor.account.id)
        staff.accounts.enable("terminal", doctor.account.id)
        assert signed_in(staff, doctor)

    def test_reset_with_the_app_asks_for_a_new_app(self, staff, doctor):
        temporary = staff.accounts.reset("terminal", doctor.account.id, second_factor=True)
        passed = staff.sign_in.with_password("example", temporary, HOME)
        assert staff.sign_in.with_new_password(passed.token, "my own long password", HOME).step is Step.ENROLMENT

    def test_the_secret_of_the_app_is_sealed_in_the_database(self, staff, doctor, database):
        with database.read() as session:
            raw = session.execute(text("SELECT totp_secret FROM staff_accounts")).scalar_one()
        assert doctor.secret.encode() not in raw

    def test_everything_is_in_the_audit_trail(self, staff, doctor, database):
        signed_in(staff, doctor)
        guess(staff)
        staff.accounts.reset("sta_boss", doctor.account.id)
        staff.accounts.disable("sta_boss", doctor.account.id)
        lines = read_lines(database, object=doctor.account.id, most=100)
        assert [line.action for line in lines] == [
            "staff_disabled",
            "staff_reset",
            "sign_in_refused",
            "signed_in",
            "second_factor_given",
            "staff_added",
        ]
        assert {line.actor for line in lines[:2]} == {"sta_boss"}
        assert all(line.at <= dt.datetime(2026, 11, 22, tzinfo=dt.UTC) for line in lines)
