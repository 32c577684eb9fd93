"""The rules as a manual that a clinician can read: one page per protocol, one for the red flags, one for the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from careline.clinical.conditions import (
    Comparison,
    Expression,
    OneOfComplaints,
    OneOfValues,
    Several,
    Sign,
)
from careline.clinical.content import RedFlag
from careline.clinical.rulebook import CompiledProtocol, CompiledRule, RuleBook

_GENERATED = "<!-- Written by `make spec` from knowledge/. Change the content, not this page. -->"
_LIMITS = (("at_least", "≥"), ("above", ">"), ("at_most", "≤"), ("below", "<"))


def write_specification(book: RuleBook, folder: Path) -> list[Path]:
    """Write the manual into `folder`, replacing what is there; return its pages."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.md"):
        old.unlink()
    pages = {f"{name}.md": _protocol_page(protocol, book) for name, protocol in sorted(book.protocols.items())}
    pages["red_flags.md"] = _red_flags_page(book)
    pages["general_rules.md"] = _general_page(book)
    pages["medicines.md"] = _medicines_page(book)
    for name, lines in pages.items():
        (folder / name).write_text("\n".join([_GENERATED, "", *lines, ""]), encoding="utf-8")
    return [folder / name for name in sorted(pages)]


def in_words(expression: Expression, book: RuleBook) -> str:
    """Return a condition as a sentence part."""
    if isinstance(expression, Several):
        parts = [in_words(part, book) for part in expression.parts]
        if len(parts) == 1:
            return parts[0]
        if expression.count == len(parts):
            return "(" + " and ".join(parts) + ")"
        if expression.count == 1:
            return "(" + " or ".join(parts) + ")"
        return f"(at least {expression.count} of: {', '.join(parts)})"
    if isinstance(expression, OneOfComplaints):
        return "complaint is " + " or ".join(expression.complaints)
    return _leaf_in_words(expression, book)


def _leaf_in_words(expression: Sign | Comparison | OneOfValues, book: RuleBook) -> str:
    title = _title(expression.finding, book)
    if isinstance(expression, Sign):
        return title
    if isinstance(expression, OneOfValues):
        return f"{title} is {' or '.join(expression.values)}"
    limits = [(sign, getattr(expression, name)) for name, sign in _LIMITS]
    unit = book.findings[expression.finding].unit or ""
    return f"{title} " + " and ".join(f"{sign} {limit:g} {unit}" for sign, limit in limits if limit is not None)


def _title(finding: str, book: RuleBook) -> str:
    if finding in book.findings:
        return book.findings[finding].title
    return book.red_flags[finding].flag.title


def _protocol_page(compiled: CompiledProtocol, book: RuleBook) -> Iterator[str]:
    protocol, review = compiled.protocol, compiled.protocol.review
    yield f"# {protocol.title}"
    yield ""
    yield f"Protocol `{protocol.id}`. Reviewer: {review.reviewer}. Review by {review.review_by}."
    if compiled.applies is not None:
        yield f"Used when: {in_words(compiled.applies, book)}."
    yield ""
    yield "## Rules"
    yield ""
    yield from _rules_table(compiled.rules, book)
    yield f"| | nothing of the above | {protocol.baseline.value} | {protocol.baseline_reason} | |"
    yield ""
    yield "## Questions"
    yield ""
    yield "| question | why we ask | settles | left unknown |"
    yield "|---|---|---|---|"
    for question in compiled.questions:
        asked = question.question
        settles = ", ".join(_title(finding, book) for finding in sorted(question.settles))
        floor = asked.if_unknown.value if asked.if_unknown else ""
        yield f"| {asked.text} | {asked.why} | {settles} | {floor} |"


def _red_flags_page(book: RuleBook) -> Iterator[str]:
    yield "# Red flags"
    yield ""
    yield "Screened in every message, whatever the complaint."
    yield ""
    yield "| red flag | kind | acuity | raised by words | raised by findings | asked in doubt | sources |"
    yield "|---|---|---|---|---|---|---|"
    for flag_id, compiled in sorted(book.red_flags.items()):
        flag = compiled.flag
        when = in_words(compiled.when, book) if compiled.when is not None else ""
        yield (
            f"| {flag.title} (`{flag_id}`) | {_kind(flag)} | {flag.acuity.value} | "
            f"{len(flag.expressions)} expressions | {when} | {flag.question or ''} | {', '.join(flag.sources)} |"
        )


def _kind(flag: RedFlag) -> str:
    return f"{flag.kind}, may be watched" if flag.may_be_watched else flag.kind


def _general_page(book: RuleBook) -> Iterator[str]:
    yield "# Rules that hold whatever the complaint"
    yield ""
    yield "Modifiers and vital signs. A rule without an acuity raises what the others found by one step."
    yield ""
    yield from _rules_table(book.general_rules, book)


def _medicines_page(book: RuleBook) -> Iterator[str]:
    yield "# Medicines"
    yield ""
    yield "For whom a common remedy is not a matter of course. The strictest rule that holds is said first; no doses."
    yield ""
    yield "| rule | medicines | when | action | what the patient reads | sources |"
    yield "|---|---|---|---|---|---|"
    for each in book.medicines.rules:
        rule = each.rule
        titles = ", ".join(book.medicines.medicines[name].title for name in rule.medicines) or "every medicine"
        when = in_words(each.when, book) if each.when is not None else ("" if rule.unless_known else "always")
        unknown = ", ".join(_title(finding, book) for finding in rule.unless_known)
        when = " or ".join(part for part in (when, f"not known: {unknown}" if unknown else "") if part)
        yield f"| `{rule.id}` | {titles} | {when} | {rule.action} | {rule.text} | {', '.join(rule.sources)} |"


def _rules_table(rules: Iterable[CompiledRule], book: RuleBook) -> Iterator[str]:
    yield "| rule | when | acuity | reason given | sources |"
    yield "|---|---|---|---|---|"
    for compiled in rules:
        rule = compiled.rule
        acuity = rule.acuity.value if rule.acuity else "one step up"
        yield (
            f"| `{rule.id}` | {in_words(compiled.when, book)} | {acuity} | {rule.reason} | {', '.join(rule.sources)} |"
        )
