"""The tables of this module, in schema `agency`: none yet."""

from __future__ import annotations

ALL: tuple[type, ...] = ()
