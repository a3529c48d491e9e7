"""A roster as a value: who works which shift on which day."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Assignment:
    """One shift of one employee; `day` counts from 0 at the start of the period."""

    employee: str
    day: int
    shift: str
