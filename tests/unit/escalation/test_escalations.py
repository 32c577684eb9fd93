"""Escalations: opened once, raised, never lowered, never lost."""

import datetime as dt

import pytest

from careline.clinical.acuity import Acuity
from careline.escalation import opening, service
from careline.escalation.desk import EscalationDesk
from careline.escalation.errors import UnknownEscalationError
from careline.escalation.escalation import EscalationRequest, Event, PatientOutline, Reason, State
from careline.escalation.sbar import Sbar, plain_lines
from careline.escalation.tables import EscalationEventRow, EscalationRow
from careline.storage.database import Database
from careline.storage.keys import load_or_make_keys
from tests.support.house import migrated_file

CONVERSATION = "con_1"
TARGETS = {Acuity.EMERGENCY_NOW: 2, Acuity.ED_NOW: 10, Acuity.SAME_DAY: 120}


def respond_within(acuity):
    return dt.timedelta(minutes=TARGETS[acuity]) if acuity in TARGETS else None


def request(acuity=Acuity.ED_NOW, *, conversation_id=CONVERSATION, reason=Reason.RED_FLAG, **more):
    given = {"respond_within": respond_within(acuity)} | more
    return EscalationRequest(reason=reason, acuity=acuity, conversation_id=conversation_id, **given)


@pytest.fixture
def database(tmp_path):
    (tmp_path / "careline.db").write_bytes(migrated_file())
    database = Database(f"sqlite:///{tmp_path / 'careline.db'}", load_or_make_keys(tmp_path / "keys.json")[0])
    yield database
    database.close()


@pytest.fixture
def escalate(database, clock):
    """Asks for a clinician in a unit of work of its own."""

    def escalate_one(*given, **more):
        with database.write() as session:
            return opening.escalate(session, request(*given, **more), now=clock())

    return escalate_one


@pytest.fixture
def desk(database, clock):
    return EscalationDesk(database, respond_within, lambda *_: None, clock)


def events(database):
    with database.read() as session:
        return [row.event for row in session.query(EscalationEventRow).order_by(EscalationEventRow.id)]


def close(database, escalation_id):
    with database.write() as session:
        row = session.query(EscalationRow).filter_by(id=escalation_id).one()
        row.state = State.CLOSED.value


class TestOpening:
    def test_a_new_one_is_open_with_its_deadline(self, escalate, clock):
        opened = escalate(Acuity.EMERGENCY_NOW)
        assert opened.is_new
        assert opened.escalation.state is State.OPEN
        assert opened.escalation.deadline_at == clock() + dt.timedelta(minutes=2)
        assert opened.escalation.raised_at is None

    def test_without_an_acuity_there_is_no_deadline(self, escalate):
        assert escalate(None, reason=Reason.PATIENT_REQUEST).escalation.deadline_at is None

    def test_what_was_given_is_read_back(self, escalate, desk):
        sbar = Sbar(plain_lines("s1", "s2"), plain_lines("b"), plain_lines("a"), plain_lines("r"))
        patient = PatientOutline(age_band="40-64", sex="female", pregnant="absent", country="GB")
        opened = escalate(red_flags=("rf_a", "rf_b"), sbar=sbar, patient=patient, note="please")
        found = desk.read(opened.escalation.id)
        assert found == opened.escalation
        assert (found.red_flags, found.sbar, found.patient, found.note) == (("rf_a", "rf_b"), sbar, patient, "please")

    def test_ids_cannot_be_guessed_from_one_another(self, escalate):
        ids = [escalate(conversation_id=f"con_{number}").escalation.id for number in range(3)]
        assert len({each[:12] for each in ids}) == 3

    def test_the_opening_is_in_the_log(self, escalate, database):
        escalate()
        assert events(database) == [Event.OPENED]


class TestAskedForAgain:
    def test_there_is_one_per_conversation(self, escalate):
        first, second = escalate(), escalate()
        assert (second.is_new, second.escalation.id) == (False, first.escalation.id)

    def test_a_worse_acuity_raises_it_with_its_reason_and_an_earlier_deadline(self, escalate, clock, database):
        escalate(Acuity.SAME_DAY, reason=Reason.ASSESSMENT)
        clock.pass_by(minutes=1)
        raised = escalate(Acuity.EMERGENCY_NOW, reason=Reason.CRISIS).escalation
        assert (raised.acuity, raised.reason, raised.raised_at) == (Acuity.EMERGENCY_NOW, Reason.CRISIS, clock())
        assert raised.deadline_at == clock() + dt.timedelta(minutes=2)
        assert events(database) == [Event.OPENED, Event.RAISED]

    @pytest.mark.parametrize("acuity", [Acuity.ED_NOW, Acuity.SAME_DAY, Acuity.SELF_CARE, None])
    def test_the_same_or_a_milder_one_changes_neither_acuity_nor_deadline(self, escalate, clock, database, acuity):
        first = escalate(Acuity.ED_NOW).escalation
        clock.pass_by(minutes=1)
        again = escalate(acuity, reason=Reason.EXTERNAL).escalation
        assert (again.acuity, again.reason, again.deadline_at) == (first.acuity, first.reason, first.deadline_at)
        assert again.raised_at is None
        assert events(database) == [Event.OPENED, Event.RENEWED]

    def test_one_without_an_acuity_takes_the_one_that_comes(self, escalate, clock):
        escalate(None, reason=Reason.PATIENT_REQUEST)
        raised = escalate(Acuity.SAME_DAY).escalation
        assert (raised.acuity, raised.deadline_at) == (Acuity.SAME_DAY, clock() + dt.timedelta(minutes=120))

    def test_raising_it_never_puts_the_deadline_off(self, escalate, clock):
        first = escalate(Acuity.SAME_DAY).escalation
        clock.pass_by(minutes=115)
        raised = escalate(Acuity.ED_NOW).escalation
        assert raised.deadline_at == first.deadline_at

    def test_a_worse_acuity_without_a_target_keeps_the_deadline(self, escalate):
        first = escalate(Acuity.SAME_DAY).escalation
        assert escalate(Acuity.ED_NOW, respond_within=None).escalation.deadline_at == first.deadline_at

    def test_red_flags_add_up_and_none_stands_twice(self, escalate):
        escalate(red_flags=("rf_a", "rf_b"))
        assert escalate(red_flags=("rf_b", "rf_c")).escalation.red_flags == ("rf_a", "rf_b", "rf_c")

    def test_the_newest_note_and_outline_count_and_an_empty_one_erases_nothing(self, escalate):
        escalate(sbar=Sbar(plain_lines("first")), patient=PatientOutline(sex="female"), note="first")
        newer = escalate(
            sbar=Sbar(plain_lines("second")), patient=PatientOutline(sex="female", age_band="16-39")
        ).escalation
        assert (newer.sbar.situation, newer.patient.age_band, newer.note) == (plain_lines("second"), "16-39", "first")
        empty = escalate(reason=Reason.EXTERNAL, note="second").escalation
        assert (empty.sbar.situation, empty.patient.age_band, empty.note) == (plain_lines("second"), "16-39", "second")

    def test_after_the_last_was_closed_a_new_one_opens(self, escalate, database):
        first = escalate().escalation
        close(database, first.id)
        second = escalate()
        assert second.is_new
        assert second.escalation.id != first.id


class TestContact:
    def keep(self, database, clock, **contact):
        with database.write() as session:
            return service.leave_contact(session, CONVERSATION, contact, now=clock())

    def test_is_kept_with_the_open_escalation(self, escalate, database, desk, clock):
        opened = escalate(patient=PatientOutline(sex="male")).escalation
        assert self.keep(database, clock, text="07700 900000")
        found = desk.read(opened.id)
        assert (found.contact, found.patient.has_callback) == ({"text": "07700 900000"}, True)
        assert events(database) == [Event.OPENED, Event.CONTACT_LEFT]

    def test_that_it_is_not_safe_to_call_is_no_way_to_reach_them(self, escalate, database, desk, clock):
        opened = escalate(patient=PatientOutline(sex="male")).escalation
        self.keep(database, clock, safe_to_call="no")
        with database.write() as session:
            service.keep_case(session, opened.id, None, Sbar(), PatientOutline(sex="male"))
        assert not desk.read(opened.id).patient.has_callback

    def test_survives_being_asked_for_again(self, escalate, database, clock):
        escalate()
        self.keep(database, clock, text="07700 900000")
        again = escalate(Acuity.EMERGENCY_NOW, patient=PatientOutline(sex="male")).escalation
        assert (again.contact, again.patient.has_callback) == ({"text": "07700 900000"}, True)

    def test_without_an_escalation_nothing_is_kept(self, database, clock):
        assert not self.keep(database, clock, text="07700 900000")
        assert events(database) == []


class TestErasure:
    def test_drops_the_words_and_leaves_the_request_open(self, escalate, database, desk, clock):
        opened = escalate(red_flags=("rf_a",), sbar=Sbar(plain_lines("my words")), note="my words").escalation
        with database.write() as session:
            service.leave_contact(session, CONVERSATION, {"text": "07700 900000"}, now=clock())
            service.forget_words(session, CONVERSATION, now=clock())
        found = desk.read(opened.id)
        assert (found.sbar, found.note, found.contact) == (Sbar(), None, None)
        assert (found.state, found.acuity, found.red_flags) == (State.OPEN, Acuity.ED_NOW, ("rf_a",))
        assert events(database)[-1] == Event.WORDS_ERASED

    def test_of_another_conversation_changes_nothing(self, escalate, database, desk, clock):
        opened = escalate(sbar=Sbar(plain_lines("my words"))).escalation
        with database.write() as session:
            service.forget_words(session, "con_other", now=clock())
        assert desk.read(opened.id) == opened


class TestNotedEvents:
    def note(self, database, clock):
        with database.write() as session:
            service.note_event(session, CONVERSATION, Event.PATIENT_SAID_NOT_MEANT, now=clock(), note="n")

    def test_leave_the_escalation_as_it_is(self, escalate, database, desk, clock):
        opened = escalate().escalation
        self.note(database, clock)
        assert desk.read(opened.id) == opened
        assert events(database) == [Event.OPENED, Event.PATIENT_SAID_NOT_MEANT]

    def test_without_an_escalation_there_is_nothing_to_note(self, database, clock):
        self.note(database, clock)
        assert events(database) == []


class TestDesk:
    def test_the_target_is_looked_up_by_acuity(self, desk, clock):
        opened = desk.open(Reason.EXTERNAL, Acuity.ED_NOW, conversation_id=None, note=None)
        assert opened.escalation.deadline_at == clock() + dt.timedelta(minutes=10)

    @pytest.mark.parametrize("call", ["read", "list"])
    def test_an_unknown_id_is_said_to_be_unknown(self, desk, call):
        with pytest.raises(UnknownEscalationError):
            desk.read("esc_none") if call == "read" else desk.list(state=None, owner=None, after="esc_none", limit=5)

    def test_lists_by_state_and_owner(self, desk, escalate, database):
        first = escalate(conversation_id="con_1").escalation
        escalate(conversation_id="con_2")
        close(database, first.id)
        closed, _ = desk.list(state=State.CLOSED, owner=None, after=None, limit=5)
        assert [each.id for each in closed] == [first.id]
        assert desk.list(state=None, owner="nobody", after=None, limit=5) == ([], None)

    def test_a_page_that_is_just_full_is_the_last(self, desk, escalate):
        for number in range(2):
            escalate(conversation_id=f"con_{number}")
        page, following = desk.list(state=None, owner=None, after=None, limit=2)
        assert (len(page), following) == (2, None)
