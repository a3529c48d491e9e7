"""Shifts that lead a row from everywhere to the same, such as one shift type worked in several skills.

Of such shifts a cheapest row has the cheapest on each day, so that the search for rows needs one of them.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from samplan_rostering.solver.row_graph import Floats, Ints, RowGraph


@dataclass(frozen=True, slots=True)
class Alike:
    """A graph with one shift of each group, and the groups that have several, that one first."""

    graph: RowGraph
    groups: tuple[Ints, ...]

    def cheapest(self, cells: Floats) -> tuple[Floats, Ints]:
        """Return the cost of cells with that of the cheapest for each first, and by cell the shift meant."""
        least = cells.copy()
        meant = np.tile(np.arange(cells.shape[1]), (len(cells), 1))
        for group in self.groups:
            meant[:, group[0]] = group[cells[:, group].argmin(axis=1)]
            least[:, group[0]] = cells[:, group].min(axis=1)
        return least, meant

    def spread(self, through: Floats, cells: Floats) -> Floats:
        """Return the cost of rows through each cell, given that through the cheapest of its group."""
        for group in self.groups:
            own = cells[:, group]
            dearer = np.where(np.isfinite(own), own, np.inf) - _finite(own.min(axis=1))[:, None]
            through[:, group] = through[:, group[:1]] + dearer
        return through


def _finite(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, 0.0)


def alike(graph: RowGraph, apart: Sequence[object]) -> Alike:
    """Find the shifts that are alike; those for which `apart` differs are not."""
    sources = np.repeat(np.arange(len(graph.arc_start) - 1), np.diff(graph.arc_start))
    found: dict[object, list[int]] = defaultdict(list)
    for shift, own in enumerate(apart):
        arcs = graph.shift == shift
        columns = (sources, graph.target, graph.weekend, graph.cost)
        found[own, *(column[arcs].tobytes() for column in columns)].append(shift)
    groups = tuple(np.array(group) for group in found.values() if len(group) > 1)
    if not groups:
        return Alike(graph, ())
    kept = ~np.isin(graph.shift, np.concatenate([group[1:] for group in groups]))
    counts = np.bincount(sources[kept], minlength=len(graph.arc_start) - 1)
    return Alike(
        replace(
            graph,
            arc_start=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
            target=graph.target[kept],
            shift=graph.shift[kept],
            weekend=graph.weekend[kept],
            cost=graph.cost[kept],
        ),
        groups,
    )
