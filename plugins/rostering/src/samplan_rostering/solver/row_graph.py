"""The rows that an employee's rules allow, as a layered graph: a path from day 0 to the end is a row.

A node is what has to be remembered after a day (`row_memory`). Minutes, weekends worked and one more sum are
counted along the path by those who search it. Cells closed to one employee are not part of the graph, so that
employees with the same rules share one; what lies before the period only decides where they enter it.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from samplan_rostering.solver.row_memory import Memory

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_Node = tuple[int, ...]
"""By memory the number of its state."""
_Arc = tuple[int, int, int, float]
"""Target in the next layer, shift (-1: free), weekend newly worked, cost."""


@dataclass(frozen=True, slots=True)
class RowGraph:
    """Nodes are numbered by day: those before day d are layer_start[d] up to layer_start[d + 1].

    The arcs of node n are arc_start[n] up to arc_start[n + 1]; each has its target, shift (-1: free),
    the weekend that becomes a worked one (-1: none) and a cost that does not depend on anything else.
    """

    layer_start: Ints
    arc_start: Ints
    target: Ints
    shift: Ints
    weekend: Ints
    cost: Floats

    @property
    def arcs(self) -> tuple[Ints, Ints, Ints, Ints, Ints, Floats]:
        """Everything, as the compiled searches take it."""
        return self.layer_start, self.arc_start, self.target, self.shift, self.weekend, self.cost

    def entered_at(self, entry: int) -> "RowGraph":
        """Return the graph for those who enter at one node of the first layer: it becomes the only one."""
        others = int(self.layer_start[1])
        own = slice(self.arc_start[entry], self.arc_start[entry + 1])
        rest = slice(self.arc_start[others], None)
        counts = np.diff(self.arc_start)
        kept = np.concatenate((counts[entry : entry + 1], counts[others:]))

        def of(values: Ints) -> Ints:
            return np.concatenate((values[own], values[rest]))

        return RowGraph(
            layer_start=np.concatenate(([0], self.layer_start[1:] - (others - 1))),
            arc_start=np.concatenate(([0], np.cumsum(kept))),
            target=of(self.target) - (others - 1),
            shift=of(self.shift),
            weekend=of(self.weekend),
            cost=np.concatenate((self.cost[own], self.cost[rest])),
        )


def row_graph(days: int, shifts: int, people: Sequence[Sequence[Memory]]) -> list[RowGraph | None]:
    """Return the graphs of people whose memories differ in their start only; None: no row keeps the rules.

    Hours and limits of totals are left aside. Nodes from which the same may follow at the same cost are one.
    """
    walk = _Walk(shifts, people[0])
    starts = [walk.start(own) for own in people]
    layers: list[dict[_Node, int]] = [{node: place for place, node in enumerate(dict.fromkeys(starts))}]
    arcs: list[list[list[_Arc]]] = []
    for day in range(days):
        ahead: dict[_Node, int] = {}
        arcs.append([walk.arcs(day, node, ahead) for node in layers[-1]])
        layers.append(ahead)
    merged, entries = _merge(arcs, len(layers[-1]))
    if not merged[0]:
        return [None] * len(people)
    whole = _arrays(merged)
    places = [entries[layers[0][start]] for start in starts]
    graphs = {place: None if place < 0 else whole.entered_at(place) for place in set(places)}
    return [graphs[place] for place in places]


class _Walk:
    """Goes from node to node, day by day; what a memory does on a day is asked once."""

    def __init__(self, shifts: int, memories: Sequence[Memory]) -> None:
        self._shifts: list[int | None] = [None, *range(shifts)]
        self._memories = memories
        self._numbers: list[dict[Hashable, int]] = [{} for _ in memories]
        self._states: list[list[Hashable]] = [[] for _ in memories]
        self._tables: list[dict[tuple[int, int], list[tuple[int, float, int] | None]]] = [
            {} for _ in memories
        ]

    def start(self, memories: Sequence[Memory]) -> _Node:
        """Return where people with these memories enter."""
        return tuple(self._number(place, memory.start()) for place, memory in enumerate(memories))

    def arcs(self, day: int, node: _Node, ahead: dict[_Node, int]) -> list[_Arc]:
        """Return what may follow on a node, and note the nodes ahead."""
        tables = [self._table(place, day, state) for place, state in enumerate(node)]
        found: list[_Arc] = []
        for shift, *steps in zip(self._shifts, *tables, strict=True):
            possible = [step for step in steps if step is not None]
            if len(possible) == len(steps):
                after, costs, weekends = zip(*possible, strict=True)
                target = ahead.setdefault(after, len(ahead))
                found.append((target, -1 if shift is None else shift, max(weekends), sum(costs)))
        return found

    def _table(self, place: int, day: int, state: int) -> list[tuple[int, float, int] | None]:
        table = self._tables[place].get((day, state))
        if table is None:
            memory, meaning = self._memories[place], self._states[place][state]
            table = []
            for shift in self._shifts:
                step = memory.step(day, meaning, shift)
                table.append(
                    None if step is None else (self._number(place, step.after), step.cost, step.weekend)
                )
            self._tables[place][day, state] = table
        return table

    def _number(self, place: int, state: Hashable) -> int:
        numbers = self._numbers[place]
        if state not in numbers:
            numbers[state] = len(numbers)
            self._states[place].append(state)
        return numbers[state]


def _merge(arcs: list[list[list[_Arc]]], ends: int) -> tuple[list[list[tuple[_Arc, ...]]], list[int]]:
    """Return by layer the arcs of nodes with different futures, and what has become of the first layer's.

    Targets are places among the next layer's nodes kept; -1 stands for a node that does not lead to the end.
    """
    become = [0] * ends  # all that counts has been counted: the end is one node
    merged: list[list[tuple[_Arc, ...]]] = []
    for layer in reversed(arcs):
        places: dict[tuple[_Arc, ...], int] = {}
        now = []
        for own in layer:
            future = tuple(
                (become[target], shift, weekend, cost)
                for target, shift, weekend, cost in own
                if become[target] >= 0
            )
            now.append(places.setdefault(future, len(places)) if future else -1)
        merged.append(list(places))
        become = now
    return merged[::-1], become


def _arrays(layers: list[list[tuple[_Arc, ...]]]) -> RowGraph:
    layer_start = np.cumsum([0, *(len(layer) for layer in layers), 1])
    counts = [len(own) for layer in layers for own in layer]
    columns = [
        (first + target, shift, weekend, cost)
        for first, layer in zip(layer_start[1:], layers, strict=False)
        for own in layer
        for target, shift, weekend, cost in own
    ]
    targets, shifts, weekends, costs = zip(*columns, strict=True)
    return RowGraph(
        layer_start=np.asarray(layer_start, dtype=np.int64),
        arc_start=np.cumsum([0, *counts, 0]).astype(np.int64),
        target=np.asarray(targets, dtype=np.int64),
        shift=np.asarray(shifts, dtype=np.int64),
        weekend=np.asarray(weekends, dtype=np.int64),
        cost=np.asarray(costs, dtype=np.float64),
    )
