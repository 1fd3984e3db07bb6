import { defaultConfiguration } from '../policy/configuration';
import { evolve } from '../customer/evolve';
import { emptyEvidence } from '../customer/mutable-evidence';
import { survey } from '../queues/arbitrary-scenario';
import { onDay, policyWith } from './evidence-builder';
import { individualNps } from './referral';

describe('the individual NPS (domain.md §5)', () => {
  it.each<[string, number, number | null]>([
    ['before any answer', 9.9, null],
    ['at the instant of the first', 10, 9],
    ['of the latest by then, whatever other instruments said since', 30, 9],
    ['at the instant of the second', 40, 3],
    ['365 days after it', 405, 3],
    ['and not a day later', 406, null],
  ])('%s', (_, day, score) => {
    const evidence = emptyEvidence('p1', [], defaultConfiguration);
    for (const answer of [survey(10, 'nps', 9), survey(20, 'csat_relationship', 1), survey(40, 'nps', 3)])
      evolve(evidence, answer);
    expect(individualNps(evidence, policyWith(), onDay(day))?.score ?? null).toBe(score);
  });
});
