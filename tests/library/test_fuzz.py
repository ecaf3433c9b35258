"""Generated input is accepted or refused with a fault: a fixed sample here, any number in `make fuzz`."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

import fuzz
from explainer.system.errors import Fault

#: A fixed sample that takes seconds.
FEW = 200


@pytest.mark.parametrize("kind", fuzz.KINDS)
def test_whatever_is_generated_is_accepted_or_refused(kind):
    strategy, attempt, share = fuzz.KINDS[kind]

    @settings(
        max_examples=int((fuzz.CASES or FEW) * share),
        derandomize=not fuzz.CASES,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def run(case):
        try:
            attempt(case)
        except Fault as fault:
            assert fault.faults and all(str(one) and one.what for one in fault.faults)

    run()


@pytest.mark.parametrize("kind", fuzz.ACCEPTED)
def test_what_generated_input_is_made_of_is_accepted(kind):
    fuzz.KINDS[kind][1](fuzz.ACCEPTED[kind])
