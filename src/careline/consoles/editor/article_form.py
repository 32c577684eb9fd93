"""An article as the fields of a form, and the form's fields as the text of its file."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from careline.consoles.editor.front_matter import with_values, written
from careline.consoles.editor.plain_problems import in_plain_words
from careline.guidance.article import SECTION_HEADINGS, Article, FrontMatter, Source
from careline.guidance.article_files import article_of_text, section_problems
from careline.guidance.errors import ArticleError

Fields = Mapping[str, str]

_FRONT_MATTER = re.compile(r"\A---\n(?P<front>.*?\n)---\n(?P<body>.*)\Z", re.DOTALL)
SECTIONS = tuple(f"section_{number}" for number in range(len(SECTION_HEADINGS)))
SOURCE_PARTS = ("title", "organisation", "url", "accessed", "read_as")
MOST_SOURCES = 30
_REVIEW_AFTER = dt.timedelta(days=180)
_AGES = ("min_age_years", "max_age_years")
LABELS = {
    "id": "Name in addresses",
    "title": "Title",
    "summary": "Summary",
    "language": "Language",
    "complaints": "Complaints",
    "min_age_years": "Youngest age",
    "max_age_years": "Oldest age",
    "pregnancy": "Pregnancy",
    "acuity_ceiling": "Shown up to this urgency",
    "keywords": "Keywords",
    "questions": "Questions that it answers",
    "sources": "Sources",
    "author": "Author",
    "review_by": "Next review",
} | dict(zip(SECTIONS, SECTION_HEADINGS, strict=True))


@dataclass(frozen=True)
class Written:
    """What a form makes.

    Attributes:
        text: Of the file; empty when there are problems.
        problems: What is wrong, by field; one that belongs to no field stands under an empty name.
    """

    text: str
    problems: Mapping[str, str]


def new_fields(author: str, today: dt.date) -> dict[str, str]:
    """Return the fields of an article that is only begun."""
    return {
        "language": "en",
        "pregnancy": "any",
        "acuity_ceiling": "gp_soon",
        "author": author,
        "review_by": (today + _REVIEW_AFTER).isoformat(),
        "source_0_read_as": "not read",
    }


def fields_of(text: str, path: str) -> dict[str, str]:
    """Return an article's text as the fields of a form.

    Raises:
        ArticleError: It cannot be read as an article.
    """
    return _fields(article_of_text(text, Path(path)))


def _fields(article: Article) -> dict[str, str]:
    plain = "id", "title", "summary", "language", "acuity_ceiling", "author"
    fields = {name: str(getattr(article, name)) for name in plain}
    for name in ("complaints", "keywords", "questions"):
        fields[name] = "\n".join(getattr(article, name))
    for name in _AGES:
        years = getattr(article.audience, name)
        fields[name] = "" if years is None else f"{years:g}"
    fields |= {"pregnancy": article.audience.pregnancy, "review_by": article.review_by.isoformat()}
    for number, source in enumerate(article.sources):
        for part in SOURCE_PARTS:
            value = getattr(source, part)
            fields[f"source_{number}_{part}"] = "" if value is None else str(value)
    return fields | {name: one.markdown for name, one in zip(SECTIONS, article.sections, strict=True)}


def sources_in(fields: Fields) -> list[dict[str, str]]:
    """Return the sources of a form that say anything, in order."""
    found = []
    for number in range(MOST_SOURCES):
        source = {part: fields.get(f"source_{number}_{part}", "").strip() for part in SOURCE_PARTS}
        if any(source[part] for part in ("title", "organisation", "url", "accessed")):
            found.append(source | {"read_as": source["read_as"] or "not read"})
    return found


def article_text(fields: Fields, base: str | None) -> Written:
    """Return the text of the file that a form makes, or what is wrong with the form.

    Args:
        fields: As they were typed.
        base: The text that the form was filled from; None for a new article. What did not change keeps its lines.
    """
    problems: dict[str, str] = {}
    values = _values(fields, problems)
    for name, heading in zip(SECTIONS, SECTION_HEADINGS, strict=True):
        wrong = " ".join(section_problems(fields.get(name, "")))
        if wrong:
            problems[name] = f"The section '{heading}' {wrong}"
    if problems:
        return Written("", problems)
    text = _text(values, [fields.get(name, "").strip() for name in SECTIONS], base)
    try:
        article_of_text(text, Path(f"{values['id']}.md"))
    except ArticleError as error:
        for said in error.problems:
            problem = in_plain_words(said)
            field = {"audience": "min_age_years"}.get(problem.field, problem.field)
            problems.setdefault(field if field in LABELS else "", problem.text)
        return Written("", problems)
    return Written(text, {})


def merged(base: Fields, theirs: Fields, mine: Fields) -> tuple[dict[str, str], list[str]]:
    """Return what two people made of one form, and the fields that both changed: those are mine.

    The sources are one field: two people's lists of them are not mixed.
    """
    both: list[str] = []
    result = {name: value for name, value in mine.items() if not name.startswith("source_")}
    for name in {*base, *theirs, *mine}:
        if name.startswith("source_"):
            continue
        was, their, own = (one.get(name, "").strip() for one in (base, theirs, mine))
        if own == was:
            result[name] = theirs.get(name, "")
        elif their not in (was, own):
            both.append(name)
    was_sources, their_sources, own_sources = (sources_in(one) for one in (base, theirs, mine))
    chosen = theirs if own_sources == was_sources else mine
    if own_sources != was_sources and their_sources not in (was_sources, own_sources):
        both.append("sources")
    result |= {name: value for name, value in chosen.items() if name.startswith("source_")}
    return result, [name for name in LABELS if name in both]


def _values(fields: Fields, problems: dict[str, str]) -> dict[str, object]:
    """Return the keys of the front matter that a form has, each fit for its place, or note what is wrong."""
    sources = sources_in(fields)
    raw: dict[str, object] = {name: " ".join(fields.get(name, "").split()) for name in ("id", "title", "summary")}
    raw |= {name: fields.get(name, "").strip() for name in ("language", "acuity_ceiling", "author", "review_by")}
    raw |= {name: _lines(fields.get(name, "")) for name in ("complaints", "keywords", "questions")}
    raw["audience"] = _audience(fields, problems)
    raw["sources"] = [{name: value or None for name, value in source.items()} for source in sources]
    types = {one.name: one.type for one in msgspec.structs.fields(FrontMatter)}
    for name, value in raw.items():
        try:
            msgspec.convert(value, types[name])
        except msgspec.ValidationError as error:
            field = "min_age_years" if name == "audience" else name
            problem = in_plain_words(str(error))
            where = f"{problem.place[0].upper()}{problem.place[1:]}: " if problem.place else ""
            problems.setdefault(field, f"{LABELS[field]}: {where}{problem.text}")
    if not sources:
        problems["sources"] = (
            "Sources: name at least one: where the facts come from, or that they are general knowledge."
        )
    return raw


def _audience(fields: Fields, problems: dict[str, str]) -> dict[str, object]:
    audience: dict[str, object] = {}
    for name in _AGES:
        given = fields.get(name, "").strip()
        if given:
            try:
                years = float(given)
                if not math.isfinite(years):
                    raise ValueError
                audience[name] = int(years) if years.is_integer() else years
            except ValueError:
                problems[name] = f"{LABELS[name]}: write a number of years, such as 2 or 0.5, or nothing."
    audience["pregnancy"] = fields.get("pregnancy", "any")
    return audience


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))


def _text(values: Mapping[str, object], sections: list[str], base: str | None) -> str:
    body = "\n" + "\n\n".join(f"## {name}\n\n{text}" for name, text in zip(SECTION_HEADINGS, sections, strict=True))
    data = {name: _data(name, value) for name, value in values.items()}
    match, before = _read(base, f"{values['id']}.md")
    if match is None or before is None:
        data |= {"reviewer": "unreviewed", "reviewed_on": None, "status": "draft"}
        front = "".join(written(name, data[name]) for name in FrontMatter.__struct_fields__)
        return f"---\n{front}---\n{body}\n"
    changed = {name: value for name, value in data.items() if not _is_same(name, values[name], before)}
    if [one.markdown for one in before.sections] == sections:
        return f"---\n{with_values(match['front'], changed)}---\n{match['body']}"
    return f"---\n{with_values(match['front'], changed)}---\n{body}\n"


def _read(base: str | None, name: str) -> tuple[re.Match[str] | None, Article | None]:
    """Return the parts of the text that a form was filled from; None where there is none that can be read."""
    if base is None:
        return None, None
    text = base.replace("\r\n", "\n")
    try:
        return _FRONT_MATTER.match(text), article_of_text(text, Path(name))
    except ArticleError:
        return None, None


def _is_same(name: str, value: object, before: Article) -> bool:
    types = {one.name: one.type for one in msgspec.structs.fields(FrontMatter)}
    return bool(msgspec.convert(value, types[name]) == getattr(before, name))


def _data(name: str, value: object) -> object:
    """Return a value as it is written: days as days, and a source with all its keys."""
    if name == "review_by":
        return dt.date.fromisoformat(str(value))
    if name == "sources":
        sources = msgspec.convert(value, tuple[Source, ...])
        return [{part: getattr(source, part) for part in SOURCE_PARTS} for source in sources]
    return value
