"""What the web process loads of the module before anybody asks for figures."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys, samplan_agency.web
print({"numpy", "scipy", "statsmodels"} & set(sys.modules) or "none")
"""


def test_pages_load_no_library_of_numbers_until_a_page_computes() -> None:
    found = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert found.stdout == "none\n"
