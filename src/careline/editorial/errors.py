"""What can go wrong when content is edited.

EditorialError
├── UnknownItemError        there is no such item or revision
├── PathError               the path is none that an item can have
├── TextError               the text cannot be kept or signed: names path, key and remedy
├── NotAllowedError         the person may not do this: has not the role, or wrote the text
├── WrongStateError         the revision's state does not allow this
├── StaleRevisionError      somebody else has changed the item meanwhile; carries the difference
├── NotSignedError          what would be published is not what was signed
├── ContentRefusedError     the checks found problems: nothing was published
├── OverlappingError        another publishing came in between: nothing was published
└── ReleaseMissingError     the release is not there, or not whole
"""

from __future__ import annotations

from collections.abc import Sequence

from careline.editorial.text_difference import TextDifference


class EditorialError(Exception):
    """Base of this room's errors."""


class UnknownItemError(EditorialError):
    """There is no such item or revision; says which."""


class PathError(EditorialError):
    """A path that no item can have; says which there are."""


class TextError(EditorialError):
    """A text that cannot be kept, signed or published; names path, key and remedy."""


class NotAllowedError(EditorialError):
    """The person may not do this; says who may."""


class WrongStateError(EditorialError):
    """The revision's state does not allow this; says which would."""


class StaleRevisionError(EditorialError):
    """Somebody else has changed the item since this text was begun; nothing was saved.

    Attributes:
        newest: Number of the revision that stands now.
        difference: From the text that stands now to the one that was to be saved.
    """

    def __init__(self, path: str, base: int, newest: int, difference: TextDifference) -> None:
        """Keep what is needed to show both texts."""
        super().__init__(
            f"{path}: this text was begun from revision {base}, but {newest} stands now. "
            "Compare the two, and save again from the newest."
        )
        self.newest = newest
        self.difference = difference


class NotSignedError(EditorialError):
    """What would be published is not what was signed, or was never signed."""


class ContentRefusedError(EditorialError):
    """The checks refuse the content as it would be; nothing was published.

    Attributes:
        problems: One line each: file, key, what is wrong, what to do.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        """Keep all problems."""
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class OverlappingError(EditorialError):
    """Another publishing, or a new text, came in between; nothing was published."""


class ReleaseMissingError(EditorialError):
    """The content release is not there, or not whole; says which and what to do."""
