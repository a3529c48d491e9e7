"""The command `samplan agency nowcast`: what is still to come of a triangle in a file."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from samplan_agency.domain.accrual import Valuation
    from samplan_agency.domain.triangle import Triangle

FAULTY = 2
"""The exit code for a file that is not as it should be."""
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", re.ASCII)
_POINTED = re.compile(r"[+-]?\d+\.\d+", re.ASCII)
_COMMA = re.compile(r"[+-]?[\d\s]+,\d+", re.ASCII)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("triangle", type=_FILE)
@click.option("--method", type=click.Choice(["mack", "bf", "capecod"]), default="mack", show_default=True)
@click.option("--exposure", type=_FILE, help="CSV: what each origin was expected to cost, or its volume.")
@click.option("--sigma", type=click.Choice(["mack", "loglinear"]), default="mack", show_default=True)
@click.option("--prior-cv", type=float, default=0.0, help="How uncertain the exposure is, from 0 to 10.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def nowcast(  # noqa: PLR0917 - one for each option
    triangle: Path, method: str, exposure: Path | None, sigma: str, prior_cv: float, as_json: bool
) -> None:
    """Value what is still to come of the cumulative TRIANGLE in a CSV file.

    Its headings are origin,1,2,…; amounts that are not known yet are empty.
    """
    from samplan_agency.domain.triangle import TriangleFault, triangle_of_rows

    if not 0 <= prior_cv <= 10:  # NaN neither
        raise click.BadParameter("expected a number from 0 to 10", param_hint="--prior-cv")
    if method != "mack" and exposure is None:
        raise click.UsageError(f"--method {method} needs --exposure")
    reading = triangle
    try:
        read = triangle_of_rows(_rows(triangle))
        reading = exposure or triangle
        weights = None if exposure is None else _exposure(exposure, read)
        reading = triangle
        found = _value(read, weights, method, sigma, prior_cv)
    except TriangleFault as fault:
        click.echo(f"Error: {reading.name}: {fault}", err=True)
        raise SystemExit(FAULTY) from None
    click.echo(json.dumps(_said(found)) if as_json else _table(read, found))


def _value(read: Triangle, weights: Any, method: str, sigma: Any, prior_cv: float) -> Valuation:
    from samplan_agency.domain import accrual

    if method == "bf":
        return accrual.bornhuetter_ferguson(read, weights, sigma, prior_cv)
    if method == "capecod":
        return accrual.cape_cod(read, weights, sigma, prior_cv)
    return accrual.chain_ladder(read, sigma)


def _exposure(path: Path, read: Triangle) -> Any:
    from samplan_agency.domain.triangle import exposure_of_rows

    return exposure_of_rows(_rows(path), read.origins)


def _rows(path: Path) -> list[list[str]]:
    """Return the cells of a CSV file with commas or, as Swedish programs write it, semicolons or tabs."""
    from samplan_agency.domain.triangle import TriangleFault

    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TriangleFault(f"the file is not text in UTF-8 (byte {error.start + 1})") from None
    heading = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=heading.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=None), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise TriangleFault(f"the file is not CSV: {error}") from None
    if delimiter == ",":
        _refuse_thousands(rows)
    else:
        _refuse_both(rows)
    return rows


def _refuse_thousands(rows: list[list[str]]) -> None:
    """Refuse 1,234 between commas: it may be meant as more than a thousand, or as little more than one."""
    from samplan_agency.domain.triangle import TriangleFault

    for number, row in enumerate(rows, 1):
        for place, cell in enumerate(row[1:], 2):
            if _THOUSANDS.fullmatch(cell.strip()):
                raise TriangleFault("write the amount without a comma, such as 1234.5", number, place, cell)


def _refuse_both(rows: list[list[str]]) -> None:
    """Refuse 1.234 where other amounts have a decimal comma: it is meant as more than a thousand."""
    from samplan_agency.domain.triangle import TriangleFault

    cells = [(number, place, cell) for number, row in enumerate(rows, 1) for place, cell in enumerate(row, 1)]
    pointed = [one for one in cells if one[1] > 1 and one[0] > 1 and _POINTED.fullmatch(one[2].strip())]
    if pointed and any(_COMMA.fullmatch(cell.strip()) for _number, _place, cell in cells):
        raise TriangleFault("write all amounts with the same decimal sign, such as 1234,5", *pointed[0])


def _said(found: Valuation) -> dict[str, Any]:
    return {
        "ultimate": found.ultimate.tolist(),
        "reserve": found.reserve.tolist(),
        "total_reserve": found.total_reserve,
        "se": found.error.tolist(),
        "total_se": found.total_error,
        "factors": found.factors.tolist(),
    }


def _table(read: Triangle, found: Valuation) -> str:
    width = max(len(name) for name in (*read.origins, "origin", "total"))
    lines = [f"{'origin':<{width}} {'reported':>16} {'ultimate':>16} {'reserve':>16} {'s.e.':>14}"]
    reported = read.reported()
    for place, name in enumerate(read.origins):
        amounts = f"{reported[place]:>16,.0f} {found.ultimate[place]:>16,.0f} {found.reserve[place]:>16,.0f}"
        lines.append(f"{name:<{width}} {amounts} {found.error[place]:>14,.0f}")
    sums = f"{reported.sum():>16,.0f} {found.ultimate.sum():>16,.0f} {found.total_reserve:>16,.0f}"
    lines.append(f"{'total':<{width}} {sums} {found.total_error:>14,.0f}")
    return "\n".join(lines)
