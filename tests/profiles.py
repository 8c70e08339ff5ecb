"""The Hypothesis profiles: the same examples on every run, and a tenth of them in make quick.

tests/conftest.py imports this module before pytest loads the profile of its command line.
"""

from hypothesis import settings

EXAMPLES = 100
"""The examples of a test that does not say how many."""

settings.register_profile(
    "linreg", derandomize=True, database=None, deadline=None, max_examples=EXAMPLES
)
settings.register_profile("quick", settings.get_profile("linreg"), max_examples=EXAMPLES // 10)
settings.load_profile("linreg")
