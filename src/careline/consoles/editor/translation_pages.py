"""Translating a file: each sentence that patients read, and beside it a field for what is said in another language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from careline.consoles.editor import words
from careline.consoles.editor.catalogue import card_of
from careline.consoles.editor.doors import Editor, Services, actor_of
from careline.consoles.editor.frame import desk_page
from careline.consoles.editor.plain_problems import PlainProblem, in_plain_words
from careline.consoles.editor.services import EditorServices
from careline.consoles.editor.shown_text import ShownPiece, shown_pieces
from careline.consoles.editor.translating import MOST_CHARACTERS, Pair, Said
from careline.consoles.editor.translation_lines import item_if_any, standing_text
from careline.editorial.errors import EditorialError, StaleRevisionError, UnknownItemError
from careline.staff.sessions import StaffSession

router = APIRouter(prefix="/console/content/translation", include_in_schema=False)

Path = Annotated[str, Query(max_length=200)]
Language = Annotated[str, Query(max_length=20)]
_WORDS, _FITS = "said:", "fits:"  # what the fields of a sentence are called, before its key


@dataclass(frozen=True)
class TranslationForm:
    """A translation as its page shows it.

    Attributes:
        of, title: Path of the file that is translated, and what it is called.
        path: Of the translation.
        base: Number of the revision that it was begun from; 0 for a new one.
        typed: What stands in the fields, by key.
        fits: Keys of sentences that were changed, and whose translation is said to fit them still.
        problems: What is wrong, by key; what belongs to no sentence stands under an empty key.
        elsewhere: What does not fit it in other files: it is saved, and cannot be published before they fit.
        stands, author, pieces: Of somebody else's translation, saved meanwhile.
        unsaved: When the person wrote something here that they did not save.
    """

    of: str
    title: str
    language: str
    name: str
    path: str
    base: int
    pairs: Sequence[Pair]
    typed: Mapping[str, str]
    fits: frozenset[str] = frozenset()
    problems: Mapping[str, str] | None = None
    elsewhere: tuple[PlainProblem, ...] = ()
    stands: int = 0
    author: str = ""
    pieces: tuple[ShownPiece, ...] = ()
    done: str = ""
    unsaved: dt.datetime | None = None


@router.get("")
async def show_translation(
    request: Request,
    me: Editor,
    services: Services,
    of: Path = "",
    language: Language = "",
    unsaved: Annotated[str, Query(max_length=3)] = "",
) -> Response:
    """Show the sentences of a file with their translation; or what somebody wrote there and did not save."""
    form = await run_in_threadpool(_opened, services, of, language)
    if not form.pairs:  # what cannot be shown sentence by sentence can be mended as text
        return RedirectResponse(f"/console/content/text?{urlencode({'path': form.path})}", 303)
    kept_as = _kept_as(form.path)
    if unsaved == "no":
        services.unsaved.forget(me.account.id, kept_as)
    kept = services.unsaved.of(me.account.id, kept_as)
    if kept is not None and unsaved == "yes":
        form = replace(_with_given(form, kept.fields), base=_number(kept.fields.get("base", "")))
    elif kept is not None:
        form = replace(form, unsaved=kept.at)
    return _page(request, me, form)


@router.post("")
async def save_translation(request: Request, me: Editor, services: Services) -> Response:
    """Save what is translated as a draft, if it can be used."""
    return await run_in_threadpool(_saved, request, me, services, await _given(request))


@router.post("/keep")
async def keep_translation(request: Request, me: Editor, services: Services) -> Response:
    """Keep what is written so far, unsaved; called while somebody writes."""
    given = await _given(request)
    form = await run_in_threadpool(_opened, services, given.get("of", ""), given.get("language", ""))
    services.unsaved.keep(me.account.id, _kept_as(form.path), given)
    return Response(status_code=204)


def _opened(services: EditorServices, of: str, language: str) -> TranslationForm:
    """Return the form of a translation as it is saved.

    Raises:
        UnknownItemError: There is no such file, it holds no sentences, or the language is none of ours.
    """
    translating = services.translating
    name = translating.languages().get(language)
    text = standing_text(services, of) if name is not None and translating.is_translatable(of) else None
    if name is None or text is None:
        raise UnknownItemError(f"{of}: cannot be translated into {language!r} here.")
    path = translating.target(language, of)
    item = item_if_any(services, path)
    before = item.revision(item.newest).text if item is not None else None
    pairs = translating.pairs(of, text, before)
    typed = {pair.key: pair.said for pair in pairs}
    title = card_of(of, words.kind_of_path(of), text).title
    return TranslationForm(of, title, language, name, path, item.newest if item is not None else 0, pairs, typed)


def _with_given(form: TranslationForm, given: Mapping[str, str]) -> TranslationForm:
    typed = {pair.key: " ".join(given.get(f"{_WORDS}{pair.key}", "").split()) for pair in form.pairs}
    return replace(form, typed=typed, fits=frozenset(pair.key for pair in form.pairs if f"{_FITS}{pair.key}" in given))


def _saved(request: Request, me: StaffSession, services: EditorServices, given: Mapping[str, str]) -> Response:
    opened = _opened(services, given.get("of", ""), given.get("language", ""))
    form = replace(_with_given(opened, given), base=_number(given.get("base", "")))
    if given.get("decision") == "mine":
        form = replace(form, base=_number(given.get("stands", "")))
    item = item_if_any(services, form.path)
    before = next((one.text for one in item.revisions if one.number == form.base), None) if item is not None else None
    source = standing_text(services, form.of) or ""
    pairs = {pair.key: pair for pair in services.translating.pairs(form.of, source, before)}
    said = {
        key: Said(_mark(pairs[key], text, form, given), text)
        for key, text in form.typed.items()
        if text and key in pairs
    }
    problems = {
        key: f"It is too long: write at most {MOST_CHARACTERS} characters."
        for key, one in said.items()
        if len(one.text) > MOST_CHARACTERS
    }
    if not said:
        problems[""] = "Translate one sentence at least."
    if problems:
        return _page(request, me, replace(form, problems=problems), status=422)
    text = services.translating.text(form.language, form.of, said, before)
    found = [in_plain_words(one) for one in services.problems(form.path, text)]
    here = [one for one in found if one.file in ("", form.path)]
    form = replace(form, elsewhere=tuple(one for one in found if one not in here))
    if here:
        return _page(request, me, replace(form, problems={"": " ".join(one.text for one in here)}), status=422)
    try:
        saved = services.editorial.editing.save(actor_of(me), form.path, text, base=form.base or None)
    except StaleRevisionError as error:
        theirs = services.editorial.editing.item(form.path).revision(error.newest)
        author = words.name(theirs.author, services.names())
        pieces = tuple(shown_pieces(error.difference))
        return _page(request, me, replace(form, stands=error.newest, author=author, pieces=pieces), status=409)
    except EditorialError as error:
        return _page(request, me, replace(form, problems={"": words.refusal(error, form.path)}), status=422)
    services.unsaved.forget(me.account.id, _kept_as(form.path))
    if form.elsewhere:
        done = "Your translation is saved as a draft."
        return _page(request, me, replace(form, base=saved.number, done=done))
    return RedirectResponse(f"/console/content/item?{urlencode({'path': form.path, 'done': 'save'})}", 303)


def _mark(pair: Pair, text: str, form: TranslationForm, given: Mapping[str, str]) -> str:
    """Return the mark of the sentence that somebody translated: the one that they saw, which may be older than ours.

    Words that stand as they stood are of the sentence that they were written for, unless they are said to fit.
    """
    if pair.said and text == " ".join(pair.said.split()) and pair.key not in form.fits:
        return pair.said_of
    return given.get(f"seen:{pair.key}", pair.mark)


def _page(request: Request, me: StaffSession, form: TranslationForm, *, status: int = 200) -> Response:
    open_keys = [pair.key for pair in form.pairs if pair.state != "current"]
    return desk_page(
        request,
        "editor/translation_form.html",
        me=me,
        status=status,
        form=form,
        problems=form.problems or {},
        open_keys=open_keys,
        most=MOST_CHARACTERS,
    )


async def _given(request: Request) -> dict[str, str]:
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


def _kept_as(path: str) -> str:
    return f"sentences of {path}"


def _number(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 0
