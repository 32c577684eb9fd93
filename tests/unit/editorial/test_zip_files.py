"""Zip files of content: given out alike each time, and read without trusting whoever made them."""

from __future__ import annotations

import contextlib
import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from careline.editorial.errors import PathError, TextError
from careline.editorial.item import MOST_BYTES
from careline.editorial.zip_files import MOST_ZIP_BYTES, texts_of_zip, zipped

KNOWLEDGE = Path("knowledge")

TEXTS = {"articles/ear_pain.md": "é \u2028 end\r\n", "vitals.yml": "a: 1\n"}


def packed(*files, by=zipfile.ZIP_DEFLATED, **how):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", by) as file:
        for name, data in files:
            file.writestr(name, data, **how)
    return made.getvalue()


def test_what_was_given_out_is_read_byte_for_byte_and_is_the_same_file_each_time():
    assert texts_of_zip(zipped(TEXTS)) == TEXTS
    assert zipped(TEXTS) == zipped(dict(reversed(TEXTS.items())))


def test_with_or_without_the_folder_knowledge_it_is_the_same():
    assert texts_of_zip(packed(*TEXTS.items())) == TEXTS
    assert texts_of_zip(packed(*((f"knowledge/{path}", text) for path, text in TEXTS.items()))) == TEXTS


def test_folders_and_what_file_managers_leave_are_passed_over():
    junk = (("knowledge/", ""), ("__MACOSX/knowledge/._vitals.yml", "x"), ("knowledge/.DS_Store", "x"))
    assert texts_of_zip(packed(*junk, ("knowledge/vitals.yml", "a: 1\n"))) == {"vitals.yml": "a: 1\n"}


@pytest.mark.parametrize(
    "name", ["../vitals.yml", "/etc/vitals.yml", "knowledge/../../x.yml", "a\\b.yml", "articles/é.md", "x" * 90]
)
def test_a_path_that_no_item_can_have_is_refused(name):
    with pytest.raises(PathError, match="is no path in knowledge/"):
        texts_of_zip(packed((name, "a: 1\n")))


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04 and no more", packed(*TEXTS.items())[:-30]])
def test_what_is_no_zip_file_or_only_a_part_of_one_says_so(data):
    with pytest.raises(TextError, match="no zip file, or it is damaged"):
        texts_of_zip(data)


def test_a_file_whose_bytes_were_altered_is_damaged():
    data = bytearray(zipped({"vitals.yml": "a: 1\n" * 200}))
    data[50] ^= 0xFF
    with pytest.raises(TextError, match="damaged"):
        texts_of_zip(bytes(data))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (packed(), "holds no file"),
        (packed(("vitals.yml", b"\xff")), r"vitals\.yml: byte 0 is not UTF-8"),
        (packed(("vitals.yml", "a"), ("articles/big.md", " " * (MOST_BYTES + 1))), r"articles/big\.md: is too large"),
        (packed(*((f"findings/a{number}.yml", "a: 1\n") for number in range(2001))), "more than 2000 files"),
        (b" " * (MOST_ZIP_BYTES + 1), "larger than 12 MB"),
    ],
    ids=["empty", "no text", "one too large", "too many", "too large"],
)
def test_what_cannot_be_kept_is_refused_and_named(data, said):
    with pytest.raises(TextError, match=said):
        texts_of_zip(data)


def test_a_file_that_is_in_it_twice_is_refused():
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = packed(("vitals.yml", "a: 1\n"), ("vitals.yml", "a: 2\n"))
    with pytest.raises(TextError, match="twice"):
        texts_of_zip(data)


def test_a_small_zip_file_that_unpacks_to_very_much_is_not_unpacked_whole(monkeypatch):
    read = []

    class Counted(zipfile.ZipExtFile):
        def read(self, n=-1):
            data = super().read(n)
            read.append(len(data))
            return data

    monkeypatch.setattr(zipfile, "ZipExtFile", Counted)
    bomb = packed(*((f"findings/a{number}.yml", " " * 900_000) for number in range(60)))
    assert len(bomb) < MOST_ZIP_BYTES
    with pytest.raises(TextError, match="all files together"):
        texts_of_zip(bomb)
    assert sum(read) < 34 * 1024 * 1024


@pytest.mark.parametrize("by", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_could_not_be_unpacked_up_to_a_limit_is_not_unpacked_at_all(by):
    bomb = packed(("articles/big.md", " " * 5_000_000), by=by)
    tracemalloc.start()
    try:
        with pytest.raises(TextError, match=r"articles/big\.md: is packed in a way that is not read here"):
            texts_of_zip(bomb)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < MOST_BYTES


def test_wherever_bytes_of_it_were_altered_it_is_read_or_refused():
    sound = packed(*TEXTS.items())
    for place in range(len(sound)):
        for altered in (0, 1, 0xFF):
            data = bytearray(sound)
            data[place] = altered
            with contextlib.suppress(PathError, TextError):
                texts_of_zip(bytes(data))


def test_a_size_in_the_zip_file_that_is_not_true_lets_nothing_more_in():
    data = bytearray(packed(("vitals.yml", "a" * (MOST_BYTES + 500))))
    for place in (22, data.rindex(b"PK\x01\x02") + 24):  # the size, in both headers
        data[place : place + 4] = (10).to_bytes(4, "little")
    with pytest.raises(TextError):
        texts_of_zip(bytes(data))


def test_a_locked_file_is_refused():
    data = bytearray(packed(("vitals.yml", "a: 1\n")))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    data[6] |= 1
    with pytest.raises(TextError, match="locked with a password"):
        texts_of_zip(bytes(data))


def test_the_limit_is_above_what_our_own_content_needs():
    ours = {path.relative_to(KNOWLEDGE).as_posix(): path.read_text("utf-8") for path in KNOWLEDGE.rglob("*.*")}
    assert len(zipped(ours)) < MOST_ZIP_BYTES / 2
