"""Small hospitals from the generator in `benchmarks/`."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

from samplan_rostering.domain.hospital import Hospital

GENERATOR = Path(__file__).parents[2] / "benchmarks" / "hospital.py"


def generator() -> Any:
    """Return the generator's module."""
    name = "hospital_generator"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, GENERATOR)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


def hospital_of(**sizes: int) -> Hospital:
    """Return a generated hospital."""
    made: Hospital = generator().hospital(**sizes)
    return made
