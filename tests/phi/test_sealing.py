"""A sealed file opens to the same bytes, and to nothing else once anything about it was changed."""

from __future__ import annotations

import io
import os
import tracemalloc
from pathlib import Path

import pytest

from intake.sealing import Key, Keyring, key_of, new_key, plain_pieces, read_keyring, seal, unseal
from models.errors import ConfigurationError, SealBroken

KEY, OTHER = Key.of(new_key()), Key.of(new_key())
RING = Keyring((KEY,))
PIECE = 1 << 20
HEADER = 48
SEALED_PIECE = PIECE + 16


def _sealed(content: bytes, folder: Path) -> bytes:
    (folder / "plain").write_bytes(content)
    seal(plain_pieces(folder / "plain"), folder / "sealed", KEY, "DOC-1/source")
    return (folder / "sealed").read_bytes()


def _opened(sealed: bytes, ring: Keyring = RING, purpose: str = "DOC-1/source") -> bytes:
    return b"".join(unseal(io.BytesIO(sealed), ring, purpose))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 7])
def test_what_is_sealed_opens_to_the_same_bytes(size: int, tmp_path: Path) -> None:
    content = os.urandom(size)
    sealed = _sealed(content, tmp_path)
    assert _opened(sealed) == content
    assert size < 64 or content[:64] not in sealed
    assert key_of(tmp_path / "sealed") == KEY.key_id
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plain", "sealed"]


def test_the_same_bytes_sealed_twice_share_nothing_that_shows_it(tmp_path: Path) -> None:
    first, second = _sealed(b"x" * 100, tmp_path), _sealed(b"x" * 100, tmp_path)
    assert first[16:] != second[16:]
    assert first[HEADER:] != second[HEADER:]


@pytest.mark.parametrize(
    "where",
    [0, 10, 20, HEADER, HEADER + PIECE, HEADER + SEALED_PIECE - 1, HEADER + SEALED_PIECE, HEADER + 2 * SEALED_PIECE + 3, -1],
)
def test_a_changed_byte_anywhere_is_noticed(where: int, tmp_path: Path) -> None:
    sealed = bytearray(_sealed(os.urandom(2 * PIECE + 100), tmp_path))
    sealed[where] ^= 1
    with pytest.raises((SealBroken, ConfigurationError)):
        _opened(bytes(sealed))


@pytest.mark.parametrize("length", [0, 7, HEADER, HEADER + 5, HEADER + SEALED_PIECE, HEADER + 2 * SEALED_PIECE, -1])
def test_a_file_cut_short_is_noticed_even_between_two_pieces(length: int, tmp_path: Path) -> None:
    sealed = _sealed(os.urandom(3 * PIECE), tmp_path)
    with pytest.raises(SealBroken):
        _opened(sealed[:length])


def test_pieces_that_are_moved_repeated_or_added_are_noticed(tmp_path: Path) -> None:
    sealed = _sealed(os.urandom(3 * PIECE), tmp_path)
    head, rest = sealed[:HEADER], sealed[HEADER:]
    one, two, three = (rest[first : first + SEALED_PIECE] for first in range(0, 3 * SEALED_PIECE, SEALED_PIECE))
    for changed in (two + one + three, one + one + three, one + two + three + three, one + three):
        with pytest.raises(SealBroken):
            _opened(head + changed)


def test_it_opens_for_its_own_document_and_key_alone(tmp_path: Path) -> None:
    sealed = _sealed(b"a fax", tmp_path)
    with pytest.raises(SealBroken):
        _opened(sealed, purpose="DOC-2/source")
    with pytest.raises(ConfigurationError, match="archive_keys"):
        _opened(sealed, Keyring((OTHER,)))
    assert _opened(sealed, Keyring((OTHER, KEY))) == b"a fax"


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    with (tmp_path / "plain").open("wb") as file:
        file.truncate(48 * PIECE)
    tracemalloc.start()
    try:
        seal(plain_pieces(tmp_path / "plain"), tmp_path / "sealed", KEY, "DOC-1/source")
        with (tmp_path / "sealed").open("rb") as opened:
            assert sum(len(piece) for piece in unseal(opened, RING, "DOC-1/source")) == 48 * PIECE
        assert tracemalloc.get_traced_memory()[1] < 10 * PIECE
    finally:
        tracemalloc.stop()


def test_keys_come_from_a_file_or_a_variable_the_first_one_seals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = new_key(), new_key()
    file = tmp_path / "keys"
    file.touch(mode=0o600)
    file.write_text(f"# since March\n{first}\n\n{second}\n")
    ring = read_keyring(str(file))
    assert ring == Keyring((Key.of(first), Key.of(second)))
    assert first not in repr(ring)
    monkeypatch.setenv("SITE_KEYS", f"{first} {second}")
    assert read_keyring("env:SITE_KEYS") == ring
    assert "SITE_KEYS" not in os.environ, "no program that is started gets it"
    assert read_keyring(None) is None


@pytest.mark.parametrize("content", ["", "# nothing\n", "short", "A" * 43, "é"])
def test_what_is_no_key_is_refused_without_being_told(content: str, tmp_path: Path) -> None:
    (tmp_path / "keys").touch(mode=0o600)
    (tmp_path / "keys").write_text(content)
    with pytest.raises(ConfigurationError) as told:
        read_keyring(str(tmp_path / "keys"))
    assert content not in str(told.value) or not content


def test_a_file_of_keys_that_everybody_reads_is_refused(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(new_key())
    (tmp_path / "keys").chmod(0o644)
    with pytest.raises(ConfigurationError, match="open to every user"):
        read_keyring(str(tmp_path / "keys"))
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_keyring(str(tmp_path / "none"))
