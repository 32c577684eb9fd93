"""Buttons below messages: what they say, and what comes back when one is pressed.

What comes back names conversation, message and option by position, never an answer in words: Telegram keeps it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

Rows = list[list[dict[str, str]]]
Say = Callable[..., str]

_TITLE_OF_A_ROW = 26  # characters; longer titles get a row each
_TITLES_IN_A_ROW = 3
_LONGEST_TITLE = 38  # a phone shows no more; what is longer stands numbered in the text


@dataclass(frozen=True)
class Pressed:
    """A button that was pressed.

    Attributes:
        tag: Of the conversation it belongs to; for the channel's own buttons, of that which it was shown in.
        number: The message it stands below; 0 for the channel's own.
        what: `option`, `toggle`, `done`, `change`, `chosen`, or the channel's own word.
        index: Of the option, where there is one.
    """

    tag: str
    number: int
    what: str
    index: int = 0


_LETTERS = {"o": "option", "t": "toggle", "d": "done", "c": "change", "x": "chosen"}


def tag_of(conversation_id: str | None) -> str:
    """Return what marks the buttons of a conversation."""
    return hashlib.sha256((conversation_id or "").encode()).hexdigest()[:10]


def data_of(tag: str, number: int, letter: str, index: int = 0) -> str:
    """Return what comes back from a button: at most 64 bytes."""
    return f"{tag}:{number}:{letter}:{index}"


def own_data(tag: str, word: str) -> str:
    """Return what comes back from a button of the channel itself, such as `delete_yes`."""
    return f"{tag}:0:{word}:0"


def pressed(data: str) -> Pressed | None:
    """Return what was pressed; None for what is none of our buttons."""
    parts = data.split(":")
    if len(parts) != 4 or not parts[1].isdecimal() or not parts[3].isdecimal():
        return None
    return Pressed(parts[0], int(parts[1]), _LETTERS.get(parts[2], parts[2]), int(parts[3]))


def options_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the options of a message of the conversation."""
    options: list[dict[str, Any]] = message.get("options", [])
    return options


def is_checklist(message: dict[str, Any]) -> bool:
    """Return whether several options may be chosen."""
    return bool(message.get("data", {}).get("input", {}).get("type") == "multi")


def is_correctable(message: dict[str, Any]) -> bool:
    """Return whether an answer to it can be changed later: a question of the interview."""
    return message["kind"] == "question" and "question_id" in message.get("data", {})


def numbered_titles(message: dict[str, Any]) -> list[str]:
    """Return lines for the text when titles are too long for buttons, and of every list to tick: else nothing.

    Once a list is answered one button is left below it, and what was not ticked would be seen nowhere.
    """
    titles = [option["title"] for option in options_of(message)]
    if not is_checklist(message) and all(len(title) <= _LONGEST_TITLE for title in titles):
        return []
    return [f"{number}. {title}" for number, title in enumerate(titles, start=1)]


def keyboard_of(message: dict[str, Any], tag: str, say: Say, picked: Collection[str] = ()) -> Rows:
    """Return the buttons below a message that asks something.

    Args:
        message: As the HTTP contract has it.
        tag: Of the conversation.
        say: The catalogue, in the message's language.
        picked: Values chosen so far in a checklist.
    """
    number, options = message["id"], options_of(message)
    is_numbered = bool(numbered_titles(message))
    titles = [
        _short(f"{position}. {option['title']}") if is_numbered else option["title"]
        for position, option in enumerate(options, start=1)
    ]
    if not is_checklist(message):
        return _rows([(title, data_of(tag, number, "o", index)) for index, title in enumerate(titles)])
    marks = [
        (f"{'☑' if option['value'] in picked else '☐'} {title}", data_of(tag, number, "t", index))
        for index, (option, title) in enumerate(zip(options, titles, strict=True))
    ]
    return [
        *([_button(title, data)] for title, data in marks),
        [_button(say("telegram-button-done"), data_of(tag, number, "d"))],
    ]


def chosen_keyboard(message: dict[str, Any], tag: str, answer: str, say: Say) -> Rows:
    """Return the one button that is left once a message is answered: what was chosen, and that it can be changed.

    Where that is too much for a button of a list with numbers, their numbers are shown: none of it is cut off.
    """
    chosen = _short(answer if len(answer) <= _LONGEST_TITLE else _numbers_in(message, answer) or answer)
    if is_correctable(message):
        return [[_button(say("telegram-button-change", chosen=chosen), data_of(tag, message["id"], "c"))]]
    return [[_button(say("telegram-button-chosen", chosen=chosen), data_of(tag, message["id"], "x"))]]


def _numbers_in(message: dict[str, Any], answer: str) -> str:
    """Return the numbers of the titles that an answer names; nothing where the text has no numbers."""
    if not numbered_titles(message):
        return ""
    rest, numbers = answer, []
    titles = enumerate((option["title"] for option in options_of(message)), start=1)
    for number, title in sorted(titles, key=lambda each: -len(each[1])):  # one title may stand in another
        if title in rest:
            rest = rest.replace(title, "", 1)
            numbers.append(number)
    return ", ".join(str(number) for number in sorted(numbers))


def own_keyboard(tag: str, *buttons: tuple[str, str]) -> Rows:
    """Return buttons of the channel itself, each with its title and word."""
    return _rows([(title, own_data(tag, word)) for title, word in buttons])


def toggled(message: dict[str, Any], picked: Collection[str], value: str) -> list[str]:
    """Return the values chosen after one was pressed: what stands alone drops the rest, and the rest drops it."""
    options = {option["value"]: bool(option.get("exclusive")) for option in options_of(message)}
    if value in picked:
        return [each for each in picked if each != value]
    if options[value]:
        return [value]
    return [*(each for each in picked if not options.get(each, True)), value]


def _rows(buttons: Sequence[tuple[str, str]]) -> Rows:
    if all(len(title) <= _TITLE_OF_A_ROW // 2 for title, _ in buttons):
        made = [_button(*each) for each in buttons]
        return [made[start : start + _TITLES_IN_A_ROW] for start in range(0, len(made), _TITLES_IN_A_ROW)]
    return [[_button(*each)] for each in buttons]


def _button(title: str, data: str) -> dict[str, str]:
    return {"text": title, "callback_data": data}


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1].rstrip()}…"
