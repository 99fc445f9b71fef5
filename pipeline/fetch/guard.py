"""Which addresses may be asked at all: a feed must not be able to point us into the network we run in."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TypeVar

import httpx

from pipeline.errors import FetchError

Resolver = Callable[[str, int], Sequence[str]]
"""Host and port to addresses. May raise OSError."""

_T = TypeVar("_T")
_IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Reachable by public address from inside a cloud machine, and answering with its secrets.
_METADATA = frozenset({ipaddress.ip_address("168.63.129.16")})


class BlockedAddressError(FetchError):
    """The address is not one that we may ask."""

    retryable = False


class UnresolvedError(FetchError):
    """The name server knows no address for the host, or did not answer in time."""


def system_resolver(host: str, port: int) -> list[str]:
    """Ask the operating system, all families, each address once."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


class AddressGuard:
    """Refuses what is not public. ``allow_private`` lifts the address rules (tests, intranets), not the scheme rule."""

    def __init__(self, *, allow_private: bool = False, resolver: Resolver = system_resolver) -> None:
        self._allow_private = allow_private
        self._resolver = resolver

    def check_url(self, url: httpx.URL) -> None:
        """Refuse by the look of the address alone: scheme, missing host, numeric disguises.

        Raises:
            BlockedAddressError: with the reason in words.
        """
        if url.scheme not in {"http", "https"}:
            raise BlockedAddressError(f"{url}: only http and https are fetched, not {url.scheme or 'a bare path'!r}")
        if not url.host:
            raise BlockedAddressError(f"{url}: the address names no host")
        if (url.port or 0) > 65535:
            raise BlockedAddressError(f"{url.host}: there is no port {url.port}")
        if url.userinfo:
            raise BlockedAddressError(f"{url.host}: addresses that carry a user name or password are not fetched")
        if self._allow_private:
            return
        literal = _literal(url.host)
        if literal is not None:
            self._refuse_unless_public(url.host, literal)
        elif _is_disguised_number(url.host):
            raise BlockedAddressError(f"{url.host}: an IPv4 address in decimal, octal, hexadecimal or short form")

    def addresses(self, host: str, port: int, timeout: float | None = None) -> list[str]:
        """Resolve once and vouch for every address; the caller connects to these and to no other.

        One bad address refuses the host: a public site has no reason to name a private one.

        Raises:
            BlockedAddressError: an address is not public.
            UnresolvedError: there is none, or the resolver took longer than ``timeout`` seconds.
        """
        found = self._resolve(host, port, timeout)
        if not self._allow_private:
            for address in found:
                self._refuse_unless_public(host, ipaddress.ip_address(address))
        return found

    def _resolve(self, host: str, port: int, timeout: float | None) -> list[str]:
        try:
            found = list(_in_time(lambda: self._resolver(host, port), timeout))
        except TimeoutError:
            raise UnresolvedError(f"{host}: the name server did not answer in time") from None
        except (OSError, UnicodeError) as error:
            raise UnresolvedError(f"{host}: name not resolved: {error}") from error
        if not found:
            raise UnresolvedError(f"{host}: the name has no address")
        return found

    def _refuse_unless_public(self, host: str, address: _IPAddress) -> None:
        if not is_public(address):
            raise BlockedAddressError(
                f"{host}: {address} is not a public address",
                "set DEALWIRE_ALLOW_PRIVATE=true if this is your own network",
            )


def is_public(address: _IPAddress) -> bool:
    """True for what the public internet routes. An IPv4 address inside an IPv6 one is judged for itself."""
    inner = _embedded_ipv4(address)
    if inner is not None:
        return is_public(inner)
    if address.is_multicast or address.is_reserved or address in _METADATA:
        return False
    site_local = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    return address.is_global and not site_local


def _embedded_ipv4(address: _IPAddress) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a mapped, 6to4, Teredo or NAT64 address leads to."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def _literal(host: str) -> _IPAddress | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def _is_disguised_number(host: str) -> bool:
    """2130706433, 0x7f.1 and 0177.0.0.1 are all 127.0.0.1 to the C library."""
    try:
        socket.inet_aton(host.rstrip("."))
    except (OSError, UnicodeError):
        return False
    return True


def _in_time(call: Callable[[], _T], timeout: float | None) -> _T:
    """Run in a daemon thread, since getaddrinfo has no time limit of its own; TimeoutError when it takes longer."""
    answer: Future[_T] = Future()

    def run() -> None:
        try:
            answer.set_result(call())
        except BaseException as error:  # carried to the caller's thread
            answer.set_exception(error)

    threading.Thread(target=run, daemon=True, name="dealwire-resolve").start()
    return answer.result(timeout)
