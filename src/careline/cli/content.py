"""`careline content`: what editors do with the content in knowledge/ before patients see it."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.markup import escape
from rich.table import Table

from careline.app.release_checks import ContentChecks
from careline.app.release_folder import load_encoder, release_files, vector_cache
from careline.cli.content_editing import add_commands, import_content, newest_edited_release, publish
from careline.cli.output import AsJson, errors, print_json, show_progress, tables
from careline.cli.translations import stale_translations, translations
from careline.clinical.content_schema import content_schemas
from careline.clinical.rulebook import load_rule_book
from careline.clinical.specification import write_specification
from careline.consultation.release_difference import Difference, difference
from careline.consultation.release_files import ReleaseFiles
from careline.guidance.article import ACUITY_NAMES, AcuityName
from careline.guidance.article_check import load_limits
from careline.guidance.article_draft import write_draft
from careline.guidance.article_files import load_articles
from careline.guidance.article_statistics import ArticleFigures, article_figures, complaints_without_article
from careline.guidance.encoder import Encoder
from careline.guidance.errors import GuidanceError
from careline.guidance.index_build import build_index, trial_index
from careline.guidance.progress import silent
from careline.guidance.search import GuidanceSearch, SearchFilter, SearchResult
from careline.settings import Settings

content = typer.Typer(no_args_is_help=True, help="The clinical content in knowledge/.")
content.command()(translations)
add_commands(content)


@content.command()
def new(
    article_id: Annotated[str, typer.Argument(help="Small letters and underscores, such as sore_throat.")],
    title: Annotated[str, typer.Option(help="What patients see above it.")],
    complaint: Annotated[list[str] | None, typer.Option(help="A presenting complaint that it is about.")] = None,
) -> None:
    """Write the draft of a new article, with all its keys and headings, for you to fill in."""
    knowledge = Settings().knowledge_dir
    unknown = sorted(set(complaint or ()) - load_rule_book(knowledge).protocols.keys())
    if unknown:
        raise GuidanceError(f"--complaint: no protocol is about {', '.join(unknown)}. See {knowledge / 'protocols'}.")
    today = dt.datetime.now(dt.UTC).date()
    print(write_draft(knowledge / "articles", article_id, title, complaint or (), today=today))


@content.command()
def check(
    vignettes: Annotated[
        bool,
        typer.Option("--vignettes", help="Replay the invented patients too, as publishing does."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check every file in knowledge/; name file, key and remedy of what is wrong, and what a draft still lacks."""
    knowledge = Settings().knowledge_dir
    checks = ContentChecks(knowledge, today=dt.datetime.now(dt.UTC).date())
    found = checks.run(replay=vignettes)
    notes, stale = checks.lacking_in_drafts(), stale_translations(knowledge)
    problems, counts = found.problems, found.counts
    if as_json:
        print_json(
            {"ok": not problems, "counts": counts, "problems": problems, "drafts": notes, "stale_translations": stale}
        )
    else:
        for problem in problems:
            errors.print(problem, style="red", markup=False)
        for note in (*notes, *stale):
            errors.print(note, style="yellow", markup=False)
        print(", ".join(f"{number} {name}" for name, number in counts.items()))
    sys.exit(1 if problems else 0)


@content.command()
def search(
    question: Annotated[str, typer.Argument(help="As a patient would write it.")],
    age: Annotated[float | None, typer.Option(help="The patient's age in years.", min=0, max=120)] = None,
    pregnant: Annotated[bool | None, typer.Option("--pregnant/--not-pregnant", help="Unknown if left out.")] = None,
    complaint: Annotated[str | None, typer.Option(help="The presenting complaint.")] = None,
    acuity: Annotated[str | None, typer.Option(help=f"What triage came to: {', '.join(ACUITY_NAMES)}.")] = None,
    as_json: AsJson = False,
) -> None:
    """Ask the content as it is, published or not, and show what a patient would see and why."""
    settings = Settings()
    filters = SearchFilter(
        today=dt.datetime.now(dt.UTC).date(),
        age_years=age,
        pregnant=pregnant,
        complaint=complaint,
        acuity=_acuity(acuity),
        signed_only=settings.signed_content_only,
    )
    encoder = _encoder(settings)
    index = trial_index(settings.knowledge_dir, vector_cache(settings), encoder, silent if as_json else show_progress)
    result = GuidanceSearch(index, encoder).search(question, filters)
    if as_json:
        print_json(result)
    else:
        _show_result(result)


@content.command()
def build(
    not_in_force: Annotated[
        bool, typer.Option("--not-in-force", help="Write the release beside the others; patients see what they saw.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Publish the content as it is: rules, articles and index as one release.

    Where content is edited in the database: take the files in, never over local edits, and publish.
    """
    settings = Settings()
    if not not_in_force and newest_edited_release(settings) is not None:
        import_content(as_json=False)
        publish(from_program=True, as_json=as_json)
        return
    files, encoder = release_files(settings), _encoder(settings)
    release_id = files.id_of_content()
    is_whole = (not_in_force or files.newest_id() == release_id) and _is_whole(files, release_id, encoder)
    if not is_whole:

        def index(knowledge: Path, folder: Path) -> object:
            return build_index(knowledge, folder, vector_cache(settings), encoder, silent if as_json else show_progress)

        files.build(index)
    if not not_in_force:
        files.point_to(release_id)
    if as_json:
        print_json({"release": release_id})
    else:
        print(f"content release {release_id}: {'up to date' if is_whole else 'built' if not_in_force else 'published'}")


@content.command()
def diff(
    release: Annotated[str | None, typer.Argument(help="A release's id; the newest if left out.")] = None,
    patch: Annotated[bool, typer.Option("--patch", help="Show the altered lines too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show how the content as it is differs from a published release. Exit code 1 when it does."""
    found = difference(release_files(Settings()), release)
    if as_json:
        print_json(found)
    else:
        _show_difference(found, patch=patch)
    sys.exit(0 if found.is_empty else 1)


@content.command()
def stats(as_json: AsJson = False) -> None:
    """Show the articles with their length, reading grade, state and next review, and complaints that have none."""
    knowledge = Settings().knowledge_dir
    articles = load_articles(knowledge / "articles")
    today = dt.datetime.now(dt.UTC).date()
    figures = [article_figures(article, load_limits(knowledge), today=today) for article in articles.values()]
    without = complaints_without_article(articles.values(), load_rule_book(knowledge).protocols)
    if as_json:
        print_json({"articles": figures, "complaints_without_article": without})
    else:
        _show_figures(figures, without)


@content.command()
def spec() -> None:
    """Write the rules as a manual, docs/specification/."""
    for path in write_specification(load_rule_book(Settings().knowledge_dir), Path("docs/specification")):
        print(path)


@content.command()
def schema() -> None:
    """Print the JSON Schemas of the content files."""
    print(msgspec.json.format(msgspec.json.encode(content_schemas())).decode())


def _encoder(settings: Settings) -> Encoder:
    encoder = load_encoder(settings)
    if encoder is None:
        raise GuidanceError("The encoder is missing. Run: careline model build")
    return encoder


def _acuity(name: str | None) -> AcuityName | None:
    if name is None:
        return None
    known: AcuityName | None = next((acuity for acuity in ACUITY_NAMES if acuity == name), None)
    if known is None:
        raise GuidanceError(f"--acuity {name}: is none. Use one of: {', '.join(ACUITY_NAMES)}.")
    return known


def _is_whole(files: ReleaseFiles, release_id: str, encoder: Encoder) -> bool:
    found = files.load(release_id, encoder)
    return found is not None and found.guidance is not None


def _show_result(result: SearchResult) -> None:
    meaning = {
        "answer": "answer: the patient is shown these",
        "ask": "ask: the patient is asked whether it is about this",
        "none": "none: the patient is told that we have no reviewed guidance on this",
    }
    tables.print(meaning[result.verdict], style="bold")
    if result.suggest is not None:
        tables.print(f"  {result.suggest.title}  ({result.suggest.article_id})", markup=False)
    for hit in result.hits:
        tables.print(
            f"\n[bold]{escape(hit.title)}[/] > {escape(hit.section)}   score {hit.score:.3f}   {hit.passage_id}"
        )
        tables.print(hit.text, markup=False)
        tables.print(f"  {'signed' if hit.signed else 'unreviewed'}, next review {hit.review_by}. {hit.audience}")
        for source in hit.sources:
            tables.print(f"  source: {source.title}, {source.organisation} ({source.read_as})", markup=False)


def _show_difference(found: Difference, *, patch: bool) -> None:
    tables.print(f"content as it is, against release {found.release}", style="bold")
    if found.is_empty:
        tables.print("  no difference")
    for file in found.files:
        inside = f": {', '.join(file.parts)}" if file.parts else ""
        tables.print(f"  {file.state:8} {file.path}{inside}", markup=False)
        if patch:
            tables.print(file.patch, markup=False, end="")


def _show_figures(figures: list[ArticleFigures], without: list[str]) -> None:
    table = Table("article", "words", "grade", "questions", "passages", "state", "next review", box=None)
    for each in sorted(figures, key=lambda each: each.id):
        table.add_row(
            each.id, str(each.words), f"{each.grade:.1f}", str(each.questions), str(each.passages), each.state,
            str(each.review_by),
        )  # fmt: skip
    tables.print(table)
    tables.print(
        f"{len(figures)} articles: {_count(figures, lambda each: each.status == 'published')} published, "
        f"{_count(figures, lambda each: each.state == 'overdue')} of them overdue, "
        f"{_count(figures, lambda each: each.signed)} signed by a clinician"
    )
    tables.print(f"complaints without an article: {', '.join(without) or 'none'}")


def _count(figures: list[ArticleFigures], chosen: Callable[[ArticleFigures], bool]) -> int:
    return sum(map(chosen, figures))
