import * as fc from 'fast-check';
import { defaultConfiguration as configuration } from '../policy/configuration';
import type { Policy } from '../policy/regime';
import { DAY_MS } from '../time/calendar';
import { arbitraryEvidence } from './arbitrary-evidence';
import { boundsOf, envelopeOf, isConstant } from './constancy';
import { day, evidenceOf, ORIGIN, rhythmic } from './evidence-builder';
import { assess, evaluateLoyalty, initialLoyalty } from './index';
import { coverageOf, loyaltyOf, satisfactionOf, scoreOf } from './score';

const policy: Policy = { configuration, review: null, campaigns: [], launched: [], initiatives: [], since: -Infinity };
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('proof that days are uneventful', () => {
  it('no instant between two assessments of the same evidence leaves their envelope', () => {
    let enclosed = 0;
    fc.assert(
      fc.property(
        arbitraryEvidence,
        fc.nat(500),
        fc.integer({ min: 1, max: 90 }),
        share,
        (evidence, start, days, at) => {
          const from = day(start);
          const first = assess(evidence, policy, from);
          const to = Math.min(from + days * DAY_MS, first.steady.until - 1);
          const envelope = envelopeOf(first, assess(evidence, policy, to), policy);
          if (envelope === null) return;
          enclosed += 1;
          const { signals } = assess(evidence, policy, Math.round(from + at * (to - from)));
          for (const index of [scoreOf, coverageOf, satisfactionOf, loyaltyOf]) {
            const [least, most] = boundsOf(envelope, index, configuration);
            const value = index(signals, configuration);
            expect(value).toBeGreaterThanOrEqual(least - 1e-9);
            expect(value).toBeLessThanOrEqual(most + 1e-9);
          }
        },
      ),
      { numRuns: 1500 },
    );
    expect(enclosed).toBeGreaterThan(300);
  });

  it.each([
    ['far from every threshold', 0, 15, true],
    ['across the score of development (60)', 35, 50, false],
    ['across the cut-off of defection (40)', 50, 70, false],
    ['between the two', 43, 60, true],
  ])('days %s are judged alike or not: from %d to %d, %s', (_, from, to, constant) => {
    const evidence = evidenceOf({ orders: rhythmic(5, 30, 0) });
    const standing = evaluateLoyalty(evidence, initialLoyalty, policy, ORIGIN, []);
    const [first, last] = [assess(evidence, policy, day(from)), assess(evidence, policy, day(to))];
    expect(isConstant(standing, first, last, policy)).toBe(constant);
  });

  it.each([
    ['no order leaves the recent window', 400, 420, true],
    ['an order leaves the recent window', 400, 421, false],
  ])('where %s the evidence is the same or not', (_, from, to, same) => {
    const evidence = evidenceOf({ orders: rhythmic(13, 30, 360) });
    const [first, last] = [assess(evidence, policy, day(from)), assess(evidence, policy, day(to) - 1)];
    expect(envelopeOf(first, last, policy) !== null).toBe(same);
  });
});
