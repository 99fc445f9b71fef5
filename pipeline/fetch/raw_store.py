"""Raw bodies by content hash, so that any article can be read again from what the publisher sent."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import tempfile
import zlib
from pathlib import Path

from pipeline.errors import FetchError, InputError

_SHA256 = re.compile(r"[0-9a-f]{64}")


class RawStore:
    """A folder of gzip files named by the SHA-256 of what is in them, 256 subfolders wide.

    gzip, since any tool reads it and the standard library writes it. Safe for several writers: a file appears
    whole or not at all, and two that write the same body write the same file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, sha256: str) -> Path:
        """Where the body with this hash stands.

        Raises:
            InputError: ``sha256`` is no SHA-256 in lower-case hexadecimal.
        """
        if not _SHA256.fullmatch(sha256):
            raise InputError(f"{sha256!r} is not the SHA-256 of a raw body", "64 lower-case hexadecimal digits")
        return self._folder / sha256[:2] / f"{sha256}.gz"

    def put(self, body: bytes) -> str:
        """Keep ``body`` and return its hash. Keeping the same body again costs a look-up.

        Raises:
            FetchError: the folder cannot be written.
        """
        sha256 = hashlib.sha256(body).hexdigest()
        target = self.path(sha256)
        if target.exists():
            return sha256
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            # mtime 0: the same body is the same file, byte for byte.
            _write_whole(target, gzip.compress(body, compresslevel=6, mtime=0))
        except OSError as error:
            raise FetchError(f"{target}: raw body not written: {error}", "check space and rights") from error
        return sha256

    def get(self, sha256: str) -> bytes:
        """The body, checked against its hash.

        Raises:
            InputError: there is no such body, or the file is damaged.
        """
        target = self.path(sha256)
        try:
            body = gzip.decompress(target.read_bytes())
        except FileNotFoundError:
            raise InputError(f"{target}: no such raw body", "it was never fetched here, or the file is gone") from None
        except (OSError, EOFError, zlib.error) as error:
            raise _damaged(target, str(error)) from error
        if hashlib.sha256(body).hexdigest() != sha256:
            raise _damaged(target, "the content has another hash")
        return body

    def __contains__(self, sha256: str) -> bool:
        return self.path(sha256).exists()


def _damaged(path: Path, why: str) -> InputError:
    return InputError(f"{path}: damaged raw body: {why}", "delete the file; the next fetch writes it again")


def _write_whole(target: Path, data: bytes) -> None:
    """Write beside the target and rename, so that no reader meets half a file."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".part-")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
