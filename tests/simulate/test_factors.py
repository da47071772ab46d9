from __future__ import annotations

import numpy as np
import pytest

from mce_utaut.instrument.model import Instrument
from mce_utaut.simulate.draw import draw_role
from mce_utaut.simulate.factors import draw_factors, factor_model
from mce_utaut.simulate.items import draw_latent
from mce_utaut.simulate.population import Population
from mce_utaut.simulate.reading import read_population
from mce_utaut.simulate.streams import Streams

LARGE = 100_000
# Four standard errors of a correlation of 0 at n = 100 000, where most of these correlations scatter less.
MONTE_CARLO = 4 / np.sqrt(LARGE)

MORE = """\
    correlations: {default: 0.2, pairs: [{between: [EE, PE], r: 0.45}]}
    paths:
      USE: {BI: 0.4, EE: 0.1}
      BI: {PE: 0.5, EE: 0.2}
"""


@pytest.fixture
def population(population_text: str) -> Population:
    head, _, rest = population_text.partition("    paths:\n")
    return read_population(head + MORE + rest.partition("USE: {BI: 0.4}\n")[2])


def test_correlations_follow_from_paths_by_hand(population: Population) -> None:
    model = factor_model(population.roles["student"], ["SI"])
    assert model.names == ("EE", "PE", "SI", "BI", "USE")
    r = {(a, b): model.correlation[i, j] for i, a in enumerate(model.names) for j, b in enumerate(model.names)}
    assert r["EE", "PE"] == 0.45
    assert r["EE", "SI"] == 0.2
    assert r["PE", "BI"] == pytest.approx(0.5 + 0.2 * 0.45)
    assert r["SI", "BI"] == pytest.approx(0.5 * 0.2 + 0.2 * 0.2)
    assert r["USE", "BI"] == pytest.approx(0.4 + 0.1 * r["EE", "BI"])
    assert model.r2("BI") == pytest.approx(0.5 * r["PE", "BI"] + 0.2 * r["EE", "BI"])
    assert model.r2("PE") == 0


def test_an_item_added_or_a_role_reseeded_leaves_other_streams_alone() -> None:
    one, other = Streams((3,)), Streams((4,))
    assert one.of("PE1").random() == one.of("PE1").random()
    assert one.of("PE1").random() != one.of("PE2").random()
    assert one.of("PE1").random() != other.of("PE1").random()


@pytest.mark.slow
def test_scores_have_the_implied_correlations(population: Population) -> None:
    model = factor_model(population.roles["student"])
    scores = draw_factors(model, np.zeros(LARGE, dtype=int), 0.0, Streams((1,)))
    np.testing.assert_allclose(np.cov(scores, rowvar=False), model.correlation, atol=1.5 * MONTE_CARLO)
    np.testing.assert_allclose(scores.mean(axis=0), 0, atol=MONTE_CARLO)


@pytest.mark.slow
def test_universities_share_the_variance_asked_for(population: Population) -> None:
    model = factor_model(population.roles["student"])
    groups, size = 4000, 25
    university = np.repeat(np.arange(groups), size)
    scores = draw_factors(model, university, 0.2, Streams((2,)))[:, 0].reshape(groups, size)
    between = size * scores.mean(axis=1).var(ddof=1)
    within = scores.var(axis=1, ddof=1).mean()
    icc = (between - within) / (between + (size - 1) * within)
    assert icc == pytest.approx(0.2, abs=0.02)
    np.testing.assert_allclose(
        np.corrcoef(draw_factors(model, university, 0.2, Streams((2,))), rowvar=False), model.correlation, atol=0.03
    )


@pytest.mark.slow
def test_latent_answers_have_the_covariance_of_the_population(population: Population, sample: Instrument) -> None:
    role = population.roles["student"].model_copy(update={"n": LARGE})
    large = population.model_copy(update={"roles": {"student": role}})
    drawn = draw_role("student", large, sample, np.random.default_rng(11))
    items, factors = drawn.items, drawn.factors
    streams = Streams((5,))
    latent = np.column_stack(
        [draw_latent(items, row, factors, drawn.scores, streams) for row in range(len(items.items))]
    )
    implied = items.loadings @ factors.correlation @ items.loadings.T + np.diag(items.residual(factors))
    np.testing.assert_allclose(np.diag(implied), 1)
    np.testing.assert_allclose(np.cov(latent, rowvar=False), implied, atol=1.5 * MONTE_CARLO)
    np.testing.assert_allclose(latent.mean(axis=0), items.centres, atol=MONTE_CARLO)
    assert items.loadings[items.items.index("BI3")].min() == -0.8  # a reverse item
