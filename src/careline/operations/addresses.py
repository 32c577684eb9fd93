"""Addresses to listen on: is one free, and which one is."""

from __future__ import annotations

import socket

from careline.operations.errors import StartError


def is_port_free(host: str, port: int) -> bool:
    """Whether a server could listen there now; an address of another machine counts as not free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def require_free_port(host: str, port: int, *, setting: str, example: str) -> None:
    """Raise StartError, naming the setting to change, when a server could not listen there."""
    if not is_port_free(host, port):
        raise StartError(
            f"Port {port} on {host or 'this machine'} is in use, perhaps by another Careline. "
            f"Stop that program, or set {setting} to a free one, for example {setting}={example}."
        )


def free_loopback_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
