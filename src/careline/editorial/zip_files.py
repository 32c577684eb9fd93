"""The files of `knowledge/` as one zip file: given out, and read without trusting whoever made it.

Nothing of a zip file is written to disk. What it says of its sizes is not believed: reading ends at the limits.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

from careline.editorial.errors import TextError
from careline.editorial.item import MOST_BYTES, kind_of

MOST_ZIP_BYTES = 12 * 1024 * 1024  # packed; all of our files together take less than half of it
_MOST_FILES = 2_000
_MOST_BYTES_IN_ALL = 32 * 1024 * 1024
_FOLDER = "knowledge/"
_SAME_DAY = (1980, 1, 1, 0, 0, 0)  # the same texts make the same file, byte for byte
_READABLE = 0o644 << 16
_PACKED_AS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})  # the library unpacks others without a limit
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, IndexError)


def zipped(texts: Mapping[str, str]) -> bytes:
    """Return a zip file with these texts below `knowledge/`, by their paths."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(texts):
            entry = zipfile.ZipInfo(f"{_FOLDER}{path}", _SAME_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _READABLE
            file.writestr(entry, texts[path].encode())
    return packed.getvalue()


def texts_of_zip(data: bytes) -> dict[str, str]:
    """Return the texts of the files in a zip file, by their paths in `knowledge/`.

    The folder `knowledge` may be in it, or what stands in that folder. Folders, and what file managers put beside
    files (`.DS_Store`, `__MACOSX`), are passed over.

    Raises:
        PathError, TextError: It is no zip file, is too large, or a file in it cannot be kept; names it.
    """
    if len(data) > MOST_ZIP_BYTES:
        raise TextError(f"The file is larger than {MOST_ZIP_BYTES // 1024 // 1024} MB. Leave out what has not changed.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            return _texts(file)
    except _DAMAGED as error:  # what the library raises on headers that are not true
        raise TextError("This is no zip file, or it is damaged. Make it anew.") from error


def _texts(file: zipfile.ZipFile) -> dict[str, str]:
    entries = [entry for entry in file.infolist() if not entry.is_dir() and not _is_passed_over(entry.filename)]
    if not entries:
        raise TextError("The zip file holds no file. Put the folder with the content into it, such as knowledge.")
    if len(entries) > _MOST_FILES:
        raise TextError(f"The zip file holds more than {_MOST_FILES} files. Leave out what has not changed.")
    folder = _FOLDER if all(entry.filename.startswith(_FOLDER) for entry in entries) else ""
    texts: dict[str, str] = {}
    left = _MOST_BYTES_IN_ALL
    for entry in entries:
        path = entry.filename.removeprefix(folder)
        kind_of(path)
        if path in texts:
            raise TextError(f"{path}: is in the zip file twice. Take one out.")
        if entry.flag_bits & 1:
            raise TextError(f"{path}: is locked with a password. Make the zip file without one.")
        if entry.compress_type not in _PACKED_AS:
            raise TextError(f"{path}: is packed in a way that is not read here. Make the zip file with usual settings.")
        texts[path] = _text(file, entry, path, min(MOST_BYTES, left))
        left -= len(texts[path].encode())
    return texts


def _text(file: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str, most: int) -> str:
    with file.open(entry) as opened:
        data = opened.read(most + 1)
    if len(data) > most:
        raise TextError(f"{path}: is too large, or all files together are. Leave out what has not changed.")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise TextError(f"{path}: byte {error.start} is not UTF-8. Save it as UTF-8, or take it out.") from error


def _is_passed_over(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")
