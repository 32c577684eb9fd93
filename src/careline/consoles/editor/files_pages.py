"""Content as files: taken in from the program's own folder or from somebody's zip file, and given out as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import Response

from careline.consoles.editor import words
from careline.consoles.editor.doors import Editor, Me, Services, actor_of
from careline.consoles.editor.frame import desk_page
from careline.consoles.editor.plain_problems import PlainProblem, in_plain_words
from careline.consoles.editor.release_pages import Admin
from careline.consoles.editor.services import EditorServices
from careline.editorial.errors import EditorialError, TextError
from careline.editorial.folder import Import
from careline.editorial.life_cycle import Actor
from careline.editorial.uploads import Left, Upload
from careline.editorial.zip_files import MOST_ZIP_BYTES, texts_of_zip, zipped
from careline.staff.account import Role
from careline.staff.sessions import StaffSession

router = APIRouter(prefix="/console/content/files", include_in_schema=False)

UPLOAD = "/console/content/files/upload"
MOST_UPLOAD_BYTES = MOST_ZIP_BYTES + 64 * 1024  # with the rest of the form
_NAME = "careline-knowledge.zip"
_WHY_LEFT = {
    Left.BUSY: "Somebody is working on these. Publish that work, or give it up, then bring the file again:",
    Left.FROM_PROGRAM: "These come with the program, and are not changed here:",
    Left.NAMELESS: "The program reads no such file. Rules and sentences are changed in the files that there are:",
}


@dataclass(frozen=True)
class Brought:
    """What became of a zip file, as the page says it.

    Attributes:
        is_taken: Whether the drafts were made; else it was only looked at, or refused.
        here: What is wrong in the files themselves: nothing was taken in.
        elsewhere: What does not fit them in other files: they cannot be published before it does.
    """

    upload: Upload
    is_taken: bool = False
    here: tuple[PlainProblem, ...] = ()
    elsewhere: tuple[PlainProblem, ...] = ()

    @property
    def left(self) -> list[tuple[str, list[str]]]:
        """The paths that are not taken in, by why."""
        by_reason = ((why, [path for path, one in self.upload.left.items() if one is why]) for why in Left)
        return [(_WHY_LEFT[why], paths) for why, paths in by_reason if paths]


@router.get("")
async def show_files(request: Request, me: Me, services: Services) -> Response:
    """Show what can be taken in and given out."""
    return await _page(request, me, services)


@router.get("/export")
async def export(request: Request, me: Me, services: Services) -> Response:
    """Give out what is published as a zip file: the same files as `careline content export` writes."""
    try:
        data = await run_in_threadpool(lambda: zipped(services.editorial.folder.published()))
    except EditorialError as error:
        return await _page(request, me, services, status=409, refused=words.refusal(error, ""))
    headers = {"Content-Disposition": f'attachment; filename="{_NAME}"'}
    return Response(data, media_type="application/zip", headers=headers)


@router.post("/program")
async def take_in_program(request: Request, me: Admin, services: Services) -> Response:
    """Take in the files that came with the program, as `careline content import` does; never over local edits."""
    try:
        found, is_seen = await run_in_threadpool(_taken_from_program, services, actor_of(me))
    except EditorialError as error:
        return await _page(request, me, services, status=422, refused=words.refusal(error, ""))
    return await _page(request, me, services, came=found, is_seen=is_seen)


@router.post("/upload")
async def upload(request: Request, me: Editor, services: Services) -> Response:
    """Look at the files of a zip file, or make drafts of them: whoever brings them is their author."""
    async with request.form() as form:
        file, takes = form.get("file"), form.get("decision") == "take"
        data = await file.read(MOST_ZIP_BYTES + 1) if isinstance(file, UploadFile) and file.filename else None
    if data is None:
        return await _page(request, me, services, status=422, refused="Choose a zip file.")
    try:
        brought = await run_in_threadpool(_brought, services, actor_of(me), data, takes=takes)
    except EditorialError as error:
        return await _page(request, me, services, status=422, refused=words.refusal(error, ""))
    return await _page(request, me, services, status=422 if brought.here else 200, brought=brought)


def _taken_from_program(services: EditorServices, actor: Actor) -> tuple[Import, bool]:
    """Take the files in, and return with what came of it whether patients see exactly what is published now."""
    found = services.editorial.folder.import_from(actor, services.knowledge)
    services.editorial.publishing.adopt()
    return found, bool(services.editorial.publishing.history(1))


def _brought(services: EditorServices, actor: Actor, data: bytes, *, takes: bool) -> Brought:
    if not services.editorial.folder.is_in_use():
        raise TextError("No content is edited here yet. First an admin takes in what came with the program.")
    texts = texts_of_zip(data)
    uploads = services.editorial.uploads
    found = uploads.looked_at(actor, texts)
    problems = [in_plain_words(said) for said in services.problems_of({path: texts[path] for path in found.taken})]
    here = tuple(one for one in problems if one.file in found.taken or not one.file)
    elsewhere = tuple(one for one in problems if one not in here)
    if takes and not here:
        return Brought(uploads.take(actor, texts), is_taken=True, elsewhere=elsewhere)
    return Brought(found, here=here, elsewhere=elsewhere)


async def _page(
    request: Request,
    me: StaffSession,
    services: EditorServices,
    *,
    status: int = 200,
    refused: str = "",
    came: Import | None = None,
    is_seen: bool = True,
    brought: Brought | None = None,
) -> Response:
    entries = await run_in_threadpool(services.catalogue.entries)
    titles = {entry.line.path: entry.card.title for entry in entries}
    return desk_page(
        request,
        "editor/files.html",
        me=me,
        status=status,
        refused=refused,
        came=came,
        is_seen=is_seen,
        brought=brought,
        titled=lambda paths: _titled(paths, titles),
        total=len(entries),
        most_megabytes=MOST_ZIP_BYTES // 1024 // 1024,
        is_admin=Role.ADMIN in me.account.roles,
        can_write=Role.EDITOR in me.account.roles,
    )


def _titled(paths: Sequence[str], titles: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return each path with its title; without one where there is no such item."""
    return [(path, titles.get(path, "")) for path in paths]
