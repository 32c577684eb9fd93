"""The security policy of pages: everything from here, nothing inline, and who may embed them."""

from __future__ import annotations

from collections.abc import Sequence


def content_security_policy(embedded_by: Sequence[str] = ()) -> str:
    """Return the policy; nobody may embed the page unless its origin is named."""
    ancestors = " ".join(embedded_by) or "'none'"
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
    )
