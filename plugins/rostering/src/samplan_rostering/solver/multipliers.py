"""Prices on hours, weekends and limited shifts (Lagrange multipliers), found on the row graph alone.

With them the least cost still to come from a node is nearly exact, so that few partial rows have to be
looked at. Arrays come in the tuples that `samplan_rostering.solver.pricing` explains.
"""

from typing import Any

import numpy as np
from numba import njit

_HALVINGS = 7


@njit(cache=True, nogil=True)
def fit_multipliers(graph: Any, prices: Any, limits: Any, multipliers: Any) -> None:
    """Fit one multiplier after the other to where the cheapest path just keeps its limit."""
    hours, weekends, numbers = limits
    none, each = np.zeros(prices[0].shape), np.zeros(len(prices[1]))
    minutes = hours[0].astype(np.float64)
    step = 1 / max(1.0, minutes.max())
    _fit_one(0, graph, prices, (minutes, each), limits, multipliers, (*hours[3][:2], step))
    multipliers[0] = min(max(multipliers[0], -hours[3][2]), hours[3][2])
    if weekends[1] > 0:
        most = weekends[1] - min(weekends[0], weekends[1])
        _fit_one(1, graph, prices, (none, each + 1.0), limits, multipliers, (0, most, 1.0))
        if weekends[3] <= weekends[1]:
            multipliers[1] = min(multipliers[1], weekends[4])
    for s in range(len(numbers[0])):
        multipliers[2 + s] = multipliers[2 + s] if numbers[0][s] > 0 else 0.0
        if numbers[0][s] > 0:
            column = none.copy()
            column[:, s] = 1.0
            _fit_one(2 + s, graph, prices, (column, each), limits, multipliers, (0, numbers[1][s], 1.0))


@njit(cache=True, nogil=True)
def priced_with(prices: Any, limits: Any, multipliers: Any) -> Any:
    """Return prices with the multipliers on top, and what these give back at the limits."""
    hours, weekends, numbers = limits
    cells = prices[0] + multipliers[0] * hours[0] + multipliers[2:]
    given = -np.inf
    for total in range(hours[1], hours[2] + 1):
        given = max(given, multipliers[0] * total - hours[4][total])
    given += multipliers[1] * (weekends[1] - min(weekends[0], weekends[1]))
    for s in range(len(numbers[1])):
        given += multipliers[2 + s] * numbers[1][s]
    return (cells, prices[1] + multipliers[1]), given


@njit(cache=True, nogil=True)
def to_come(graph: Any, prices: Any, minutes: Any) -> Any:
    """Return by node the least cost, the fewest and the most minutes still to come."""
    layer_start, arc_start, target, shift = graph[:4]
    free = prices[0].shape[1] - 1
    nodes = len(arc_start) - 1
    cost_ahead, fewest, most = (
        np.zeros(nodes),
        np.zeros(nodes, dtype=np.int64),
        np.zeros(nodes, dtype=np.int64),
    )
    for day in range(len(layer_start) - 3, -1, -1):
        for node in range(layer_start[day], layer_start[day + 1]):
            cost_ahead[node], fewest[node], most[node] = np.inf, 1 << 40, -(1 << 40)
            for arc in range(arc_start[node], arc_start[node + 1]):
                cost = arc_cost(arc, day, graph, prices) + cost_ahead[target[arc]]
                if cost < np.inf:
                    worked = minutes[day, shift[arc] if shift[arc] >= 0 else free]
                    cost_ahead[node] = min(cost_ahead[node], cost)
                    fewest[node] = min(fewest[node], worked + fewest[target[arc]])
                    most[node] = max(most[node], worked + most[target[arc]])
    return cost_ahead, fewest, most


@njit(cache=True, nogil=True)
def arc_cost(arc: int, day: int, graph: Any, prices: Any) -> Any:
    """Return what an arc costs by itself."""
    shift, weekend = graph[3][arc], graph[4][arc]
    cell_cost, weekend_cost = prices
    cost = graph[5][arc] + cell_cost[day, shift if shift >= 0 else cell_cost.shape[1] - 1]
    return cost + weekend_cost[weekend] if weekend >= 0 else cost


@njit(cache=True, nogil=True)
def _fit_one(
    place: int, graph: Any, prices: Any, amounts: Any, limits: Any, multipliers: Any, bounds: Any
) -> None:
    """Find a multiplier by doubling and halving: use falls as it rises.

    `amounts` tells what cells and weekends use, `bounds` the least and most use and a first step.
    """
    least, most, unit = bounds
    multipliers[place], start = 0.0, abs(multipliers[place])
    priced, _ = priced_with(prices, limits, multipliers)
    value, use = _cheapest_path(graph, priced, amounts, 0.0)
    if least <= use <= most or value == np.inf:
        return
    sign, limit = (1.0, most) if use > most else (-1.0, least)
    best, low, high = value, 0.0, max(start, unit)
    for _ in range(_HALVINGS + 20):
        value, use = _cheapest_path(graph, priced, amounts, sign * high)
        if value - sign * high * limit > best:
            best, multipliers[place] = value - sign * high * limit, sign * high
        if sign * (use - limit) <= 0 or high > 1e9:
            break
        low, high = high, 2 * high
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        value, use = _cheapest_path(graph, priced, amounts, sign * middle)
        if value - sign * middle * limit > best:
            best, multipliers[place] = value - sign * middle * limit, sign * middle
        if sign * (use - limit) <= 0:
            high = middle
        else:
            low = middle


@njit(cache=True, nogil=True)
def _cheapest_path(graph: Any, prices: Any, amounts: Any, multiplier: float) -> Any:
    """Return the least cost of a path with a price on what it uses, and how much it uses."""
    layer_start, arc_start, target, shift, weekend = graph[:5]
    free = prices[0].shape[1] - 1
    nodes = len(arc_start) - 1
    cost_ahead, use_ahead = np.zeros(nodes), np.zeros(nodes)
    for day in range(len(layer_start) - 3, -1, -1):
        for node in range(layer_start[day], layer_start[day + 1]):
            least, used = np.inf, 0.0
            for arc in range(arc_start[node], arc_start[node + 1]):
                amount = amounts[0][day, shift[arc] if shift[arc] >= 0 else free]
                if weekend[arc] >= 0:
                    amount += amounts[1][weekend[arc]]
                cost = arc_cost(arc, day, graph, prices) + multiplier * amount + cost_ahead[target[arc]]
                if cost < least:
                    least, used = cost, amount + use_ahead[target[arc]]
            cost_ahead[node], use_ahead[node] = least, used
    return cost_ahead[0], use_ahead[0]
