"""Judges the words of a message, explainably: which phrases cost points, which earn them, and where they stand."""

from rm_audit.copy.families import Detector, load_detector
from rm_audit.copy.judge import Judgement, Reason, judge

__all__ = ["Detector", "Judgement", "Reason", "judge", "load_detector"]
