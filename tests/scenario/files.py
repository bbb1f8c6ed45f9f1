"""A scenario in a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

BASE = """\
title: A claim
force: {size: 12000, source: the ministry}
losses:
  count: {distribution: lognormal, p5: 3000, p95: 4000}
  as_of: {distribution: uniform, low: 2025-01-04, high: 2025-01-16}
  start: 2024-12-06
thresholds: [0.5, 1.0]
"""

Write = Callable[..., Path]
"""Writes a text into a file, by default `case.yaml`, and gives its path."""
