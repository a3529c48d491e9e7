"""The texts of a small instance of the competition INRC-II, and of a roster for it."""

from __future__ import annotations

from collections.abc import Callable

from samplan_rostering.domain.inrc2.text import parse_history, parse_scenario, parse_solution, parse_week

SCENARIO = """SCENARIO = prov

WEEKS = 2

SKILLS = 2
Lead
Care

SHIFT_TYPES = 2
Day (2,5)
Eve (2, 3)

FORBIDDEN_SHIFT_TYPES_SUCCESSIONS
Day 0
Eve 1 Day

CONTRACTS = 2
Full (6,10) (2,5) (2,3) 1 1
Half (3,6) (2,3) (2,7) 2 0

NURSES = 3
A1 Full 2 Lead Care
B2 Full 1 Care
C3 Half 1 Care
"""


HISTORY = """HISTORY
0 prov

NURSE_HISTORY
A1 0 0 Eve 1 2 0
B2 2 1 None 0 0 3
C3 0 0 None 0 0 2
"""


WEEK = """WEEK_DATA
prov

REQUIREMENTS
Day Care (1,1) (1,2) (1,1) (0,1) (0,0) (0,1) (0,0)
Eve Lead (0,1) (0,0) (0,0) (0,0) (0,0) (0,0) (0,0)

SHIFT_OFF_REQUESTS = 2
B2 Any Wed
C3 Eve Sat
"""


WEEK_1 = WEEK.replace("2\nB2 Any Wed\nC3 Eve Sat\n", "0\n")


SOLUTION = """SOLUTION
0 prov

ASSIGNMENTS = 8
A1 Mon Eve Lead
A1 Sat Day Care
A1 Sun Day Care
B2 Mon Day Care
B2 Tue Day Care
B2 Wed Day Care
C3 Thu Day Care
C3 Fri Day Care

Viol: 0
Cost: 25
Time: 0.1
"""


SOLUTION_1 = """SOLUTION
1 prov
ASSIGNMENTS = 8
A1 Wed Day Care
A1 Thu Day Care
B2 Mon Day Care
B2 Tue Day Care
B2 Sat Day Care
B2 Sun Day Care
C3 Tue Day Care
C3 Wed Day Care
"""


PARSED = parse_scenario("Sc-prov.txt", SCENARIO)


TEXTS: dict[str, tuple[str, Callable[[str], object]]] = {
    "scenario": (SCENARIO, lambda text: parse_scenario("Sc-prov.txt", text)),
    "history": (HISTORY, lambda text: parse_history("H0-prov-0.txt", text, PARSED)),
    "week": (WEEK, lambda text: parse_week("WD-prov-0.txt", text, PARSED)),
    "solution": (SOLUTION, lambda text: parse_solution("Sol-prov-0-0.txt", text, PARSED)),
}
