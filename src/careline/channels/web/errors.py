"""What can go wrong at the web's door.

WebError
├── TokenMissingError    the request carries no token
├── RateLimitedError     too many requests; says when to try again
├── ForeignRequestError  a cookie came with a request that is not from a page of ours
├── UnknownArticleError  there is no such article, or it may not be shown
└── SitesFileError       the operator's file of sites cannot be used
"""

from __future__ import annotations


class WebError(Exception):
    """Base of this room's errors."""


class TokenMissingError(WebError):
    """The request carries no token."""


class RateLimitedError(WebError):
    """Too many requests.

    Attributes:
        reset_at: Unix time from which it is allowed again, in seconds.
    """

    def __init__(self, reset_at: float) -> None:
        """Keep when to try again."""
        super().__init__("too many requests")
        self.reset_at = reset_at


class UnknownArticleError(WebError):
    """There is no such article, or it may not be shown."""


class ForeignRequestError(WebError):
    """A cookie came with a request that is not from a page of ours, or the browser does not say."""


class SitesFileError(WebError):
    """The operator's file of sites cannot be used; names file, field and remedy."""
