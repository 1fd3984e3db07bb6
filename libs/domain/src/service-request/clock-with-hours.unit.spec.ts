import fc from 'fast-check';
import type { Evidence, RequestEvidence } from '../customer/evidence';
import { fact, isoOnDay, onDay } from '../customer/fact-builder';
import { foldCustomer, foldFacts, startFold } from '../customer/fold';
import type { Fact } from '../facts/envelope';
import { type Configuration, defaultConfiguration } from '../policy/configuration';
import { evidenceOf } from '../loyalty/evidence-builder';
import { announcedOf } from '../notifications/announced';
import { regimeOf } from '../policy/fold-regime';
import type { BusinessHours } from '../time/business-hours';
import { HOUR_MS, type Instant, MINUTE_MS } from '../time/calendar';
import { breachAt, customerClock, escalationDue, escalationInstants, slaClock, slaDue, slaShareInstant } from './clock';

/** A Monday, 12:00 in Madrid. */
const opened = Date.parse('2026-03-23T11:00:00Z');
const at = (iso: string): Instant => Date.parse(iso);
const after = (hours: number): Instant => opened + hours * HOUR_MS;

const request = (given: Partial<RequestEvidence> = {}): RequestEvidence => {
  const made = evidenceOf({ requests: [{ openedAt: opened }] }).requests.get('request-0');
  if (made === undefined) throw new Error('the builder makes one request');
  return { ...made, ...given };
};

const windows = [
  { from: '09:00', to: '14:00' },
  { from: '16:00', to: '19:00' },
];
const calendar: BusinessHours = {
  timeZone: 'Europe/Madrid',
  weekdays: {
    monday: windows,
    tuesday: windows,
    wednesday: windows,
    thursday: windows,
    friday: windows,
    saturday: [],
    sunday: [],
  },
  holidays: ['2026-03-25'],
};
const withHours: Configuration = {
  ...defaultConfiguration,
  service: { ...defaultConfiguration.service, calendar },
};

describe('the service clock over business hours (domain.md §10.4)', () => {
  it.each<[string, Partial<RequestEvidence>, string]>([
    // 2 h and 3 h on Monday, 8 h on Tuesday, none on the holiday, 8 h on Thursday, 3 h on Friday.
    ['24 h are 24 h of service', {}, '2026-03-27T11:00:00Z'],
    ['an agreed time is that instant, also when nobody works', { agreedDueAt: after(9) }, '2026-03-23T20:00:00Z'],
    [
      'a pause moves the due by the service time in it',
      { pauses: [{ from: after(1), to: after(6) }] },
      // 13:00 to 14:00 and 16:00 to 18:00 were paused.
      '2026-03-27T16:00:00Z',
    ],
    [
      'a pause through the night alone moves nothing',
      { pauses: [{ from: at('2026-03-23T19:00:00Z'), to: at('2026-03-24T07:00:00Z') }] },
      '2026-03-27T11:00:00Z',
    ],
    [
      'a reopened request has 24 h of service again',
      { reopenedAt: at('2026-03-27T15:00:00Z') },
      '2026-04-01T12:00:00Z',
    ],
    ['the three minutes of an immediate one know no hours', { requestClass: 'immediate' }, '2026-03-23T11:03:00Z'],
  ])('%s', (_, given, due) => {
    expect(new Date(slaDue(request(given), withHours) ?? 0).toISOString()).toBe(new Date(due).toISOString());
  });

  it('a request that clocks going forward fall into is due by the time of day', () => {
    // Friday 18:00 in winter time: 1 h is left of Friday, and 8 h each from Monday on, in summer time.
    const late = request({ openedAt: at('2026-03-27T17:00:00Z') });
    expect(slaShareInstant(late, 2 / 24, withHours)).toBe(at('2026-03-30T08:00:00Z'));
  });

  it('is broken at the exact instant and not before', () => {
    const due = at('2026-03-27T11:00:00Z');
    expect(breachAt(request(), withHours, due - 1)).toBeNull();
    expect(breachAt(request(), withHours, due)).toBe(due);
    expect(breachAt(request({ resolvedAt: due }), withHours, due)).toBeNull();
    expect(breachAt(request({ resolvedAt: due + 1 }), withHours, due + 1)).toBe(due);
  });
});

describe('the announcement of a breach (domain.md §14.3)', () => {
  it.each<[string, Configuration, ReadonlyArray<[number, number]>, number]>([
    ['24 h after the opening', defaultConfiguration, [], 24],
    [
      'later by the pauses',
      defaultConfiguration,
      [
        [1, 4],
        [10, 12],
      ],
      29,
    ],
    // 2024-01-01 is a Monday: 9 to 14 and 16 to 19 in Madrid are 8 to 13 and 15 to 18 in UTC.
    ['24 h of service later', withHours, [], 3 * 24 - 6],
    ['24 h of service later, without the service time in a pause', withHours, [[9, 16]], 3 * 24 + 8 + 5],
  ])('names the exact instant: %s', (_, configuration, pauses, dueHour) => {
    const openedAt = 0;
    const facts = [
      fact('ServiceRequestOpened', openedAt, {
        requestId: 'r1',
        partyId: 'p1',
        channel: 'email',
        category: 'billing',
        class: 'deferred',
        openedAt: isoOnDay(openedAt),
      }),
      ...pauses.flatMap(([from, to]) => [
        fact('ServiceRequestPaused', from / 24, { requestId: 'r1', reason: 'waiting_customer' }),
        fact('ServiceRequestResumed', to / 24, { requestId: 'r1' }),
      ]),
    ];
    const regime = regimeOf([
      fact('ConfigurationActivated', -1, {
        version: 1,
        effectiveFrom: isoOnDay(-1),
        config: { ...configuration, version: 1 },
      }),
    ]);
    const due = onDay(dueHour / 24);
    const history = { partyId: 'p1', members: ['p1'], facts, referredOrders: [] };
    const before = foldCustomer(history, regime, due - 1);
    expect(announcedOf(before.fold.evidence, before.standing, configuration, before.evaluatedAt).breaches).toEqual([]);
    expect(before.nextChangeAt).toBe(due);
    const then = foldCustomer(history, regime, due);
    expect(announcedOf(then.fold.evidence, then.standing, configuration, then.evaluatedAt).breaches).toEqual([
      ['r1', due],
    ]);
  });
});

describe('escalation (domain.md §10.3)', () => {
  it.each([
    [12 * HOUR_MS - 1, null],
    [12 * HOUR_MS, 'reminder'],
    [18 * HOUR_MS - 1, 'reminder'],
    [18 * HOUR_MS, 'supervisor'],
    [24 * HOUR_MS - 1, 'supervisor'],
    [24 * HOUR_MS, 'manager'],
  ])('%d ms after the opening %s must know', (ms, step) => {
    expect(escalationDue(request(), defaultConfiguration, opened + ms)).toBe(step);
  });

  it('nobody must know of a request that is solved', () => {
    expect(escalationDue(request({ resolvedAt: after(20) }), defaultConfiguration, after(30))).toBeNull();
  });

  // coverage: 122
  it('converted at 180 s, an immediate request is escalated by the 24 h from its opening', () => {
    const converted = request({
      requestClass: 'immediate',
      escalations: [{ at: opened + 180_000, to: 'back_office', level: 1 }],
    });
    expect(escalationInstants(converted, defaultConfiguration)).toEqual({
      reminder: after(12),
      supervisor: after(18),
      manager: after(24),
    });
  });
});

describe('both clocks of a request (domain.md §10.4)', () => {
  it('the customer clock runs on while the service clock waits for the customer', () => {
    const paused = request({ pauses: [{ from: after(1), to: after(5) }], resolvedAt: after(10) });
    expect(customerClock(paused, after(50))).toBe(10 * HOUR_MS);
    expect(slaClock(paused, defaultConfiguration, after(50))).toBe(6 * HOUR_MS);
  });

  it('reopened, the customer clock goes on from the original opening and the service clock begins anew', () => {
    const reopened = request({ resolvedAt: null, reopenedAt: after(30) });
    expect(customerClock(reopened, after(40))).toBe(40 * HOUR_MS);
    expect(slaClock(reopened, defaultConfiguration, after(40))).toBe(10 * HOUR_MS);
  });

  it('a pause without an end stops counting at its limit of 72 h', () => {
    const waiting = request({ pauses: [{ from: after(2), to: null }] });
    expect(slaClock(waiting, defaultConfiguration, after(74))).toBe(2 * HOUR_MS);
    expect(slaClock(waiting, defaultConfiguration, after(80))).toBe(8 * HOUR_MS);
  });

  const minutes = fc.integer({ min: 1, max: 40 * 60 });
  const arbitraryPauses = fc.array(fc.tuple(minutes, minutes), { maxLength: 4 }).map((steps) => {
    let last = opened;
    return steps.map(([wait, length]) => {
      const from = last + wait * MINUTE_MS;
      last = from + length * MINUTE_MS;
      return { from, to: last };
    });
  });

  it('the service clock never goes back, never runs faster than the wall, and reaches its time exactly at the due', () => {
    fc.assert(
      fc.property(
        arbitraryPauses,
        fc.constantFrom(defaultConfiguration, withHours),
        fc.option(fc.integer({ min: 1, max: 24 * 60 }), { nil: null }),
        fc.tuple(minutes, minutes),
        (pauses, configuration, agreed, [first, more]) => {
          const given = request({ pauses, agreedDueAt: agreed === null ? null : opened + agreed * MINUTE_MS });
          const [a, b] = [opened + first * MINUTE_MS, opened + (first + more) * MINUTE_MS];
          const [atA, atB] = [slaClock(given, configuration, a) ?? -1, slaClock(given, configuration, b) ?? -1];
          expect(atA).toBeGreaterThanOrEqual(0);
          expect(atB - atA).toBeGreaterThanOrEqual(0);
          expect(atB - atA).toBeLessThanOrEqual(b - a);
          const unpaused = slaDue({ ...given, pauses: [] }, configuration) ?? 0;
          const whole = slaClock({ ...given, pauses: [] }, configuration, unpaused);
          expect(slaClock(given, configuration, slaDue(given, configuration) ?? 0)).toBe(whole);
        },
      ),
      { numRuns: 100 },
    );
  });

  /** Facts of one request whose instants never tie, told in any order. */
  const history = fc
    .array(
      fc.constantFrom(
        'ServiceRequestPaused' as const,
        'ServiceRequestResumed' as const,
        'ServiceRequestEscalated' as const,
        'ServiceRequestResolved' as const,
        'ServiceRequestReopened' as const,
      ),
      { maxLength: 12 },
    )
    .map((types) => [
      fact('ServiceRequestOpened', 0, {
        requestId: 'r1',
        partyId: 'p1',
        channel: 'phone',
        category: 'billing',
        class: 'immediate',
        openedAt: isoOnDay(0),
      }),
      ...types.map((type, index): Fact => {
        const days = (index + 1) / 3;
        switch (type) {
          case 'ServiceRequestPaused':
            return fact(type, days, { requestId: 'r1', reason: 'waiting_customer' });
          case 'ServiceRequestResumed':
            return fact(type, days, { requestId: 'r1' });
          case 'ServiceRequestEscalated':
            return fact(type, days, {
              requestId: 'r1',
              from: 'front_office',
              to: 'back_office',
              level: 1,
              reason: 'time',
            });
          case 'ServiceRequestResolved':
            return fact(type, days, {
              requestId: 'r1',
              resolutionCode: 'done',
              byTier: 'back_office',
              resolvedAt: isoOnDay(days),
            });
          case 'ServiceRequestReopened':
            return fact(type, days, { requestId: 'r1', reason: 'again' });
        }
      }),
    ]);

  it('a replay in any order and any batches gives identical clocks', () => {
    const regime = regimeOf([]);
    const until = onDay(9);
    const clocks = (evidence: Evidence) => {
      const replayed = evidence.requests.get('r1');
      if (replayed === undefined) throw new Error('it was opened');
      return [
        replayed,
        customerClock(replayed, until),
        slaClock(replayed, withHours, until),
        slaDue(replayed, withHours),
        breachAt(replayed, withHours, until),
        escalationDue(replayed, withHours, until),
      ];
    };
    fc.assert(
      fc.property(
        history.chain((facts) =>
          fc.tuple(
            fc.constant(facts),
            fc.shuffledSubarray(facts, { minLength: facts.length }),
            fc.integer({ min: 0, max: facts.length }),
          ),
        ),
        ([facts, shuffled, cut]) => {
          const whole = foldCustomer(
            { partyId: 'p1', members: ['p1'], facts: shuffled, referredOrders: [] },
            regime,
            until,
          );
          const batches = startFold('p1', ['p1'], regime);
          foldFacts(batches, facts.slice(0, cut), regime, []);
          foldFacts(batches, facts.slice(cut), regime, []);
          expect(clocks(batches.evidence)).toEqual(clocks(whole.fold.evidence));
        },
      ),
      { numRuns: 40 },
    );
  });
});
