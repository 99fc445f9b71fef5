"""Bodies kept by hash: whole, checked, and clear about damage."""

from __future__ import annotations

import gzip
import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import FetchError, InputError
from pipeline.fetch import RawStore


@given(body=st.binary(max_size=2000))
def test_what_goes_in_comes_out(tmp_path_factory, body):
    store = RawStore(tmp_path_factory.mktemp("raw"))
    sha256 = store.put(body)
    assert sha256 == hashlib.sha256(body).hexdigest()
    assert store.get(sha256) == body
    assert sha256 in store


def test_the_same_body_is_one_file_and_compressed(tmp_path):
    store = RawStore(tmp_path)
    body = b"<p>news</p>" * 1000
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(store.put, [body] * 16))) == 1
    (file,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert file.stat().st_size < len(body) / 10
    assert gzip.decompress(file.read_bytes()) == body


@pytest.mark.parametrize(
    "damage",
    [lambda data: data[:-9], lambda data: b"", lambda data: b"plain", lambda data: gzip.compress(b"another body")],
)
def test_a_damaged_file_is_named_and_says_what_to_do(tmp_path, damage):
    store = RawStore(tmp_path)
    sha256 = store.put(b"body" * 100)
    path = store.path(sha256)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(InputError) as caught:
        store.get(sha256)
    assert str(path) in caught.value.message
    assert "damaged" in caught.value.message
    assert "delete" in caught.value.hint


def test_a_flipped_bit_does_not_pass(tmp_path):
    store = RawStore(tmp_path)
    sha256 = store.put(b"body" * 100)
    path = store.path(sha256)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(InputError):
        store.get(sha256)


def test_missing_and_impossible_names(tmp_path):
    store = RawStore(tmp_path)
    with pytest.raises(InputError, match="no such raw body"):
        store.get("0" * 64)
    for name in ("", "../../etc/passwd", "A" * 64, "0" * 63):
        with pytest.raises(InputError, match="not the SHA-256"):
            store.get(name)


def test_a_folder_that_cannot_be_written_is_a_failed_stage(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(FetchError, match="not written"):
        RawStore(blocked).put(b"body")


def test_no_half_files_are_left(tmp_path):
    store = RawStore(tmp_path)
    store.put(b"one")
    store.put(b"two")
    assert not list(tmp_path.rglob(".part-*"))
