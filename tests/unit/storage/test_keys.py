"""The keys file, and sealing with its keys."""

import base64
import stat

import msgspec
import pytest

from careline.storage.errors import KeysError, SealError
from careline.storage.keys import KeyRing, key_id_of, load_or_make_keys, read_keys, rotate_keys

PLACE = "messages.text"
KEY = base64.b64encode(bytes(32)).decode()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "keys.json"


@pytest.fixture
def ring(path):
    return load_or_make_keys(path)[0]


def written(path, mode=0o600, **content):
    path.write_bytes(msgspec.json.encode(content))
    path.chmod(mode)
    return path


class TestSealing:
    @pytest.mark.parametrize("plain", [b"", b"x", "my chest hurts \N{FACE WITH THERMOMETER}".encode(), bytes(100_000)])
    def test_what_was_sealed_is_opened_again(self, ring, plain):
        assert ring.open(ring.seal(plain, place=PLACE), place=PLACE) == plain

    def test_the_sealed_value_does_not_show_the_words(self, ring):
        assert b"chest" not in ring.seal(b"my chest hurts", place=PLACE)

    def test_the_same_words_are_never_sealed_alike_so_that_repeats_do_not_show(self, ring):
        assert len({ring.seal(b"yes", place=PLACE) for _ in range(50)}) == 50

    def test_a_change_of_any_byte_is_refused(self, ring):
        sealed = ring.seal(b"no fever", place=PLACE)
        for position in range(len(sealed)):
            altered = bytearray(sealed)
            altered[position] ^= 1
            with pytest.raises((SealError, KeysError)):
                ring.open(bytes(altered), place=PLACE)

    def test_a_value_moved_to_another_column_is_refused(self, ring):
        with pytest.raises(SealError, match=r"feedback\.text was altered or moved\. Restore it from a backup"):
            ring.open(ring.seal(b"no fever", place=PLACE), place="feedback.text")

    def test_a_value_cut_short_anywhere_is_refused(self, ring):
        sealed = ring.seal(b"no fever", place=PLACE)
        for length in range(len(sealed)):
            with pytest.raises(SealError):
                ring.open(sealed[:length], place=PLACE)

    def test_words_that_were_never_sealed_are_refused(self, ring):
        with pytest.raises(SealError, match="not sealed"):
            ring.open(b"plain words in a sealed column", place=PLACE)

    def test_a_key_that_is_missing_is_named_with_the_remedy(self, ring, tmp_path):
        other, _ = load_or_make_keys(tmp_path / "other.json")
        with pytest.raises(KeysError, match=rf"'{other.current}'.*Put the key back"):
            ring.open(other.seal(b"no fever", place=PLACE), place=PLACE)

    def test_another_key_under_the_same_id_opens_nothing(self):
        sealed = KeyRing("k1", {"k1": bytes(32)}).seal(b"no fever", place=PLACE)
        with pytest.raises(SealError):
            KeyRing("k1", {"k1": bytes(31) + b"x"}).open(sealed, place=PLACE)


class TestKeysFile:
    def test_is_made_at_the_first_start_for_its_owner_alone(self, path):
        load_or_make_keys(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_leaves_no_unfinished_file_behind(self, path):
        load_or_make_keys(path)
        assert [file.name for file in path.parent.iterdir()] == ["keys.json"]

    def test_is_the_same_at_the_next_start(self, path):
        assert load_or_make_keys(path) == load_or_make_keys(path)

    def test_two_installations_share_neither_key(self, tmp_path):
        (one, one_service), (other, other_service) = (load_or_make_keys(tmp_path / name) for name in ("a", "b"))
        assert one_service != other_service
        assert set(one.keys.values()).isdisjoint(other.keys.values())

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
    def test_is_refused_when_others_can_read_it(self, path, mode):
        load_or_make_keys(path)
        path.chmod(mode)
        with pytest.raises(KeysError, match=r"keys\.json: others can read it\. Run: chmod 600"):
            load_or_make_keys(path)

    @pytest.mark.parametrize(
        "content",
        [b"", b"not json", b"[]", b"{}", b'{"current": "a", "keys": {"a": "%%%"}, "service_key": "s"}', b"\xff\xfe"],
    )
    def test_is_refused_when_malformed(self, path, content):
        path.write_bytes(content)
        path.chmod(0o600)
        with pytest.raises(KeysError, match=r"keys\.json: is not a keys file\. Restore it"):
            read_keys(path)

    def test_is_refused_with_a_field_that_nobody_knows(self, path):
        with pytest.raises(KeysError, match="not a keys file"):
            read_keys(written(path, current="a", keys={"a": KEY}, service_key="s", curent="b"))

    @pytest.mark.parametrize("keys", [{}, {"b": KEY}, {"a": base64.b64encode(bytes(16)).decode()}])
    def test_is_refused_without_a_whole_current_key(self, path, keys):
        with pytest.raises(KeysError, match="'current' names no key, or a key is not 32 bytes long"):
            read_keys(written(path, current="a", keys=keys, service_key="s"))

    def test_no_error_shows_a_key(self, path):
        written(path, current="a", keys={"a": KEY[:-4]}, service_key="a-secret-service-key")
        with pytest.raises(KeysError) as refused:
            read_keys(path)
        assert KEY[:8] not in str(refused.value)
        assert "a-secret-service-key" not in str(refused.value)


class TestRotation:
    def test_a_new_key_seals_and_the_old_one_still_opens(self, path, ring):
        old = ring.seal(b"before", place=PLACE)
        new_id = rotate_keys(path)
        rotated, _ = load_or_make_keys(path)
        assert key_id_of(rotated.seal(b"after", place=PLACE)) == new_id != ring.current
        assert rotated.open(old, place=PLACE) == b"before"

    def test_the_service_key_stays(self, path):
        before = load_or_make_keys(path)[1]
        rotate_keys(path)
        assert load_or_make_keys(path)[1] == before

    def test_the_file_stays_its_owners_alone(self, path, ring):
        rotate_keys(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
