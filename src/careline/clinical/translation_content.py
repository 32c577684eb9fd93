"""The shape of the files in `translations/`: the patients' sentences of other files, in another language."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from careline.clinical.content import Review, Shape


class Translation(Shape, frozen=True, kw_only=True):
    """One sentence in another language.

    Attributes:
        of: `translation.mark_of` the sentence that was translated: once that is changed, the translation is stale.
        says: Of an option: other words for it, as patients type.
    """

    of: Annotated[str, Meta(pattern=r"^[0-9a-f]{8}$")]
    text: Annotated[str, Meta(min_length=1, max_length=900)]
    says: tuple[str, ...] = ()


class TranslationsFile(Shape, frozen=True, kw_only=True):
    """`translations/<language>/<path of the file that it translates>`: text alone, it cannot change a rule.

    Attributes:
        texts: By key: the ids that lead to the sentence, and its field, such as `q_throat_danger.spit.title`.
    """

    language: str
    review: Review
    texts: dict[str, Translation]
