"""The tables of this module, in schema `fragile_areas`: none yet."""

from __future__ import annotations

ALL: tuple[type, ...] = ()
