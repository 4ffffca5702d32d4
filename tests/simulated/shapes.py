"""What differs between worlds. Every figure is a judgement, made so that the shape is plain to see in a year's book."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from scipy.special import gammaincinv

# Arrays by what is in them; the types of numpy would say more than a reader wants to know.
Floats: TypeAlias = np.ndarray[Any, Any]
Ints: TypeAlias = np.ndarray[Any, Any]
Flags: TypeAlias = np.ndarray[Any, Any]
Texts: TypeAlias = np.ndarray[Any, Any]
JOINED = 0.4  # share of the single shapes that an employer of the world `all` has


@dataclass(frozen=True)
class World:
    """The first values are the world `plain`: counts and effects as most methods assume them.

    Ranges are drawn from once per employer; effects and losses are natural logarithms of a ratio.
    """

    about: str = "Poisson counts, normal effects, log-normal lags: nothing unusual"
    paid: tuple[int, int] = (6, 20)
    campaigns: tuple[int, int] = (25, 140)
    requisitions: tuple[int, int] = (60, 300)
    weeks: tuple[int, int] = (40, 80)
    hires: tuple[float, float] = (100.0, 1500.0)  # of paid channels, once all lags have run out
    lag: str = "lognormal"
    speed_sd: float = 0.0  # how much channels differ in the time to a hire
    clump: float = 0.0  # squared coefficient of variation of what a week, a cell or a batch of hires has in common
    tail: str = "normal"
    openings: float | None = None  # openings per hire that would have been; None: there is always room
    season: float = 0.1
    season_by_family: bool = False  # else all families have their season at the same time
    loss: tuple[float, float] = (0.02, 0.05)  # share of applications whose source the ATS lost, one draw a channel
    bad: tuple[float, float] = (0.0, 0.3)  # share of channels that are bad
    bad_by: tuple[float, float] = (0.55, 1.6)
    giant: tuple[float, float] | None = None  # share of all spend that one channel has
    families: bool = True  # else no file says which job is of which kind


SHAPES: dict[str, dict[str, Any]] = {
    "gamma": {"about": "lags are gamma: many quick hires and a long tail", "lag": "gamma"},
    "weibull": {"about": "lags are Weibull, some with a falling hazard", "lag": "weibull"},
    "clumped": {"about": "counts vary far more than Poisson, together within weeks and batches", "clump": 0.6},
    "t3": {"about": "effects of channels and campaigns have the tails of Student's t with 3 degrees", "tail": "t3"},
    "mixture": {"about": "most units differ little, one in eight a lot", "tail": "mixture"},
    "capped": {"about": "a job stops hiring when its openings are filled", "openings": 0.6},
    "seasonal": {
        "about": "strong seasons, at another time for each family",
        "season": 0.7,
        "season_by_family": True,
    },
    "leaky": {"about": "the ATS loses few sources of one channel and many of another", "loss": (0.0, 0.4)},
    "manybad": {
        "about": "more than a third of the channels are bad",
        "bad": (0.4, 0.49),
        "bad_by": (1.9, 2.7),
        "paid": (9, 20),
    },
    "giant": {"about": "one channel has half of the spend", "giant": (0.48, 0.54)},
    "speeds": {"about": "one channel brings hires in weeks, another in months", "speed_sd": 0.5},
    "nofamilies": {"about": "no file has job families, campaign names do not tell them", "families": False},
}
WORLDS: dict[str, World] = {
    "plain": World(),
    **{name: World(**fields) for name, fields in SHAPES.items()},
    "all": World(about=f"each shape with probability {JOINED}, all in one book"),
}


def world_of(name: str, rng: np.random.Generator) -> World:
    """The world of one employer; in `all` each employer has a mix of its own."""
    world = WORLDS[name]
    if name != "all":
        return world
    for fields in SHAPES.values():
        if rng.random() < JOINED:
            world = replace(world, **(fields | {"about": world.about}))
    return world


def tailed(rng: np.random.Generator, tail: str, size: tuple[int, ...]) -> Floats:
    """Draws about 0 with a spread near 1. The heavy ones have a narrow middle; a clip at 8 keeps costs thinkable."""
    if tail == "t3":
        return np.clip(0.9 * rng.standard_t(3, size), -8, 8)
    if tail == "mixture":
        return rng.standard_normal(size) * np.where(rng.random(size) < 0.12, 3.0, 0.7)
    return rng.standard_normal(size)


def together(rng: np.random.Generator, clump: float, size: tuple[int, ...]) -> Floats:
    """Gamma factors with mean 1 and variance `clump`: Poisson counts under them are negative binomial."""
    return rng.gamma(1 / clump, clump, size) if clump else np.ones(size)


def forms(rng: np.random.Generator, lag: str, families: int) -> Floats:
    """One number per family for the form of its lags: a log sd, or a shape of a gamma or Weibull law."""
    low, high = {"lognormal": (0.35, 0.6), "gamma": (0.7, 1.8), "weibull": (0.65, 1.3)}[lag]
    return rng.uniform(low, high, families)


def lags(rng: np.random.Generator, lag: str, median: Floats, form: Floats) -> Floats:
    """Days, with the medians given: only what lies around the median depends on the law."""
    if lag == "gamma":
        return median * rng.gamma(form) / gammaincinv(form, 0.5)
    if lag == "weibull":
        return median * (rng.exponential(size=len(median)) / np.log(2)) ** (1 / form)
    return median * np.exp(form * rng.standard_normal(len(median)))
