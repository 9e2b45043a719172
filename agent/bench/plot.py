"""Pictures of measurements: lines with their 95 % intervals. matplotlib is optional (`pip install "heed[plots]"`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from streams.errors import HeedError

ENDINGS = (".png", ".svg")

COLOURS = ("#0b6e8f", "#c4572f", "#7a7a7a", "#4f8a3c", "#7b5ea7")
"""Told apart also by those who see few colours."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart: points in order of x."""

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float, ...] = ()
    """Lower ends of the intervals, or nothing."""
    high: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines under one heading."""

    title: str
    x_label: str
    y_label: str
    lines: Sequence[Line]
    x_scale: str = "log"
    """`log`, `linear`, or `symlog` (for an x of 0)."""
    y_scale: str = "linear"
    top: float | None = None
    """Upper end of the y axis."""


def check_plot(path: Path | None) -> None:
    """Raise `HeedError` at once where `draw` would fail after a long measurement."""
    if path is None:
        return
    if path.suffix.lower() not in ENDINGS:
        raise HeedError(f"--plot {path}: the name must end with {' or '.join(ENDINGS)}")
    if not path.absolute().parent.is_dir():
        raise HeedError(f"--plot {path}: there is no folder {path.absolute().parent}")
    _figure()


def draw(charts: Sequence[Chart], path: Path) -> None:
    """Write charts side by side to a PNG or SVG file. Raises `HeedError` when matplotlib is missing."""
    figure = _figure()(figsize=(5.6 * len(charts), 4.0), dpi=150, layout="constrained")
    for n, chart in enumerate(charts):
        _chart(figure.add_subplot(1, len(charts), n + 1), chart)
    try:
        figure.savefig(path)
    except OSError as error:
        raise HeedError(f"cannot write {path}: {error.strerror}") from error


def _figure() -> Any:
    """The class `Figure` of matplotlib: without `pyplot`, which keeps state of its own."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise HeedError('--plot needs matplotlib; install it with: pip install "heed[plots]"') from error
    return Figure


def _chart(axes: Any, chart: Chart) -> None:
    axes.set_title(chart.title, loc="left", fontsize=11)
    axes.set_xlabel(chart.x_label)
    axes.set_ylabel(chart.y_label)
    xs = sorted({x for line in chart.lines for x in line.x})
    if chart.x_scale == "symlog":
        axes.set_xscale("symlog", linthresh=1)
    else:
        axes.set_xscale(chart.x_scale)
    axes.set_yscale(chart.y_scale)
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_xticks(xs, [f"{x:g}" for x in xs])
    axes.minorticks_off()
    for line, colour in zip(chart.lines, COLOURS, strict=False):
        axes.plot(line.x, line.y, color=colour, marker="o", markersize=4, linewidth=1.8, label=line.name)
        if line.low:
            axes.fill_between(line.x, line.low, line.high, color=colour, alpha=0.15, linewidth=0)
    if chart.y_scale == "linear":
        axes.set_ylim(0, chart.top)
    axes.grid(True, color="#dddddd", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=9)
