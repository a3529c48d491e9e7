"""A problem as JSON and back: the same value, and the same hash.

The types of the dataclasses say how each part is written. A set is a sorted list, a tuple a list, a range its
two ends, and an optional value null. `docs/rostering/problem.md` describes the format.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from samplan_rostering.solver.problem import Problem

FORMAT, VERSION = "samplan-problem", 1


class ProblemFormatError(ValueError):
    """What was read is no problem; the message says where and what was expected."""


def problem_to_json(problem: Problem) -> str:
    """Return a problem as JSON text; equal problems give equal texts."""
    content = {"format": FORMAT, "version": VERSION, "problem": _written(problem)}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def problem_from_json(text: str) -> Problem:
    """Return the problem that a JSON text holds.

    Raises:
        ProblemFormatError: the text is not of this format and version, or is no sound problem.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProblemFormatError(f"not JSON: {error}") from None
    if not looks_like_problem(content):
        raise ProblemFormatError(f"not a problem: expected an object with format {FORMAT!r}")
    if content.get("version") != VERSION:
        raise ProblemFormatError(f"version {content.get('version')!r}: expected {VERSION}")
    problem = _read(Problem, content.get("problem"), "problem")
    assert isinstance(problem, Problem)  # noqa: S101 - for the type checker: that is what was asked for
    return problem


def looks_like_problem(content: object) -> bool:
    """Tell whether JSON content says that it is a problem."""
    return isinstance(content, Mapping) and content.get("format") == FORMAT


def _written(value: Any) -> Any:
    """Return a value as what JSON can hold; fields that have their usual value are left out."""
    if is_dataclass(value) and not isinstance(value, type):
        usual = {item.name: item.default for item in fields(value)}
        given = {item.name: getattr(value, item.name) for item in fields(value)}
        return {name: _written(item) for name, item in given.items() if item != usual[name]}
    if isinstance(value, range):
        return [value.start, value.stop]
    if isinstance(value, frozenset):
        return [_written(item) for item in sorted(value)]
    if isinstance(value, tuple):
        return [_written(item) for item in value]
    return value.value if isinstance(value, StrEnum) else value


def _read(kind: Any, value: Any, where: str) -> Any:
    """Return a value of a type, read from JSON."""
    origin = get_origin(kind)
    if origin in {Union, UnionType}:
        return _optional(kind, value, where)
    reader = _READERS.get(origin or kind)
    if reader is not None:
        return reader(kind, value, where)
    if is_dataclass(kind):
        return _dataclass(kind, value, where)
    try:
        return kind(value)  # the name of a rule or a soft term
    except ValueError:
        raise ProblemFormatError(
            f"{where}: {value!r}, expected the name of a {kind.__name__.lower()}"
        ) from None


def _optional(kind: Any, value: Any, where: str) -> Any:
    if value is None:
        return None
    (inner,) = (part for part in get_args(kind) if part is not NoneType)
    return _read(inner, value, where)


def _plain(kind: Any, value: Any, where: str) -> Any:
    if type(value) is not kind:
        names = {int: "a whole number", str: "a text", bool: "true or false"}
        raise ProblemFormatError(f"{where}: {value!r}, expected {names[kind]}")
    return value


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise ProblemFormatError(f"{where}: {value!r}, expected a list")
    return value


def _tuple(kind: Any, value: Any, where: str) -> tuple[Any, ...]:
    items, kinds = _list(value, where), get_args(kind)
    if kinds[-1] is Ellipsis:
        kinds = (kinds[0],) * len(items)
    if len(items) != len(kinds):
        raise ProblemFormatError(f"{where}: {len(items)} values, expected {len(kinds)}")
    return tuple(
        _read(each, item, f"{where}[{place}]")
        for place, (each, item) in enumerate(zip(kinds, items, strict=True))
    )


def _set(kind: Any, value: Any, where: str) -> frozenset[Any]:
    (inner,) = get_args(kind)
    return frozenset(
        _read(inner, item, f"{where}[{place}]") for place, item in enumerate(_list(value, where))
    )


def _range(_kind: Any, value: Any, where: str) -> range:
    first, stop = _tuple(tuple[int, int], value, where)
    return range(first, stop)


_READERS: Mapping[Any, Callable[[Any, Any, str], Any]] = {
    int: _plain,
    str: _plain,
    bool: _plain,
    tuple: _tuple,
    frozenset: _set,
    range: _range,
}


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _dataclass(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise ProblemFormatError(f"{where}: {value!r}, expected an object")
    names = {item.name: item for item in fields(kind)}
    unknown = sorted(value.keys() - names.keys())
    if unknown:
        raise ProblemFormatError(f"{where}: unknown {', '.join(unknown)}")
    missing = [name for name, item in names.items() if name not in value and item.default is MISSING]
    if missing:
        raise ProblemFormatError(f"{where}: missing {', '.join(missing)}")
    hints = _hints(kind)
    given = {name: _read(hints[name], item, f"{where}.{name}") for name, item in value.items()}
    try:
        return kind(**given)
    except ValueError as error:
        raise ProblemFormatError(f"{where}: {error}") from None
