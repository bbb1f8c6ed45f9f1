"""Scenarios with all that departs from the straight line."""

from __future__ import annotations

STRAIGHT = """\
title: A claim
force: {size: 12000}
losses: {count: 3800, as_of: 2025-01-16, start: 2024-12-06}
"""
FULL = (
    STRAIGHT
    + """\
prelude: {start: 2024-11-01, intensity: {distribution: uniform, low: 0.1, high: 0.3}}
rate:
  source: the staff
  multiplier: {distribution: lognormal, p5: 0.8, p95: 1.25}
  trend_per_week: {distribution: normal, mean: 0, sd: 0.02, source: the series}
  strength_exponent: 0.5
reinforcements:
  - {date: 2025-02-01, size: 800}
  - {date: {distribution: uniform, low: 2024-12-20, high: 2025-03-01}, size: 300}
pauses:
  - {start: 2025-01-20, days: 10, intensity: 0.2}
  - start: {distribution: uniform, low: 2025-03-01, high: 2025-03-15}
    days: {distribution: uniform, low: 5, high: 15}
ends:
  - label: withdrawal
    date: {distribution: triangular, low: 2025-02-01, mode: 2025-03-01, high: 2025-06-01}
    probability: {distribution: uniform, low: 0.2, high: 0.5}
  - {label: ceasefire, date: 2025-05-01, probability: 0.1}
  - {label: peace, date: 2026-01-01}
counting: strength
"""
)
WALKED = (
    STRAIGHT
    + """\
rate:
  drift: {sd: 0.3, correlation_days: 20}
wounded:
  share: {distribution: uniform, low: 0.6, high: 0.8}
  return_share: 0.5
  return_days: 45
  stages: 4
rotation:
  line_days: {distribution: uniform, low: 10, high: 40}
  at_loss_share: 0.1
  rest_days: {distribution: uniform, low: 5, high: 15}
  return_intensity: {distribution: lognormal, p5: 0.1, p95: 1.2, source: the series}
"""
)


def changed(old: str, new: str, text: str = FULL) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)
