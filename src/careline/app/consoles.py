"""Wiring the consoles: what their pages work with, and which of them stand in the navigation for whom."""

from __future__ import annotations

from careline.app.content_checks import TextChecks
from careline.app.content_translations import ContentTranslations
from careline.app.insight import languages_of
from careline.app.services import Careline
from careline.consoles.clinician.doors import clinician_of
from careline.consoles.clinician.drafts import Drafts
from careline.consoles.clinician.services import ClinicianServices, ConsoleServices
from careline.consoles.clinician.viewing import Viewing
from careline.consoles.editor.catalogue import Catalogue
from careline.consoles.editor.services import EditorServices
from careline.consoles.editor.unsaved import UnsavedForms
from careline.consoles.shell.pages import NavigationLink, Pages
from careline.consoles.shell.services import ShellServices
from careline.consultation.case_reading import CaseReading
from careline.consultation.stored_replies import StoredReplies
from careline.escalation.escalation import Clinician
from careline.staff.account import Role

_POLL_SECONDS_ALONE = 20.0  # live events: a wake-up is in process, so looking by oneself is only a safety net
_POLL_SECONDS_SHARED = 3.0  # each look fetches the rows again


def clinician_services(careline: Careline, replies: StoredReplies) -> ClinicianServices:
    """What the clinicians' API works with."""
    return ClinicianServices(
        desk=careline.desk,
        handling=careline.handling,
        conversations=careline.conversations,
        replies=replies,
        viewing=Viewing(careline.staff),
        service_key=careline.service_key,
        clinician_of=lambda account_id: _clinician(careline, account_id),
    )


def console_services(careline: Careline, api: ClinicianServices) -> ConsoleServices:
    """What the clinicians' pages work with."""
    return ConsoleServices(
        api=api,
        queue=careline.queue,
        figures=careline.figures,
        duty=careline.duty,
        delivery=careline.delivery,
        cases=CaseReading(careline.database, careline.house, careline.releases),
        wakeups=careline.wakeups,
        presence=careline.presence,
        drafts=Drafts(careline.house.now),
        canned_replies=careline.canned_replies,
        colleagues=lambda: _colleagues(careline),
        poll_seconds=_POLL_SECONDS_ALONE if careline.database.is_sqlite else _POLL_SECONDS_SHARED,
        now=careline.house.now,
        target=careline.respond_within,
    )


def editor_services(careline: Careline) -> EditorServices:
    """What the editors' pages work with."""
    checks = TextChecks(
        careline.editorial.editing, careline.house.wording, careline.settings.knowledge_dir, careline.house.now
    )
    return EditorServices(
        editorial=careline.editorial,
        catalogue=Catalogue(careline.editorial.editing),
        names=lambda: {one.id: one.name for one in careline.staff.accounts.all()},
        knowledge=careline.settings.knowledge_dir,
        problems=checks.problems,
        problems_of=checks.problems_of,
        lacks=checks.lacks,
        unsaved=UnsavedForms(careline.house.now),
        complaints=lambda: {
            name: compiled.protocol.title for name, compiled in careline.releases.newest.book.protocols.items()
        },
        languages=lambda: languages_of(careline),
        translating=ContentTranslations(lambda: _translated_into(careline), careline.house.now),
        now=careline.house.now,
    )


def _translated_into(careline: Careline) -> dict[str, str]:
    """Return the languages in which a consultation is held by the texts in `translations/`: code and name."""
    read = careline.releases.newest.book.languages.read
    return {code: name for code, name in languages_of(careline).items() if code not in read}


def _colleagues(careline: Careline) -> list[Clinician]:
    people = careline.staff.accounts.all()
    return [clinician_of(one) for one in people if Role.CLINICIAN in one.roles and not one.is_disabled]


def _clinician(careline: Careline, account_id: str) -> Clinician | None:
    return next((one for one in _colleagues(careline) if one.id == account_id), None)


def shell_services(careline: Careline) -> ShellServices:
    """What all pages of the consoles share."""
    admin, clinician, everybody = frozenset({Role.ADMIN}), frozenset({Role.CLINICIAN}), frozenset(Role)
    return ShellServices(
        staff=careline.staff,
        operator=careline.settings.operator,
        has_secure_cookies=not careline.settings.is_for_this_machine_alone,
        pages=Pages(["shell", "clinician", "editor"]),
        navigation=(
            NavigationLink("Queue", "/console/queue", clinician),
            NavigationLink("Search", "/console/search", clinician),
            NavigationLink("Figures", "/console/figures", clinician),
            NavigationLink("Staff", "/console/staff", admin),
            NavigationLink("Audit trail", "/console/audit", admin),
            NavigationLink("Content", "/console/content", everybody, also=("/console/releases",)),
            NavigationLink("Duty", "/console/duty", admin | clinician),  # after the page that each begins with
            NavigationLink("My account", "/console/account"),
        ),
    )
