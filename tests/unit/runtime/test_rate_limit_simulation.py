"""Rate limiting in simulated time: never more than a limit in any window, nearly all of it used, agents in turn."""

from __future__ import annotations

import math
from collections import Counter as Tally

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unified_runtime.rate_limits.reported_limits import ReportedLimits
from unified_runtime.rate_limits.request_counters import Counter
from unified_runtime.rate_limits.reservations import Reservation, Window


class Clock:
    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


_numbers = iter(range(10**9))


def entry(*windows: Window, agent: str = "") -> Reservation:
    return Reservation(windows, windows[0], "wide", f"p-{next(_numbers):010x}:{agent}", math.inf, None)


def sent(counter: Counter, clock: Clock, windows: tuple[Window, ...], pauses: list[float]) -> list[float]:
    """Return the times of admission: each request comes after a pause and tries again after the delay that it gets."""
    times = []
    for intervals in pauses:
        clock.now += intervals
        wanted = entry(*windows)
        while (wait := counter.enter(wanted)) > 0:
            clock.now += wait
        times.append(clock.now)
    return times


limits = st.tuples(st.integers(1, 12), st.sampled_from([1.0, 2.0, 10.0, 60.0]))


@settings(max_examples=150, deadline=None)
@given(st.lists(limits, min_size=1, max_size=3), st.lists(st.floats(0, 3), min_size=1, max_size=60), st.floats(0, 1e6))
def test_no_stretch_of_a_window_s_length_holds_more_than_the_limit(
    bounds: list[tuple[int, float]], pauses: list[float], start: float
) -> None:
    clock = Clock(start)
    windows = tuple(Window(f"w{number}", amount, seconds) for number, (amount, seconds) in enumerate(bounds))
    times = sent(Counter(clock=clock), clock, windows, pauses)
    for amount, seconds in bounds:  # the oracle: the (n + amount)th request comes a window after the nth, at least
        for first, after in zip(times, times[amount:], strict=False):
            assert after - first >= seconds * (1 - 1e-9)


@settings(max_examples=60, deadline=None)
@given(limits, st.floats(0, 1e6))
def test_nearly_all_of_a_limit_is_used(bound: tuple[int, float], start: float) -> None:
    amount, seconds = bound
    clock = Clock(start)
    times = sent(Counter(clock=clock), clock, (Window("w", amount, seconds),), [0.0] * amount * 10)
    assert times[-1] - times[0] <= 9 * seconds * 1.021


def test_costs_count_and_none_can_never_be_paid() -> None:
    clock = Clock()
    counter = Counter(clock=clock)
    dear, cheap = Window("w", 10, 60, cost=6), Window("w", 10, 60)
    assert counter.enter(entry(dear)) == 0
    assert counter.enter(entry(dear)) > 0
    assert [counter.enter(entry(cheap)) > 0 for _ in range(4)] == [True] * 4, "who waits for more is not overtaken for ever"
    clock.now += 100
    assert counter.enter(entry(Window("w", 10, 60, cost=50))) == 0


def turns(counter: Counter, clock: Clock, agents: dict[str, int], window: Window, seconds: float) -> Tally[str]:
    """Return the agents in order of admission: each keeps so many requests waiting, all of which try again after the stated delay."""
    served: Tally[str] = Tally()
    due = [(clock.now, entry(window, agent=agent)) for agent, many in agents.items() for _ in range(many)]
    end = clock.now + seconds
    while True:
        due.sort(key=lambda one: one[0])
        clock.now, requesting = due.pop(0)
        if clock.now > end:
            return served
        wait = counter.enter(requesting)
        if wait > 0:
            due.append((clock.now + min(wait, 2.0), requesting))
        else:
            served[requesting.agent] += 1
            counter.ended(requesting, window, None)
            due.append((clock.now + 0.001, entry(window, agent=requesting.agent)))


def test_a_greedy_agent_does_not_starve_modest_ones() -> None:
    clock = Clock()
    served = turns(Counter(clock=clock), clock, {"greedy": 60, "equal": 5, "modest": 1}, Window("w", 10, 1), 60)
    assert served.total() > 60 * 10 * 0.95
    assert served["modest"] > 60 * 0.95, "who has one request at a time waits for no more than one window"
    assert served["equal"] > 60 * 4 * 0.95, "and who has enough of them has as many as the greedy one, but for what the modest one leaves"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 12), min_size=2, max_size=4))
def test_agents_that_always_wait_are_served_alike(many: list[int]) -> None:
    clock = Clock()
    agents = {f"agent{number}": count + 3 for number, count in enumerate(many)}
    served = turns(Counter(clock=clock), clock, agents, Window("w", 4, 1), 40)
    assert min(served[agent] for agent in agents) >= max(served.values()) * 0.8 - 4, served


def test_an_agent_that_gave_up_is_not_punished() -> None:
    clock = Clock()
    counter, window = Counter(clock=clock), Window("w", 1, 10)
    assert counter.enter(entry(window, agent="other")) == 0
    gone = [entry(window, agent="hasty") for _ in range(50)]
    for one in gone:
        assert counter.enter(one) > 0
    rival = entry(window, agent="other")
    assert counter.enter(rival) > 0
    for one in gone:
        counter.leave(one)
    back = entry(window, agent="hasty")
    assert counter.enter(back) > 0
    served = []
    for _ in range(200):
        clock.now += 0.5
        served += [one.agent for one in (rival, back) if one.agent not in served and counter.enter(one) == 0]
    assert served == ["other", "hasty"]


def test_slot_of_a_dead_process_is_released() -> None:
    clock = Clock()
    counter, window = Counter(clock=clock), Window("w", 1, 10)
    assert counter.enter(entry(window)) == 0
    assert counter.enter(entry(window, agent="a")) > 0  # and never tries again
    behind, start = entry(window, agent="b"), clock.now
    while (wait := counter.enter(behind)) > 0:
        clock.now += min(wait, 2)
    assert clock.now - start <= 10.3


def test_requests_under_way_at_the_same_time_are_bounded() -> None:
    clock = Clock()
    counter, window = Counter(clock=clock), Window("w", 0, 0, concurrent=2)
    first, second, third = (entry(window) for _ in range(3))
    assert (counter.enter(first), counter.enter(second)) == (0, 0)
    assert counter.enter(third) > 0
    counter.ended(first, window, None)
    assert counter.enter(third) == 0
    counter.leave(second)
    assert counter.enter(entry(window)) == 0


class TestReported:
    """Limits stated by responses."""

    @pytest.fixture
    def clock(self) -> Clock:
        return Clock()

    @pytest.fixture
    def counter(self, clock: Clock) -> Counter:
        return Counter(clock=clock)

    def test_the_first_request_is_sent_first(self, counter: Counter, clock: Clock) -> None:
        window = Window("w", 0, 0, reported=True)
        first = entry(window)
        assert counter.enter(first) == 0
        second = entry(window)
        assert counter.enter(second) > 0
        counter.ended(first, window, ReportedLimits(limit=3, period=10, left=2, reset=10))
        assert [counter.enter(one) > 0 for one in (second, entry(window), entry(window))] == [False, False, True]

    def test_a_vendor_that_states_no_limits_has_none(self, counter: Counter, clock: Clock) -> None:
        window = Window("w", 0, 0, reported=True)
        first = entry(window)
        counter.enter(first)
        counter.ended(first, window, None)
        assert all(counter.enter(entry(window)) == 0 for _ in range(50))

    def test_lost_response_does_not_block_others_for_long(self, counter: Counter, clock: Clock) -> None:
        window = Window("w", 0, 0, reported=True)
        counter.enter(entry(window))
        waiting = entry(window)
        waited = 0.0
        while (wait := counter.enter(waiting)) > 0:
            waited += wait
            clock.now += wait
        assert waited <= 10.1

    def test_remaining_requests_are_valid_until_the_reset(self, counter: Counter, clock: Clock) -> None:
        window = Window("w", 100, 60, reported=True)
        first = entry(window)
        counter.enter(first)
        counter.ended(first, window, ReportedLimits(limit=100, left=1, reset=30))  # other clients use the same account
        assert counter.enter(entry(window)) == 0
        late = entry(window)
        assert counter.enter(late) == pytest.approx(30)
        clock.now += 30
        assert counter.enter(late) == 0

    def test_responses_out_of_order(self, counter: Counter, clock: Clock) -> None:
        window = Window("w", 0, 0, reported=True)
        first = entry(window)
        counter.enter(first)
        counter.ended(first, window, ReportedLimits(limit=10, left=9, reset=30))
        three = [entry(window) for _ in range(3)]
        for one in three:
            assert counter.enter(one) == 0
        for one, left in zip(reversed(three), (6, 7, 8), strict=True):
            counter.ended(one, window, ReportedLimits(limit=10, left=left, reset=30))
        assert [counter.enter(entry(window)) > 0 for _ in range(7)] == [False] * 6 + [True]

    def test_larger_and_smaller_plans_are_respected(self, counter: Counter, clock: Clock) -> None:
        window = Window("w", 5, 60, reported=True)
        first = entry(window)
        counter.enter(first)
        counter.ended(first, window, ReportedLimits(limit=50))
        assert [counter.enter(entry(window)) > 0 for _ in range(50)] == [False] * 49 + [True]

    def test_a_refusal_is_waited_for(self, counter: Counter, clock: Clock) -> None:
        window, other = Window("w", 100, 60), Window("o", 100, 60)
        first = entry(window)
        counter.enter(first)
        counter.ended(first, window, ReportedLimits(wait=7))
        assert counter.enter(entry(window)) == pytest.approx(7)
        assert counter.enter(entry(other)) == 0
        again = entry(other)
        counter.enter(again)
        counter.ended(again, other, ReportedLimits(wait=5, wide=True))
        assert counter.enter(entry(other, Window("wide", 0, 0))) == pytest.approx(5)

    def test_a_window_without_a_length_begins_anew_as_large_as_the_last(self, counter: Counter, clock: Clock) -> None:
        window = Window("w", 0, 0, reported=True)
        first = entry(window)
        counter.enter(first)
        counter.ended(first, window, ReportedLimits(limit=5, left=4, reset=1.0))
        assert [counter.enter(entry(window)) > 0 for _ in range(5)] == [False] * 4 + [True]
        clock.now += 3.5  # no request is waiting any more
        clock.now += 3
        assert [counter.enter(entry(window)) > 0 for _ in range(6)] == [False] * 5 + [True]

    def test_a_rest_without_a_reset_is_requested_again(self, counter: Counter, clock: Clock) -> None:
        window = Window("w", 0, 0, reported=True)
        first = entry(window)
        counter.enter(first)
        counter.ended(first, window, ReportedLimits(limit=1000, period=86400, left=0))  # Salesforce
        assert 0 < counter.enter(entry(window)) <= 864
