"""`careline content translations`: what of the content can be read in another language, and what is lacking."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, get_args

import typer

from careline.cli.output import AsJson, print_json, tables
from careline.clinical.content_check import check_content
from careline.clinical.errors import ContentError
from careline.clinical.rulebook import read_content_files
from careline.clinical.translation import State, mark_of, translated_sentences
from careline.settings import Settings


def translations(
    language: Annotated[str, typer.Argument(help="Code of the language, such as es.")],
    whole: Annotated[bool, typer.Option("--all", help="Also what is translated, beside the English.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the patients' sentences that lack a translation, and those whose English has changed since."""
    files = read_content_files(Settings().knowledge_dir)
    check_content(files)
    sentences = list(translated_sentences(files, language))
    shown = [each for each in sentences if whole or each.state != "current"]
    counts = {state: sum(each.state == state for each in sentences) for state in get_args(State)}
    if as_json:
        print_json({"language": language, "counts": counts, "sentences": shown})
        return
    for each in shown:
        tables.print(f"{each.state:8} {each.file}  {each.key}\n    {each.text}", markup=False)
        if each.translation is not None:
            tables.print(f"    {each.translation}", markup=False)
    print(", ".join(f"{number} {state}" for state, number in counts.items()))


def stale_translations(knowledge: Path) -> list[str]:
    """Return which translations are of a sentence that was changed since: it is shown itself until they are mended."""
    try:
        files = read_content_files(knowledge)
    except ContentError:
        return []  # said with the problems
    return [
        f"{knowledge}/translations/{language}/{each.file}: {each.key!r}: the sentence was changed, "
        f'so it is shown itself. Translate it anew, with of: "{mark_of(each.text)}".'
        for language in files.translations
        for each in translated_sentences(files, language)
        if each.state == "stale"
    ]
