"""The professions and sectors that every tenant starts with; afterwards they are the tenant's own."""

from __future__ import annotations

# Code, name, and what Bemanningstrenden counts it as (physicians, nurses, others).
PROFESSIONS: tuple[tuple[str, str, str], ...] = (
    ("lakare", "Läkare", "physician"),
    ("specialistlakare", "Specialistläkare", "physician"),
    ("st-lakare", "ST-läkare", "physician"),
    ("sjukskoterska", "Sjuksköterska", "nurse"),
    ("specialistsjukskoterska", "Specialistsjuksköterska", "nurse"),
    ("barnmorska", "Barnmorska", "nurse"),
    ("underskoterska", "Undersköterska", "other"),
    ("biomedicinsk-analytiker", "Biomedicinsk analytiker", "other"),
    ("administrator", "Administratör", "other"),
)

SECTORS: tuple[tuple[str, str], ...] = (
    ("somatik", "Somatik"),
    ("psykiatri", "Psykiatri"),
    ("primarvard", "Primärvård"),
)
