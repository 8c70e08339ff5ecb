"""The confidence level of intervals where none is given."""

DEFAULT_CONFIDENCE = 0.95
