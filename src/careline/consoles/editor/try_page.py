"""Trying a protocol by buttons, as it is served or as its newest text would have it; the form carries the answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import Response

from careline.consoles.editor import insight_words as words
from careline.consoles.editor.doors import Editor, Me, Services
from careline.consoles.editor.frame import desk_page, part
from careline.consoles.editor.insight_services import DraftRefusedError, Insight, InsightServices
from careline.consoles.editor.plain_problems import PlainProblem, in_plain_words
from careline.consoles.editor.services import EditorServices
from careline.consultation.insight.protocol_trial import MOST_ANSWERS, Answer, Trial
from careline.editorial.errors import EditorialError
from careline.editorial.item import Kind

router = APIRouter(prefix="/console/content/try", include_in_schema=False)

_MOST_STATE = 40_000  # characters of the answers that the form carries
_MOST_WORDS = 500
_LIVE, _DRAFT = "live", "draft"


@router.get("")
async def show_choice(request: Request, me: Me, services: Services) -> Response:
    """Show which protocols can be tried."""
    chosen = request.query_params.get("protocol", "")[:80]
    return desk_page(request, "editor/try.html", me=me, **await run_in_threadpool(_shown, services, chosen, _LIVE))


@router.post("")
async def go_on(request: Request, me: Me, services: Services, insight: Insight) -> Response:
    """Take one more answer, and show how the interview stands."""
    form = await request.form()
    protocol, text = _field(form, "protocol"), _DRAFT if _field(form, "text") == _DRAFT else _LIVE
    answers = _answers_then(form)
    shown = await run_in_threadpool(_shown, services, protocol, text)
    try:
        trial = await run_in_threadpool(_run, services, insight, protocol, text, answers)
    except DraftRefusedError as error:
        return desk_page(request, "editor/try.html", me=me, status=422, **shown | {"problems": _plain(error)})
    if trial is None:
        return desk_page(request, "editor/try.html", me=me, status=404, **shown | {"is_unknown": True})
    return desk_page(request, "editor/try.html", me=me, **shown | _stands(trial, answers))


@router.post("/pane")
async def go_on_beside_the_text(request: Request, me: Editor, insight: Insight) -> Response:
    """Take one more answer, by the text that is being written; what is in the field counts, saved or not."""
    form = await request.form()
    path, text = _field(form, "path"), form.get("text", "")
    answers = [] if _field(form, "step") == "start" else _answers_then(form)
    shown: dict[str, Any] = {"trial": None, "problems": [], "is_unknown": False, "words": words, "pane": True}
    try:
        protocol = path.removeprefix("protocols/").removesuffix(".yml")
        written = text.replace("\r\n", "\n") if isinstance(text, str) else ""
        trial = await run_in_threadpool(insight.try_text, protocol, path, written, answers)
    except DraftRefusedError as error:
        return part(request, "editor/trial.html", me=me, values=shown | {"problems": _plain(error)})
    found = {"is_unknown": True} if trial is None else _stands(trial, answers)
    return part(request, "editor/trial.html", me=me, values=shown | found)


def _plain(error: DraftRefusedError) -> list[PlainProblem]:
    """Return in plain words why a draft cannot be tried."""
    return [in_plain_words(said) for said in error.problems]


def _answers_then(form: FormData) -> list[Answer]:
    """Return the answers that the form carries, with what was pressed."""
    answers = _answers(_field(form, "answers"))
    if _field(form, "step") == "back":
        return answers[:-1]
    if (question := _field(form, "question")) and _field(form, "step") != "start":
        return [*answers, Answer(question, _value(form))]
    return answers


def _stands(trial: Trial, answers: Sequence[Answer]) -> dict[str, Any]:
    kept = json.dumps([[answer.question_id, answer.value] for answer in trial.answers])
    return {"trial": trial, "kept": kept, "is_refused": len(trial.answers) < len(answers)}


def _run(
    services: EditorServices, insight: InsightServices, protocol: str, text: str, answers: Sequence[Answer]
) -> Trial | None:
    """Return how the interview stands.

    Raises:
        DraftRefusedError: The draft cannot be used.
    """
    if text == _LIVE:
        return insight.try_live(protocol, answers)
    path = f"protocols/{protocol}.yml"
    try:
        item = services.editorial.editing.item(path)
    except EditorialError:
        return None
    return insight.try_text(protocol, path, item.revision(item.newest).text, answers)


def _shown(services: EditorServices, protocol: str, text: str) -> dict[str, Any]:
    names = dict(services.complaints())
    drafts = []
    for entry in services.catalogue.entries():
        if entry.line.kind is Kind.PROTOCOL and entry.line.newest != entry.line.served:
            name = entry.line.path.removeprefix("protocols/").removesuffix(".yml")
            drafts.append(name)
            names.setdefault(name, entry.card.title)
    return {
        "protocols": sorted(names.items(), key=lambda one: one[1].lower()),
        "drafts": sorted(names[name] for name in drafts),
        "given": {"protocol": protocol, "text": text},
        "trial": None,
        "kept": "[]",
        "problems": [],
        "is_refused": False,
        "is_unknown": False,
        "pane": False,
        "words": words,
    }


def _field(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value[:_MOST_STATE].strip() if isinstance(value, str) else ""


def _answers(kept: str) -> list[Answer]:
    """Return the answers that the form carries; none where it was tampered with: the trial then begins anew."""
    try:
        given = json.loads(kept or "[]")
        return [Answer(str(question)[:80], value) for question, value in given[:MOST_ANSWERS]]
    except (ValueError, TypeError, RecursionError):
        return []


def _value(form: FormData) -> Any:  # noqa: ANN401 - of the shape that the question wants
    """Return what was answered, in the shape of a button's value."""
    pressed = _field(form, "press")
    if pressed:
        return pressed
    if number := _field(form, "number"):
        try:
            return {"number": float(number.replace(",", ".")), "unit": _field(form, "unit")}
        except ValueError:
            return None
    if typed := _field(form, "typed"):
        return typed[:_MOST_WORDS]
    return [value for value in form.getlist("ticked") if isinstance(value, str)][:MOST_ANSWERS]
