"""Who comes back to the chat within days is known again only where they ticked it, and only in that browser."""

import pytest

from tests.support.chat import ChatBrowser
from tests.support.house import client_for, furnished, scripted

pytestmark = pytest.mark.slow  # takes long

ARM = "I have chest pain going into my left arm"


@pytest.fixture
def careline(tmp_path, clock):
    house = furnished(tmp_path, scripted(), clock=clock, country="GB")
    yield house
    house.database.close()


@pytest.fixture
def client(careline):
    with client_for(careline) as client:
        yield client


@pytest.fixture
def visitor(client):
    return ChatBrowser(client)


def case_of(careline, visitor):
    """The case of the chat that the browser has now."""
    conversation = visitor.cookies["careline-chat"].partition(".")[0]
    (case,) = careline.queue.of_conversation(conversation)
    return case


def come(careline, visitor, **fields):
    """Begin a chat, raise a case, and forget the chat as a browser does after a day."""
    visitor.cookies.pop("careline-chat", None)
    visitor.start(**fields)
    visitor.write(ARM)
    return case_of(careline, visitor).id


def test_who_ticked_it_is_linked_to_the_case_before_and_to_the_one_after(careline, visitor, clock):
    first = come(careline, visitor, back="yes")
    clock.pass_by(hours=70)
    second = come(careline, visitor, back="yes")
    assert case_of(careline, visitor).linked == (first,)
    assert careline.desk.read(first).linked == (second,)


@pytest.mark.parametrize("ticked", [{}, {"back": "yes", "shared": "yes"}])
def test_who_did_not_or_shares_the_device_is_not(careline, visitor, ticked):
    for _ in range(2):
        come(careline, visitor, **ticked)
    assert case_of(careline, visitor).linked == ()
    assert "careline-back" not in visitor.cookies


def test_later_or_from_another_browser_it_is_another_person(careline, client, visitor, clock):
    come(careline, visitor, back="yes")
    other = ChatBrowser(client)
    come(careline, other, back="yes")
    assert case_of(careline, other).linked == ()
    clock.pass_by(hours=73)
    come(careline, visitor, back="yes")
    assert case_of(careline, visitor).linked == ()


def test_it_is_asked_anew_each_time_and_not_ticking_it_ends_it(careline, visitor):
    tick = 'name="back" value="yes">'
    visitor.open()
    assert tick in visitor.page.text
    assert "within 3 days" in visitor.text
    come(careline, visitor, back="yes")
    visitor.cookies.pop("careline-chat")
    visitor.open()
    assert tick in visitor.page.text
    come(careline, visitor)
    assert "careline-back" not in visitor.cookies
    assert case_of(careline, visitor).linked == ()


def test_who_begins_next_in_that_browser_is_not_shown_that_somebody_told_they_are_hurt(visitor, clock):
    """Whoever hurts them may use the same device, and send the form as it stands."""
    visitor.start(back="yes")
    visitor.write("my husband hits me and i am scared of him")
    visitor.open()
    assert 'id="leave">' in visitor.page.text
    visitor.cookies.pop("careline-chat")
    clock.pass_by(hours=30)
    visitor.open()
    is_set = 'name="back" value="yes" checked' in visitor.page.text
    visitor.start(**(dict(back="yes") if is_set else {}))
    visitor.write("my knee hurts")
    visitor.open()
    assert 'id="leave" hidden>' in visitor.page.text


def test_ending_the_chat_takes_the_sign_along(careline, visitor):
    come(careline, visitor, back="yes")
    visitor.send("/chat/end")
    assert "careline-back" not in visitor.cookies


def test_who_must_leave_at_once_takes_the_sign_along(careline, visitor):
    """In a frame of another site too, where a browser clears only what the answer itself takes back."""
    come(careline, visitor, back="yes")
    answer = visitor.client.get("/leave", follow_redirects=False)
    assert any("careline-back=;" in one and "Max-Age=0" in one for one in answer.headers.get_list("set-cookie"))


def test_the_sign_is_no_word_of_ours_nor_kept_as_it_is(careline, visitor):
    come(careline, visitor, back="yes")
    sign = visitor.cookies["careline-back"]
    assert not any(sign.encode() in file.read_bytes() for file in careline.settings.data_dir.glob("careline.db*"))
    (cookie,) = (one for one in visitor.set_cookies if one.startswith("careline-back="))
    assert "HttpOnly" in cookie
    assert f"Max-Age={72 * 3600}" in cookie


def test_a_made_up_sign_is_not_taken(careline, visitor):
    visitor.cookies["careline-back"] = "x"
    come(careline, visitor, back="yes")
    assert len(visitor.cookies["careline-back"]) > 40
