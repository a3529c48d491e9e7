"""Files that are answered to be saved."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from types import MappingProxyType

from flask import Response, send_file

MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "csv": "text/csv; charset=utf-8",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "pdf": "application/pdf",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xml": "application/xml",
    }
)
"""What a kind of file, named by its ending, is called by programs."""


def download(content: bytes, name: str, ending: str, *, media_type: str = "") -> Response:
    """Return a file to be saved as `name`, which no cache keeps.

    Args:
        content: the file.
        name: without ending; what a file name should not hold becomes a hyphen.
        ending: one of `MEDIA_TYPES`, such as `xlsx`.
        media_type: where it is not that of the ending, such as a text in another encoding.
    """
    safe = "".join(sign if sign.isalnum() or sign in "-_ " else "-" for sign in name).strip() or "Samplan"
    response = send_file(BytesIO(content), as_attachment=True, download_name=f"{safe}.{ending}")
    response.headers["Content-Type"] = media_type or MEDIA_TYPES[ending]
    response.headers["Cache-Control"] = "no-store"
    return response
