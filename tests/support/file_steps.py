"""What the tests share of pages that read another system's file in."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from samplan.testing.site import Person


def upload(person: Person, url: str, content: str | bytes, name: str = "utdrag.csv") -> Any:
    """Send a file as a browser does; a text in the encoding of Swedish payroll systems."""
    data = content if isinstance(content, bytes) else content.encode("cp1252")
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + data + b"\r\n--x--\r\n"
    return person.client.post(url, data=body, content_type="multipart/form-data; boundary=x")


def fields(page: str, action: str) -> dict[str, str]:
    """Return what a browser would send of the page's form with an action that ends so."""
    form = next(each for each in page.split("<form")[1:] if f'{action}"' in each.split(">", 1)[0])
    form = form.split("</form>")[0]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
        if name:
            found[name[1]] = unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = unescape(chosen[1]) if chosen else ""
    return found


def mapped(person: Person, url: str, page: str, means: dict[str, str], **changes: str) -> Any:
    """Send the form of the mapping: what the file's values mean, and other fields."""
    data = fields(page, "import/mapping")
    for key, raw in list(data.items()):
        if key.startswith("raw-") and raw in means:
            data[key.replace("raw-", "value-")] = means[raw]
    return person.client.post(f"{url}/mapping", data=data | changes)


def confirmed(person: Person, url: str, page: str, **changes: str) -> Any:
    """Agree to what a preview shows."""
    return person.client.post(f"{url}/confirm", data=fields(page, "import/confirm") | changes)
