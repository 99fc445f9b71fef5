"""Reading a body without trusting its size: the limit holds after decompression, chunk by chunk.

httpx decodes whole chunks, and 64 KB of gzip can be 64 MB of zeros; so the decoders here are asked for bounded pieces.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Protocol

import brotli

ACCEPT_ENCODING = "gzip, deflate, br"
_PIECE = 1 << 16


class TooLargeError(Exception):
    """More bytes than the limit allows, on the wire or decoded."""


class UndecodableError(Exception):
    """The body is not what its Content-Encoding says."""


class _Decoder(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]: ...
    def finish(self) -> None: ...


def read_bounded(chunks: Iterable[bytes], encoding: str, limit: int) -> bytes:
    """The decoded body of ``chunks``, at most ``limit`` bytes.

    Raises:
        TooLargeError: as soon as the limit is passed, whatever is still to come.
        UndecodableError: an unknown encoding, broken data, or data that ends early.
    """
    decoder = _decoder(encoding)
    body = bytearray()
    received = 0
    for chunk in chunks:
        received += len(chunk)
        if received > limit:
            raise TooLargeError(f"more than {limit} bytes")
        for piece in decoder.feed(chunk):
            body += piece
            if len(body) > limit:
                raise TooLargeError(f"more than {limit} bytes once decoded")
    if received:
        decoder.finish()
    return bytes(body)


def _decoder(encoding: str) -> _Decoder:
    names = [name for part in encoding.lower().split(",") if (name := part.strip()) not in {"", "identity"}]
    if not names:
        return _Plain()
    if names in (["gzip"], ["x-gzip"], ["deflate"]):
        return _Zlib()
    if names == ["br"]:
        return _Brotli()
    raise UndecodableError(f"content encoding {encoding!r} was not asked for and is not understood")


class _Plain:
    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def finish(self) -> None:
        return


class _Zlib:
    """gzip (of several members too) and deflate, which some servers send without its zlib header."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=47)  # 32 + 15: tell gzip from zlib by the header
        self._begun = False
        self._head = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        if not self._begun:  # a header is two bytes, and a chunk may be less
            self._head += data
            data = self._head if len(self._head) > 1 else b""
        full = False
        while data or full:
            if self._inner.eof:
                if not data.strip(b"\0"):  # zero padding after the last member is legal
                    return
                self._inner = zlib.decompressobj(wbits=47)
            piece = self._step(data)
            yield piece
            full = len(piece) == _PIECE  # then more may wait inside, though all input is taken
            data = self._inner.unconsumed_tail or self._inner.unused_data

    def _step(self, data: bytes) -> bytes:
        try:
            piece = self._inner.decompress(data, _PIECE)
        except zlib.error as error:
            if self._begun:
                raise UndecodableError(f"broken gzip or deflate data: {error}") from error
            self._inner = zlib.decompressobj(wbits=-15)
            self._begun = True
            return self._step(data)
        self._begun = True
        return piece

    def finish(self) -> None:
        if not self._inner.eof:
            raise UndecodableError("the compressed body ends early")


class _Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        try:
            piece = self._inner.process(data, output_buffer_limit=_PIECE)
            yield piece
            # Input that is all taken may have more output waiting.
            while not self._inner.can_accept_more_data() or (piece and not self._inner.is_finished()):
                piece = self._inner.process(b"", output_buffer_limit=_PIECE)
                yield piece
        except brotli.error as error:
            raise UndecodableError(f"broken brotli data: {error}") from error

    def finish(self) -> None:
        if not self._inner.is_finished():
            raise UndecodableError("the compressed body ends early")
