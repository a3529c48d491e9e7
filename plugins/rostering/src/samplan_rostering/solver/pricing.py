"""The cheapest rows of an employee: a search over the row graph with hours and numbers counted along.

Hours, weekends and limited shifts have prices of their own (Lagrange multipliers), found first on the
graph alone. With them the least cost still to come from a node is nearly exact, so that few partial rows
have to be looked at. Compiled by numba; other threads run meanwhile. Arrays come in tuples:

* `graph`: layer_start, arc_start, target, shift and weekend of a RowGraph, and its costs.
* `prices`: the cost of cells (a row per day and a column per shift, the last for a free day; infinite
  cost closes a cell), and what each newly worked weekend costs.
* `limits`: hours, weekends and numbers.
  `hours`: minutes by day and shift like the cells, the least and the most of a row. In their place another
  sum may be counted that costs: then the span within which it costs nothing, what a unit outside costs, and
  the cost by sum, up to the most there can be.
  `weekends`: how many were worked before, up to how many are counted, how many are allowed, how many
  are free, and what each beyond costs.
  `numbers`: by shift what it adds to a number that holds the counts of all limited shifts (0: not
  counted), its limit, and how many such numbers there are.
* `multipliers`: those of minutes, weekends and each shift; changed in place.
"""

from typing import Any

import numpy as np
from numba import njit

from samplan_rostering.solver.multipliers import arc_cost, fit_multipliers, priced_with, to_come

_NONE = -1
_NODE, _MINUTES, _WEEKENDS, _COUNTS, _PARENT, _VIA = range(6)
_FIRST_SIZE = 1 << 14
_FIRST_STEP, _WIDER, _MOST_STEPS = 0.04, 4.0, 12
"""How far above the multipliers' bound is looked first, and how much further each time.

The cheapest row often costs little more than the bound, and then few partial rows have to be looked at.
"""


@njit(cache=True, nogil=True)
def cheapest_rows(
    graph: Any, prices: Any, limits: Any, multipliers: Any, below: float, wanted: int, size: Any
) -> Any:
    """Return (rows, bound): the cheapest rows that cost less than `below`, best first.

    A row holds the shift of each day, -1 for a free one. `bound` is the proven least cost of any row,
    or `below` when none costs less. `size` holds how many partial rows are looked at in all, and how many go
    on from a day to the next: with more, those go on that look best, the rows are good ones rather than the
    cheapest, and the bound is that of the multipliers.
    """
    fit_multipliers(graph, prices, limits, multipliers)
    priced, given = priced_with(prices, limits, multipliers)
    ahead = to_come(graph, priced, limits[0][0])
    least = ahead[0][0] - given
    rows, bound = np.empty((0, len(graph[0]) - 2), dtype=np.int64), below
    if least >= below:
        return rows, bound
    hours, weekends, numbers = limits
    alike = (hours[2] + 1) * (weekends[1] + 1) * numbers[2]
    slots = np.full(np.diff(graph[0]).max() * alike, _NONE, dtype=np.int32)
    for step in range(_MOST_STEPS):
        limit = _limit(step, least, below)
        rows, bound = _rows_below(
            limit, graph, prices, priced, given, ahead, limits, multipliers, wanted, size, slots
        )
        # A bound below the limit tells that the search was given up.
        if len(rows) > 0 or bound < limit or limit == below:
            break
    return rows, bound


@njit(cache=True, nogil=True)
def _limit(step: int, least: float, below: float) -> Any:
    """Return up to which cost rows are searched in a step; the last one searches for all there are."""
    span = below - least if below < np.inf else 1.0 + abs(least)
    limit = least + span * _FIRST_STEP * _WIDER**step
    return below if limit > below or step >= _MOST_STEPS - 1 else limit


@njit(cache=True, nogil=True)
def _rows_below(
    below: float,
    graph: Any,
    prices: Any,
    priced: Any,
    given: float,
    ahead: Any,
    limits: Any,
    multipliers: Any,
    wanted: int,
    size: Any,
    slots: Any,
) -> Any:
    """Return the rows as `cheapest_rows` does, given what is to come from each node."""
    hours, weekends, numbers = limits
    days = len(graph[0]) - 2
    labels, costs = np.empty((_FIRST_SIZE, 6), dtype=np.int64), np.empty(_FIRST_SIZE, dtype=np.float64)
    labels[0] = np.array([0, 0, min(weekends[0], weekends[1]), 0, _NONE, _NONE])
    costs[0] = 0.0
    begin, end, least = 0, 1, min(ahead[0][0] - given, below)
    all_seen = True
    # Weekends beyond those counted do not pay the multiplier.
    over = (hours, (*weekends[:4], weekends[4] - multipliers[1]), numbers)
    for day in range(days):
        labels, costs, count = _extend(
            day, (begin, end), labels, costs, slots, graph, priced, over, ahead, below + given
        )
        if count > size[0]:
            return np.empty((0, days), dtype=np.int64), least
        for label in range(end, count):
            slots[_slot(labels[label], graph[0][day + 1], limits)] = _NONE
        if count - end > size[1]:
            all_seen = False
            count = _thin(labels, costs, (end, count), ahead[0], size[1])
        begin, end = end, count
    real = np.array([_real(labels, costs, label, limits, multipliers) for label in range(begin, end)])
    order = begin + np.argsort(real)[: min(wanted, (real < below).sum())]
    rows = _rows(labels, order, days, prices[0].shape[1] - 1)
    return rows, (least if not all_seen else min(real.min(), below) if end > begin else below)


@njit(cache=True, nogil=True)
def _thin(labels: Any, costs: Any, span: Any, ahead: Any, width: int) -> Any:
    """Keep so many of a day's labels as look best; return where they end.

    Those with the same minutes share what is kept, for the hours of a row have to come out in the end.
    """
    begin, end = span
    looks = costs[begin:end] + ahead[labels[begin:end, _NODE]]
    order = begin + np.argsort(looks)
    minutes = labels[begin:end, _MINUTES]
    share = np.zeros(minutes.max() + 1, dtype=np.int64)
    share[minutes] = 1
    most = max(width // share.sum(), 1)
    share[:] = 0
    kept = np.zeros(end - begin, dtype=np.bool_)
    left = width
    for label in order:
        own = labels[label, _MINUTES]
        if left > 0 and share[own] < most:
            share[own] += 1
            kept[label - begin] = True
            left -= 1
    place = begin
    for label in range(begin, end):
        if kept[label - begin]:
            labels[place], costs[place] = labels[label], costs[label]
            place += 1
    return place


@njit(cache=True, nogil=True)
def through_cells(graph: Any, prices: Any, limits: Any, multipliers: Any) -> Any:
    """Return by cell a proven least cost of the rows through it, by the multipliers."""
    fit_multipliers(graph, prices, limits, multipliers)
    priced, given = priced_with(prices, limits, multipliers)
    layer_start, arc_start, target, shift = graph[:4]
    free = prices[0].shape[1] - 1
    behind = np.full(len(arc_start) - 1, np.inf)
    ahead = np.zeros(len(arc_start) - 1)
    behind[0] = 0.0
    days = len(layer_start) - 2
    for day in range(days):
        for node in range(layer_start[day], layer_start[day + 1]):
            for arc in range(arc_start[node], arc_start[node + 1]):
                cost = behind[node] + arc_cost(arc, day, graph, priced)
                behind[target[arc]] = min(behind[target[arc]], cost)
    least = np.full(prices[0].shape, np.inf)
    for day in range(days - 1, -1, -1):
        for node in range(layer_start[day], layer_start[day + 1]):
            ahead[node] = np.inf
            for arc in range(arc_start[node], arc_start[node + 1]):
                rest = arc_cost(arc, day, graph, priced) + ahead[target[arc]]
                ahead[node] = min(ahead[node], rest)
                s = shift[arc] if shift[arc] >= 0 else free
                least[day, s] = min(least[day, s], behind[node] + rest)
    return least - given


@njit(cache=True, nogil=True)
def _slot(label: Any, first: int, limits: Any) -> Any:
    """Return where labels meet that are alike but for their cost."""
    hours, weekends, numbers = limits
    place = (label[_NODE] - first) * (hours[2] + 1) + label[_MINUTES]
    return (place * (weekends[1] + 1) + label[_WEEKENDS]) * numbers[2] + label[_COUNTS]


@njit(cache=True, nogil=True)
def _extend(
    day: int,
    span: Any,
    labels: Any,
    costs: Any,
    slots: Any,
    graph: Any,
    prices: Any,
    limits: Any,
    ahead: Any,
    below: float,
) -> Any:
    """Add what follows the labels of a day, the cheapest of those alike; return how many there are."""
    (hours, weekends, numbers), (begin, end) = limits, span
    arc_start, target, shift, weekend = graph[1:5]
    free, count, new = prices[0].shape[1] - 1, end, np.empty(6, dtype=np.int64)
    for label in range(begin, end):
        for arc in range(arc_start[labels[label, _NODE]], arc_start[labels[label, _NODE] + 1]):
            s, after = shift[arc] if shift[arc] >= 0 else free, target[arc]
            worked, extra = _weekends(labels[label, _WEEKENDS], weekend[arc], weekends)
            cost = costs[label] + arc_cost(arc, day, graph, prices) + extra
            minutes = labels[label, _MINUTES] + hours[0][day, s]
            if cost + ahead[0][after] >= below or _is_full(labels[label, _COUNTS], s, numbers):
                continue
            if minutes + ahead[1][after] > hours[2] or minutes + ahead[2][after] < hours[1]:
                continue
            new[_NODE], new[_MINUTES], new[_WEEKENDS] = after, minutes, worked
            new[_COUNTS], new[_PARENT], new[_VIA] = labels[label, _COUNTS] + numbers[0][s], label, s
            slot = _slot(new, graph[0][day + 1], limits)
            place = slots[slot]
            if place != _NONE and costs[place] <= cost:
                continue
            if place == _NONE:
                place = slots[slot] = count
                count += 1
                if count > len(costs):
                    labels = np.concatenate((labels, np.empty(labels.shape, dtype=np.int64)))
                    costs = np.concatenate((costs, np.empty(len(costs), dtype=np.float64)))
            labels[place], costs[place] = new, cost
    return labels, costs, count


@njit(cache=True, nogil=True)
def _weekends(worked: int, newly: int, weekends: Any) -> Any:
    """Return the weekends worked after an arc, and what the arc costs for being one too many."""
    if newly < 0:
        return worked, 0.0
    if worked >= weekends[2]:
        return worked, np.inf
    if worked >= weekends[1]:
        return worked, (weekends[4] if worked >= weekends[3] else 0.0)
    return worked + 1, 0.0


@njit(cache=True, nogil=True)
def _is_full(counts: int, shift: int, numbers: Any) -> Any:
    """Tell whether no more of a shift is allowed."""
    radix, limit = numbers[0][shift], numbers[1][shift]
    return radix > 0 and (counts // radix) % (limit + 1) >= limit


@njit(cache=True, nogil=True)
def _real(labels: Any, costs: Any, label: int, limits: Any, multipliers: Any) -> Any:
    """Return the cost of a row without the multipliers."""
    hours, weekends, numbers = limits
    cost = costs[label] - multipliers[0] * labels[label, _MINUTES] + hours[4][labels[label, _MINUTES]]
    cost -= multipliers[1] * (labels[label, _WEEKENDS] - min(weekends[0], weekends[1]))
    for s in range(len(numbers[0])):
        if numbers[0][s] > 0:
            cost -= multipliers[2 + s] * ((labels[label, _COUNTS] // numbers[0][s]) % (numbers[1][s] + 1))
    return cost


@njit(cache=True, nogil=True)
def _rows(labels: Any, chosen: Any, days: int, free: int) -> Any:
    """Return the rows that end with some labels."""
    rows = np.empty((len(chosen), days), dtype=np.int64)
    for place in range(len(chosen)):
        label = chosen[place]
        for day in range(days - 1, -1, -1):
            via = labels[label, _VIA]
            rows[place, day] = via if via != free else _NONE
            label = labels[label, _PARENT]
    return rows
