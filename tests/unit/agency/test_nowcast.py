"""The command that values a triangle in a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from samplan_agency.cli import agency

TRIANGLE = "origin,1,2,3\n2025,100,150,165\n2026,120,180,\n2027,110,,\n"
EXPOSURE = "origin;exposure\n2025;160\n2026;200\n2027;300,5\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "triangle.csv").write_text(TRIANGLE)
    (tmp_path / "exposure.csv").write_text(EXPOSURE)
    return tmp_path


def run(files: Path, *words: str) -> Result:
    return CliRunner().invoke(agency, ["nowcast", str(files / "triangle.csv"), *words])


def test_the_chain_ladder_is_said_in_json(files: Path) -> None:
    said = json.loads(run(files, "--json").output)
    assert set(said) == {"ultimate", "reserve", "total_reserve", "se", "total_se", "factors"}
    assert said["factors"] == pytest.approx([1.5, 1.1])
    assert said["reserve"] == pytest.approx([0, 18, 71.5])
    assert said["total_reserve"] == pytest.approx(89.5)


@pytest.mark.parametrize("method", ["bf", "capecod"])
def test_a_prior_is_read_from_a_file_of_its_own(files: Path, method: str) -> None:
    words = ("--method", method, "--exposure", str(files / "exposure.csv"), "--json")
    said = json.loads(run(files, *words).output)
    scale = 1 if method == "bf" else (165 + 180 + 110) / (160 + 200 / 1.1 + 300.5 / 1.65)
    assert said["reserve"][2] == pytest.approx(300.5 * scale * (1 - 1 / 1.65))
    assert run(files, "--method", method, "--json").exit_code == 2
    turned = [";".join(reversed(line.split(";"))) for line in EXPOSURE.splitlines()]
    more = ["origin,hours,exposure", "2027,1,300.5", "2025,2,160", "2026,3,200"]
    for lines in (turned, more):
        (files / "exposure.csv").write_text("\n".join(lines))
        assert json.loads(run(files, *words).output) == said
    for odd in ("nan", "inf", "-1", "1e300"):
        assert run(files, *words, "--prior-cv", odd).exit_code == 2


def test_without_json_it_is_a_table(files: Path) -> None:
    lines = run(files).output.splitlines()
    assert lines[-1].split() == ["total", "455", "544", "90", "0"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no triangle"),
        ("origin,1,2\na,5,x\n", "row 2, column 3 ('x')"),
        ("origin,1,3\na,5,6\n", "row 1, column 3 ('3'): expected the heading 2"),
        ("origin,1,2\na,5,6\na,5,\n", "row 3, column 1 ('a'): the origin stands in row 2 too"),
        ("origin,1,2\na,5,6,7\n", "row 2, column 4: expected at most 2 amounts"),
        ("origin,1,2\na,,\n", "row 2, column 2 ('a')"),
        ("origin,1,2\na,0,\n", "nothing is known of the growth"),
        ("origin,1,2\na,nan,1\n", "row 2, column 2 ('nan')"),
        ("origin,1,2\na,1e300,1\n", "row 2, column 2 ('1e300')"),
        ('origin,1,2\na,"1,234",2000\n', "row 2, column 2 ('1,234'): write the amount without a comma"),
        ("origin,1,2,3\na,5,6,\n", "column 4: nothing is known of the growth from period 2 to 3: no origin"),
        ("origin,1,2\na,5,-6\nb,5,\n", "the amounts there sum to 0 or less"),
        ('origin,1,2\na,"5,6\n', "not CSV"),
        (
            "origin;1;2\na;5,5;1.650\n",
            "row 2, column 3 ('1.650'): write all amounts with the same decimal sign",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_named_by_its_place(files: Path, text: str, said: str) -> None:
    (files / "triangle.csv").write_text(text)
    found = run(files, "--json")
    assert found.exit_code == 2
    assert said in found.output


@pytest.mark.parametrize(
    "text",
    [
        "\ufefforigin;1;2;3\r\n2025;100;150,0;165\r\n2026;120;180;\r\n2027;110;;\r\n\r\n",
        "\norigin\t1\t2\t3\t\n2025\t100\t150\t165\t\n2026\t120\t180\n2027\t110\n\t\t\n",
        'origin,1,2,3\r2025,100,150,165\r2026,"120,0",180,\r2027,110,,\r',
        '"origin";"1";"2";"3"\n"2025";"100";"150";"165"\n"2026";"120";"180";""\n"2027";"110";"";""\n',
    ],
)
def test_the_same_triangle_as_other_programs_write_it(files: Path, text: str) -> None:
    (files / "triangle.csv").write_bytes(text.encode())
    assert json.loads(run(files, "--json").output)["reserve"] == pytest.approx([0, 18, 71.5])


def test_triangles_of_every_shape_are_valued(files: Path) -> None:
    """One origin; more origins than periods; steps that one origin alone has taken; a zero at the start."""
    for text, reserve, error in [
        ("origin,1,2\na,4,6\n", [0], 0),
        ("origin,1\na,4\nb,5\n", [0, 0], 0),
        ("origin,1,2\na,1,2\nb,2,3\nc,1,3\nd,2,\n", [0, 0, 0, 2], 1.5),
        ("origin,1,2,3\na,0,2,3\nb,1,2,\nc,1,,\n", [0, 1, 5], 0),
    ]:
        (files / "triangle.csv").write_text(text)
        for sigma in ("mack", "loglinear"):
            said = json.loads(run(files, "--json", "--sigma", sigma).output)
            assert said["reserve"] == pytest.approx(reserve)
            assert said["total_se"] == pytest.approx(error)


def test_a_faulty_exposure_is_named_by_its_own_file(files: Path) -> None:
    for text, said in [
        ("origin,exposure\n2025,1\n2026,2\n", "missing: 2027"),
        ("origin,exposure\n2025,-1\n", "row 2, column 2 ('-1')"),
        ("origin,exposure\n1999,1\n", "row 2, column 1 ('1999')"),
        ("origin,exposure\n2025,1\n2025,1\n", "row 3, column 1 ('2025')"),
        ("origin,exposure\n2025\n", "row 2, column 2"),
        ("2025,160\n2026,200\n2027,300\n", "row 1, column 2 ('160'): expected the headings origin,exposure"),
    ]:
        (files / "exposure.csv").write_text(text)
        found = run(files, "--method", "bf", "--exposure", str(files / "exposure.csv"))
        assert found.exit_code == 2
        assert "exposure.csv" in found.output
        assert said in found.output


def test_a_file_in_another_encoding_is_refused(files: Path) -> None:
    (files / "triangle.csv").write_bytes("origin,1,2\nå,1,2\n".encode("cp1252"))
    assert "not text in UTF-8 (byte 12)" in run(files).output
