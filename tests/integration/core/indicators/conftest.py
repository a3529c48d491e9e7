"""The core alone."""

import pytest

from samplan.modules.manager import Modules


@pytest.fixture
def modules() -> Modules:
    """Use the core alone."""
    return Modules.load([])
