"""Takes the content in for the demo, and has its editor begin work on it: there is something to review and to sign."""

from __future__ import annotations

from dataclasses import dataclass

from careline.app.services import Careline
from careline.editorial.life_cycle import TERMINAL, Actor


@dataclass(frozen=True)
class DemoDraft:
    """A change of wording that nobody needs: invented work on a real text.

    Attributes:
        path: Of the item.
        old, new: What stands there, and what the editor made of it.
        comment: What the editor says about it; empty: nothing.
        reaches: How far it came: `draft`, `in_review` or `signed`.
    """

    path: str
    old: str
    new: str
    comment: str
    reaches: str


DRAFTS = (
    DemoDraft(
        "articles/back_pain.md", "- Keep moving. Short walks are good.", "- Keep moving. Take short walks.", "", "draft"
    ),
    DemoDraft(
        "articles/cold_flu.md",
        "- Cough and sneeze into a tissue, then bin it.",
        "- Cough and sneeze into a tissue. Then put it in the bin.",
        "Two short sentences in the place of a long one. Does it still say the same?",
        "in_review",
    ),
    DemoDraft(
        "articles/hay_fever.md",
        "- Shower and change your clothes when you come in.",
        "- When you come in, shower and change your clothes.",
        "",
        "signed",
    ),
)


def begin_content(careline: Careline, *, editor: Actor, clinician: Actor) -> None:
    """Take the content in, as `careline content import` does, and leave some work on it half done."""
    editorial = careline.editorial
    editorial.folder.import_from(TERMINAL, careline.settings.knowledge_dir)
    editorial.publishing.adopt()
    for draft in DRAFTS:
        item = editorial.editing.item(draft.path)
        before = item.revision(item.newest).text
        if draft.old not in before:
            raise LookupError(f"{draft.path}: {draft.old!r} does not stand there any more. Mend tools/demo_content.py.")
        text = before.replace(draft.old, draft.new)
        saved = editorial.editing.save(editor, draft.path, text, base=item.newest)
        if draft.comment:
            editorial.editing.comment(editor, draft.path, saved.number, draft.comment)
        if draft.reaches != "draft":
            editorial.editing.submit(editor, draft.path, saved.number)
        if draft.reaches == "signed":
            editorial.editing.sign(clinician, draft.path, saved.number, read=saved.text_hash)
