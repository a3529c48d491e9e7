"""The tables of this module, in schema `blood`: none yet."""

from __future__ import annotations

ALL: tuple[type, ...] = ()
