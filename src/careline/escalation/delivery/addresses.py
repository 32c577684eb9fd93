"""Which addresses a webhook may reach: public ones, and the networks that the operator allows by name.

Addresses are resolved and judged here, before any connection, and the connection goes to the address that was judged.
So a name that changes its meaning meanwhile (DNS rebinding) changes nothing, and no port of a forbidden network is
even knocked at.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Sequence[str]]

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")  # RFC 4291: what is not in here is not of the public network,
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # but for the prefix that stands for public IPv4 (RFC 6052)
# Cloud machines answer there with credentials; allowed by no setting.
METADATA = (
    ipaddress.IPv4Network("169.254.0.0/16"),
    ipaddress.IPv6Network("fe80::/10"),
    ipaddress.IPv6Network("fd00:ec2::254/128"),
    ipaddress.IPv6Network("fd20:ce::254/128"),
    ipaddress.IPv4Network("100.100.100.200/32"),
    ipaddress.IPv4Network("192.0.0.192/32"),
    ipaddress.IPv4Network("168.63.129.16/32"),
)


class ForbiddenAddressError(Exception):
    """A webhook's name leads to an address that it may not reach."""


def is_allowed(address: Address, networks: Sequence[Network]) -> bool:
    """Return whether a webhook may reach the address, whatever way it is written."""
    meant = [address, *_embedded(address)]
    if any(one in network for one in meant for network in METADATA if one.version == network.version):
        return False
    if any(address in network for network in networks if network.version == address.version):
        return True
    return all(_is_public(one) for one in meant)


async def allowed_address(
    host: str, port: int, networks: Sequence[Network], *, resolve: Resolve, executor: Executor
) -> str:
    """Return the first address of the host if all of them may be reached.

    Raises:
        ForbiddenAddressError: One may not.
        OSError: The name leads nowhere.
    """
    found = await asyncio.get_running_loop().run_in_executor(executor, resolve, host, port)
    if not found or not all(is_allowed(ipaddress.ip_address(text), networks) for text in found):
        raise ForbiddenAddressError
    return found[0]


def resolve_by_system(host: str, port: int) -> list[str]:
    """Return the addresses of a host as the system resolves it, decimal and octal spellings included."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))


def _is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        return address.is_global and (address in _GLOBAL_UNICAST or address in _NAT64)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _embedded(address: Address) -> Iterator[Address]:
    """Yield IPv4 addresses that an IPv6 address stands for."""
    if not isinstance(address, ipaddress.IPv6Address):
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if address in _NAT64:
        yield ipaddress.IPv4Address(address.packed[-4:])
