"""The chat page as plain forms: the whole consultation without script, its cookie, and who may send its forms."""

import datetime as dt
import re

import pytest

from tests.support.chat import SAME, ChatBrowser
from tests.support.guidance import article, guidance_of
from tests.support.house import client_for, furnished, scripted

pytestmark = pytest.mark.slow  # takes long

ARM = "I have chest pain going into my left arm"
MARK = "Quillfeather"


@pytest.fixture
def careline(tmp_path, clock):
    house = furnished(
        tmp_path,
        scripted(),
        clock=clock,
        country="GB",
        guidance=guidance_of(article("sore_throat"), article("domestic_safety")),
    )
    yield house
    house.database.close()


@pytest.fixture
def visitor(client):
    return ChatBrowser(client)


@pytest.fixture
def started(visitor):
    visitor.start()
    return visitor


def conversation_of(visitor):
    return visitor.cookies["careline-chat"].split(".")[0]


def awaited(careline, visitor):
    history = careline.conversations.history(conversation_of(visitor), 0)
    question = next((m for m in history["messages"] if m["id"] == history["expects"]), None)
    data = (question or {}).get("data") or {}
    return data.get("question_id"), data.get("input")


class TestConsultation:
    def test_one_of_self_care_from_start_to_advice_without_script(self, careline, started):
        started.press("agree")
        answers = {"complaint": "sore throat for two days", "q_age": {"number": "34", "unit": "years"}, "q_sex": "male"}
        started.answer_all(lambda: awaited(careline, started), answers)
        assert "ROUTINE" in started.text
        assert "Why:" in started.text
        assert "Ask for a clinician" in started.text
        assert careline.conversations.history(conversation_of(started), 0)["final"] is True

    def test_an_emergency_is_a_card_with_the_number_to_press_first(self, started):
        started.write(ARM)
        (card,) = (one for one in started.messages if "EMERGENCY: Call the emergency number now" in one)
        assert card.startswith("Assistant said: EMERGENCY: Call the emergency number now Call 999")
        assert '<a href="tel:999">Call 999</a>' in started.page.text
        assert 'class="answer composer after-card"' in started.page.text

    def test_an_answer_can_be_changed_later(self, careline, started):
        started.press("agree")
        started.press("self")
        started.send(reply_to=started.reply_to, kind="number", number="34", unit="years", key=started.key)
        change = re.findall(r'href="/chat\?change=(\d+)#reply"', started.page.text)[0]
        started.open(f"?change={change}")
        assert "Change your answer Who is this for?" in started.text
        started.press("child", kind="")
        assert "I have changed your answer" in started.text or "A baby or child" in started.text
        assert careline.conversations.history(conversation_of(started), 0)["expects"] > int(change)

    def test_the_same_form_sent_twice_is_one_message_and_other_words_in_it_are_another(self, started):
        key = started.key
        for _ in range(2):
            started.send(text="my knee hurts", key=key)
        assert started.text.count("my knee hurts") == 1
        started.send(text="and my back too", key=key)
        assert "and my back too" in started.text

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({"number": "ten or so", "unit": "years"}, "Please write a number"),
            ({"number": "nan", "unit": "years"}, "Please write a number"),
            ({"number": "400", "unit": "years"}, "I could not take that answer"),
            ({"number": "4", "unit": "stones"}, "That answer no longer fits"),
        ],
    )
    def test_a_number_that_is_none_is_asked_again(self, started, fields, told):
        started.press("agree")
        started.press("self")
        started.send(reply_to=started.reply_to, kind="number", key=started.key, **fields)
        assert started.page.status_code == 422
        assert told in started.text

    def test_how_long_it_has_lasted_is_told_by_the_day_it_began(self, careline, started, clock):
        started.press("agree")
        answers = {"complaint": "sore throat", "q_age": {"number": "34", "unit": "years"}, "q_sex": "male"}

        def until_it_is_asked():
            question_id, given = awaited(careline, started)
            return (None, None) if question_id == "q_throat_duration" else (question_id, given)

        started.answer_all(until_it_is_asked, answers)
        assert "Or choose the day it began" in started.text
        day = (clock.now.date() - dt.timedelta(days=1)).isoformat()
        started.send(reply_to=started.reply_to, kind="since", today="", since=day, key=started.key)
        assert "You said: 1 day" in started.text
        assert "Or choose the day it began" not in started.text

    def test_an_age_is_no_day_on_which_something_began(self, started):
        started.press("agree")
        started.press("self")
        assert "How old are you?" in started.text
        assert "the day it began" not in started.text

    def test_after_an_answer_the_page_is_at_what_is_asked_and_at_a_card_from_its_beginning(self, started):
        started.press("agree")
        assert started.led_to == "reply"
        started.write(ARM)
        assert started.led_to == re.findall(r'card emergency" id="(m[0-9]+)"', started.page.text)[0]

    def test_the_unit_of_an_age_is_never_taken_for_granted(self, started):
        """3 weeks must not become 3 years."""
        started.press("agree")
        started.press("child")
        assert re.findall(r'<input type="radio" name="unit" value="(\w+)" required>', started.page.text) == [
            *("years", "months", "weeks", "days")
        ]

    def test_none_of_these_beside_a_sign_is_not_guessed_at(self, careline, started):
        started.press("agree")
        answers = {"q_age": {"number": "34", "unit": "years"}, "q_sex": "male", "complaint": "sore throat"}

        def until_checklist():
            question_id, given = awaited(careline, started)
            return (None, None) if given and given["type"] == "multi" else (question_id, given)

        started.answer_all(until_checklist, answers)
        sign = re.findall(r'name="value" value="(\w+)"', started.page.text)[0]
        started.press([sign, "none"], kind="several")
        assert started.page.status_code == 422
        assert "stand alone" in started.text

    def test_what_was_typed_is_kept_when_it_cannot_be_taken(self, started):
        started.send(text=" ", key="k")
        assert started.page.status_code == 422
        assert "Please write a few words" in started.text

    def test_what_patients_write_is_shown_as_words_and_never_as_a_page(self, started):
        started.write("<script>alert(1)</script> & my knee")
        assert "<script>alert" not in started.page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; my knee" in started.page.text

    def test_no_word_stands_in_an_address(self, careline, started):
        started.press("agree")
        started.write(f"my knee hurts {MARK}")
        assert MARK in started.text
        assert MARK not in str(started.page.url)
        assert MARK not in re.sub(r"<p>.*?</p>", "", started.page.text.split('id="reply"')[1])

    def test_who_may_be_watched_is_shown_a_way_out(self, started):
        assert re.search(r'id="leave" hidden', started.page.text)
        started.write("my husband hits me and i am scared of him")
        assert not re.search(r'id="leave" hidden', started.page.text)
        for path in ("/chat/summary", "/chat/leaving"):
            started.send(path)
            assert 'href="/leave" target="_top"' in started.page.text


class TestBeside:
    def test_the_summary_holds_the_advice_and_what_was_told(self, started):
        started.write(ARM)
        started.send("/chat/summary")
        assert "EMERGENCY: Call the emergency number now" in started.text
        assert "You told us" in started.text
        assert "Made on 2026-11-21" in started.text

    def test_an_article_is_read_inside(self, started):
        started.request("GET", "/chat/articles/sore_throat")
        assert "Back to the chat" in started.text
        assert "This has not yet been checked by a clinician." in started.text

    def test_an_article_read_by_who_may_be_watched_has_the_way_out(self, started):
        started.request("GET", "/chat/articles/domestic_safety")
        assert 'href="/leave"' in started.page.text

    def test_feedback_is_kept(self, careline, started):
        started.write(ARM)
        started.send("/chat/feedback", helpful="partly", happened="called", text="quick")
        assert "We have kept your feedback" in started.text
        assert careline.conversations.export(conversation_of(started))["feedback"] == [
            {"text": "quick", "helpful": "partly", "happened": "called"}
        ]

    def test_privacy_names_who_runs_it_and_for_how_long(self, visitor):
        visitor.open()
        assert "Test Clinic runs this chat" in visitor.text
        assert "for 30 days" in visitor.text


class TestLeaving:
    def test_wiping_forgets_the_chat_here_and_keeps_it_for_clinicians(self, careline, started):
        conversation_id = conversation_of(started)
        started.send("/chat/leaving")
        started.send("/chat/end", erase="no")
        assert "This device has forgotten the chat" in started.text
        assert "storage" in started.page.headers["clear-site-data"]
        assert "careline-chat" not in started.cookies
        assert careline.conversations.exists(conversation_id)

    def test_wiping_can_erase_every_word(self, careline, started):
        conversation_id = conversation_of(started)
        started.send("/chat/end", erase="yes")
        assert not careline.conversations.exists(conversation_id)

    def test_the_way_out_takes_the_cookie_along(self, started):
        answer = started.client.get("/leave", follow_redirects=False)
        assert any("careline-chat=;" in one and "Max-Age=0" in one for one in answer.headers.get_list("set-cookie"))


class TestComingBack:
    def test_a_chat_is_there_again_when_the_page_is_opened_again(self, started):
        started.write("my knee hurts")
        started.open()
        assert "my knee hurts" in started.text

    def test_a_chat_whose_time_is_over_says_so_and_keeps_what_was_typed(self, started, clock):
        clock.pass_by(days=31)
        started.write("it got worse")
        assert started.page.status_code == 401
        assert "its time has run out" in started.text
        assert "it got worse" in started.page.text
        started.send("/chat/open", text="it got worse")
        assert "it got worse" in started.messages[-3] or any("it got worse" in one for one in started.messages)

    def test_a_chat_that_was_erased_elsewhere_says_so(self, careline, started):
        careline.conversations.erase(conversation_of(started))
        started.open()
        assert "Your last chat was erased" in started.text
        assert "Start the chat" in started.text

    def test_words_typed_for_a_chat_that_is_over_are_screened_as_soon_as_there_is_one(self, started, clock):
        clock.pass_by(days=31)
        started.write(ARM)
        started.send("/chat/open", text=ARM)
        assert any("EMERGENCY" in one for one in started.messages)

    def test_the_emergency_number_is_that_of_the_conversations_country(self, client):
        american = ChatBrowser(client)
        american.start("?country=US", country="US")
        assert "In an emergency call 911" in american.text
        unknown = ChatBrowser(client)
        unknown.open("?country=zz")
        assert "In an emergency call 999" in unknown.text


class TestCookie:
    def test_over_tls_it_is_for_this_host_alone_and_for_the_frame_of_one_site(self, tmp_path):
        house = furnished(tmp_path, scripted(), country="GB", public_url="https://triage.clinic.example")
        with client_for(house) as client:
            visitor = ChatBrowser(client)
            visitor.start()
            (kept,) = (one for one in visitor.set_cookies if one.startswith("__Host-careline-chat="))
            assert re.fullmatch(
                r"__Host-careline-chat=con_\w+\.[\w-]{43}; Path=/; HttpOnly; "
                r"Secure; SameSite=None; Partitioned; Max-Age=86400",
                kept,
            )
        house.database.close()

    def test_on_a_shared_device_it_goes_when_the_browser_is_closed(self, visitor):
        visitor.start(shared="yes")
        (kept,) = (one for one in visitor.set_cookies if one.startswith("careline-chat="))
        assert "Max-Age" not in kept

    def test_where_no_cookie_is_kept_the_page_carries_the_chat_itself(self, client):
        framed = ChatBrowser(client, keeps_cookies=False)
        framed.start()
        framed.press("agree")
        assert "Who is this for?" in framed.text
        assert "Continue in a new tab" in framed.text
        assert "session=" not in str(framed.page.url)
        framed.keeps_cookies = True
        framed.send("/chat/continue")
        assert "Who is this for?" in framed.text
        assert "Continue in a new tab" not in framed.text

    def test_it_opens_the_programs_calls_for_the_page_alone(self, client, started):
        path = f"/api/v1/conversations/{conversation_of(started)}/messages"
        cookie = {"Cookie": f"careline-chat={started.cookies['careline-chat']}"}
        assert client.get(path, headers=cookie | SAME).status_code == 200
        assert client.get(path, headers=cookie).status_code == 403
        assert client.get(path, headers=cookie | {"Sec-Fetch-Site": "cross-site"}).status_code == 403
        assert client.get(f"{path[:-20]}x/messages", headers=cookie | SAME).status_code == 404

    @pytest.mark.parametrize("site", [None, "cross-site", "same-site", "none"])
    @pytest.mark.parametrize("path", ["send", "open", "end", "feedback", "continue", "typing"])
    def test_a_form_of_a_foreign_page_does_nothing(self, client, careline, started, path, site):
        before = careline.conversations.history(conversation_of(started), 0)
        headers = {"Cookie": f"careline-chat={started.cookies['careline-chat']}"}
        headers |= {"Sec-Fetch-Site": site} if site else {}
        answer = client.post(f"/chat/{path}", data={"text": "hello", "erase": "yes"}, headers=headers)
        assert answer.status_code == 403
        assert careline.conversations.history(conversation_of(started), 0) == before


class TestScript:
    """What the page's script asks for."""

    def test_it_gets_what_is_new_as_the_same_pieces(self, started):
        answer = started.send(text="my knee hurts", key="k", after="2")
        shown = re.findall(r'<li class="m [\w ]+" id="m(\d+)"', answer.text)
        part = started.request(
            "POST",
            "/chat/send",
            data={"text": "my knee hurts", "key": "k", "after": "2"},
            headers=SAME | {"X-Careline-Part": "1"},
        ).json()
        assert [str(one["id"]) for one in part["messages"]] == [number for number in shown if int(number) > 2]
        assert part["messages"][0]["from"] == "patient"
        assert part["messages"][0]["html"].startswith('<li class="m patient"')
        assert 'value="agree"' in part["reply"]
        assert part["lost"] == "The connection is lost. In an emergency call 999."

    def test_it_hears_that_a_chat_is_over_as_a_status(self, started, clock):
        clock.pass_by(days=31)
        answer = started.request("POST", "/chat/send", data={"text": "x"}, headers=SAME | {"X-Careline-Part": "1"})
        assert answer.status_code == 401

    def test_a_refusal_says_what_to_do_in_plain_words(self, started):
        answer = started.request("POST", "/chat/send", data={"text": " "}, headers=SAME | {"X-Careline-Part": "1"})
        assert (answer.status_code, answer.json()) == (
            422,
            {"error": "Please write a few words, or press one of the buttons."},
        )

    def test_a_flood_is_held_up_and_an_emergency_in_it_is_not(self, tmp_path):
        house = furnished(tmp_path, scripted(), country="GB", messages_per_minute=1)
        with client_for(house) as client:
            visitor = ChatBrowser(client)
            visitor.start()
            visitor.write("hello")
            visitor.write("hello again")
            assert visitor.page.status_code == 429
            assert "That was a lot at once" in visitor.text
            visitor.write(ARM)
            assert any("EMERGENCY" in one for one in visitor.messages)
        house.database.close()


def test_an_operator_without_a_name_is_called_this_service_in_the_language_of_the_chat(tmp_path):
    with client_for(furnished(tmp_path, scripted(), operator=None)) as client:
        assert "automatic helper from this service." in client.get("/chat").text
        assert "asistente automático de este servicio." in client.get("/chat?lang=es").text
