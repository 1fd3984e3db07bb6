import * as fc from 'fast-check';
import type { Tier } from '../customer/standing';
import { defaultConfiguration } from '../policy/configuration';
import { HOUR_MS } from '../time/calendar';
import { initialLoyalty } from '../loyalty/evaluation';
import { initialValue } from '../value';
import { arbitraryItems, workItem } from './arbitrary-item';
import { priorityOf, riskFactorOf, unevenAgeingOf, valueFactorOf } from './priority';

const at = (hour: number): number => hour * HOUR_MS;
const priority = (parts: Parameters<typeof workItem>[0], hour: number): number =>
  priorityOf(workItem(parts), defaultConfiguration, at(hour));

describe('priority', () => {
  // coverage: 50
  test.each([
    ['Q1 severity 3, iron, indifference, 12 of 24 h', { weight: 0.9, valueFactor: 0.4, riskFactor: 0.5 }, 12, 600],
    [
      'Q8 platinum, affection, 360 of 720 h',
      { weight: 0.3, valueFactor: 1, riskFactor: 0.2, dueAt: at(720) },
      360,
      480,
    ],
    ['Q4 prospect at entry', { weight: 0.8, valueFactor: 0.4, riskFactor: 0.4 }, 0, 400],
    ['overdue by half the span', { weight: 0.8, valueFactor: 0.4, riskFactor: 0.4 }, 36, 400 + 300 + 500],
    ['overdue beyond the cap', { weight: 0.8, valueFactor: 0.4, riskFactor: 0.4 }, 240, 400 + 300 + 2_000],
    ['ageing from the return of suppression', { weight: 0.8, startedAt: at(24), dueAt: at(48) }, 36, 400 + 150],
    ['suppressed a quarter into the span', { weight: 0.8, suppressedSince: at(6) }, 240, 400 + 75],
    ['due before it could be worked on', { weight: 0.8, startedAt: 0, dueAt: 0 }, 1, 400 + 300 + 2_000],
  ])('%s', (_, parts, hour, expected) => {
    expect(priority(parts, hour)).toBeCloseTo(expected, 9);
  });

  test.each<[string, Tier | null, number | null, boolean, number]>([
    ['platinum', 'platinum', null, false, 1],
    ['gold', 'gold', null, false, 0.7],
    ['iron', 'iron', 100, false, 0.4],
    ['lead', 'lead', 100, false, 0.1],
    ['no tier: the fit as a fraction', null, 40, false, 0.4],
    ['not ranked: likewise', 'unranked', 75, false, 0.75],
    ['neither tier nor needs', null, null, false, 0.4],
    ['an objection', 'platinum', 100, true, 0.4],
  ])('the value of a customer counts %s', (_, tier, fit, objects, expected) => {
    expect(valueFactorOf({ ...initialValue, tier }, () => fit, objects, defaultConfiguration)).toBe(expected);
  });

  test.each([
    ['before it is due', -1, 400],
    ['the instant at which it is due', 0, 400 + 300],
  ])('what has no span between entry and due counts %s', (_, hour, expected) => {
    expect(priority({ weight: 0.8, startedAt: 0, dueAt: 0 }, hour)).toBeCloseTo(expected, 9);
  });

  test('an objection sets the zone aside', () => {
    const factors = [false, true].map((objects) =>
      riskFactorOf({ ...initialLoyalty, zone: 'defection' }, objects, defaultConfiguration),
    );
    const { defection, unclassified } = defaultConfiguration.queues.priority.zoneRisk;
    expect(factors).toEqual([defection, unclassified]);
    expect(defection).not.toBe(unclassified);
  });

  test('priority grows evenly between the instants at which it turns', () => {
    fc.assert(
      fc.property(arbitraryItems, fc.nat({ max: 500 }), fc.nat({ max: 500 }), (items, hour, later) => {
        for (const item of items) {
          const turns = unevenAgeingOf(item, defaultConfiguration);
          const from = Math.max(at(hour), item.startedAt);
          const to = Math.min(from + at(later), ...turns.filter((turn) => turn > from));
          const [first, middle, last] = [from, (from + to) / 2, to].map((now) =>
            priorityOf({ ...item, suppressedSince: null }, defaultConfiguration, now),
          );
          expect(middle).toBeCloseTo(((first ?? NaN) + (last ?? NaN)) / 2, 6);
        }
      }),
    );
  });

  test('priority never falls while an item waits', () => {
    fc.assert(
      fc.property(arbitraryItems, fc.nat({ max: 500 }), fc.nat({ max: 500 }), (items, hour, later) => {
        for (const item of items)
          expect(priorityOf(item, defaultConfiguration, at(hour + later))).toBeGreaterThanOrEqual(
            priorityOf(item, defaultConfiguration, at(hour)),
          );
      }),
    );
  });
});
