"""What is said about a measurement: gaps, columns, Markdown and pictures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from benching import SVG, picture, texts
from samplan_rostering.bench.measurement import Point, Row
from samplan_rostering.bench.report import COLUMNS, cells, machine, markdown, record
from samplan_rostering.bench.svg import draw


def test_gaps_are_given_only_where_they_mean_something(row: Row) -> None:
    assert (row.gap_best_known, row.gap_bound) == (50.0, pytest.approx(100 / 3))
    assert replace(row, objective=0, best_known=0, bound=0).gap_best_known == 0.0
    assert replace(row, objective=5, best_known=0).gap_best_known is None
    assert replace(row, objective=1).gap_best_known == -50.0
    assert replace(row, best_known=None, bound=None).gap_bound is None
    for broken in (replace(row, violations=1), replace(row, evaluator_agrees=False)):
        assert (broken.rejected, broken.gap_best_known, broken.gap_bound) == (True, None, None)


def test_a_row_is_written_by_the_columns(row: Row) -> None:
    said = record(row)
    assert tuple(said) == COLUMNS
    assert (said["gap_bound_percent"], said["versions"], said["evaluator_agrees"]) == (
        33.333,
        "ortools 9",
        True,
    )
    assert len(cells(row)) == len(COLUMNS)
    assert cells(replace(row, objective=None, evaluator_agrees=False)).count("no") == 1


def test_the_markdown_names_machine_versions_and_reasons(row: Row) -> None:
    text = markdown([row, replace(row, solver="highs", reason="a|b")], date(2027, 3, 1), {})
    assert text.startswith("Measured on 2027-03-01: 1 s a file and solver, 2 workers, seed 1; ")
    assert f"{machine()['cores']} cores" in text
    assert "ortools 9." in text
    assert "| own.txt | samplan | 3x7x2 | feasible | 3 | 2 | 2 | 50.00 % | 33.33 % |" in text
    assert "- own.txt, highs: a\\|b" in text
    assert "![" not in text


def test_the_picture_has_a_line_for_each_solver_and_says_itself_in_words(row: Row) -> None:
    svg = picture(draw([row, replace(row, solver="cp-sat", points=(Point(0.2, 8, None), Point(0.3, 9, 0)))]))
    lines = list(svg.iter(f"{SVG}polyline"))
    assert len(lines) == 2
    assert [shape.get("stroke-dasharray") for shape in lines] == [None, "9 4"]
    places = [tuple(map(float, place.split(","))) for place in lines[0].get("points", "").split()]
    assert [x for x, _ in places] == sorted(x for x, _ in places)
    assert [y for _, y in places] == sorted(y for _, y in places), "a gap only falls, and down is more"
    other = lines[1].get("points", "").split()
    assert len({place.split(",")[1] for place in other}) == 1, "a worse roster changes nothing"
    assert svg.get("aria-labelledby") == "title desc"
    assert svg.findtext(f"{SVG}title") == "own.txt: gap over time"
    assert "samplan: objective 3 after 3.0 s, 50.00 % above best known." in (svg.findtext(f"{SVG}desc") or "")
    assert "prefers-color-scheme: dark" in (svg.findtext(f"{SVG}style") or "")
    assert {"Seconds (logarithmic)", "Gap: per cent above best known, 2 (logarithmic)"} <= set(texts(svg))
    assert {"samplan 50 %", "cp-sat 300 %", "0.1", "10"} <= set(texts(svg))


def test_the_picture_counts_points_where_there_is_no_per_cent(row: Row) -> None:
    svg = picture(draw([replace(row, best_known=0)]))
    assert "Gap: points above best known, 0 (logarithmic)" in texts(svg)
    assert "samplan 3" in texts(svg)
    alone = picture(draw([replace(row, best_known=None)]))
    assert "Gap: per cent above the best here, 3 (logarithmic)" in texts(alone)


def test_a_picture_without_a_roster_says_so(row: Row) -> None:
    svg = picture(draw([replace(row, points=(), objective=None, status="unknown")]))
    assert "No roster was found" in texts(svg)
    assert svg.findtext(f"{SVG}desc") == "samplan: no roster, unknown."
    assert list(svg.iter(f"{SVG}polyline")) == []


def test_names_in_a_picture_cannot_break_it(row: Row) -> None:
    svg = picture(draw([replace(row, file="<a & b>.txt")]))
    assert svg.findtext(f"{SVG}title") == "<a & b>.txt: gap over time"
