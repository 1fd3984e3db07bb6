import type { RequestEvidence } from '../customer/evidence';
import { defaultConfiguration as configuration } from '../policy/configuration';
import { HOUR_MS, type Instant } from '../time/calendar';
import { breachAt, breachesOf, slaClock, slaDue, slaShareInstant } from './clock';

const opened = Date.UTC(2025, 0, 1, 9);
const at = (hours: number): Instant => opened + hours * HOUR_MS;
const later = Date.UTC(2026, 0, 1);

const request = (given: Partial<RequestEvidence>): RequestEvidence => ({
  requestId: 'request-1',
  eventId: 'request-opened-1',
  openedAt: opened,
  channel: 'phone',
  category: 'delivery',
  requestClass: 'deferred',
  agreedDueAt: null,
  escalations: [],
  pauses: [],
  resolvedAt: null,
  resolvedEventId: null,
  byTier: null,
  reopenedAt: null,
  earlier: [],
  firstResolvedAt: given.resolvedAt ?? null,
  openedBy: 'agent-1',
  avoidableInPerson: null,
  recorded: null,
  confirmed: null,
  ...given,
});
const immediate = { requestClass: 'immediate' as const };
const escalations = [{ at: opened + 180_000, to: 'back_office', level: 1 }];

// coverage: 121
describe('service clock (domain.md §10)', () => {
  it.each<[string, Partial<RequestEvidence>, Instant | null]>([
    ['an immediate request solved after 179.999 s is met', { ...immediate, resolvedAt: opened + 179_999 }, null],
    ['one solved after 180.000 s is missed', { ...immediate, resolvedAt: opened + 180_000 }, opened + 180_000],
    ['an immediate request neither solved nor escalated is missed', immediate, opened + 180_000],
    ['an escalated one has 24 h from its opening', { ...immediate, escalations, resolvedAt: at(24) }, null],
    ['and not a millisecond more', { ...immediate, escalations, resolvedAt: at(24) + 1 }, at(24)],
    ['a deferred request solved exactly when agreed is met', { agreedDueAt: at(6), resolvedAt: at(6) }, null],
    ['one millisecond later it is missed', { agreedDueAt: at(6), resolvedAt: at(6) + 1 }, at(6)],
    ['a pause moves the due', { pauses: [{ from: at(1), to: at(5) }], resolvedAt: at(28) }, null],
    ['a pause after the due moves nothing', { pauses: [{ from: at(24), to: at(30) }], resolvedAt: at(25) }, at(24)],
    ['pauses count for 72 h at most', { pauses: [{ from: at(1), to: at(101) }], resolvedAt: at(97) }, at(96)],
    ['a reopened request has 24 h from the reopening', { reopenedAt: at(50), resolvedAt: at(74) }, null],
    ['a resolution at the very instant of the reopening counts', { reopenedAt: at(50), resolvedAt: at(50) }, null],
    ['a resolution before the reopening is undone', { resolvedAt: at(10), reopenedAt: at(50) }, at(74)],
    ['a request of which the opening is unknown has no due', { openedAt: null }, null],
  ])('%s', (_, given, expected) => {
    expect(breachAt(request(given), configuration, later)).toBe(expected);
  });

  it('an unsolved request is broken at its due instant and not before', () => {
    expect(breachAt(request({}), configuration, at(24) - 1)).toBeNull();
    expect(breachAt(request({}), configuration, at(24))).toBe(at(24));
  });

  it('a reopening does not mend what was missed before it, nor does the next solution', () => {
    const missed = { reopenedAt: null, resolvedAt: at(30), resolvedEventId: 'solved-1', until: at(50) };
    const breaches = (given: Partial<RequestEvidence>) =>
      breachesOf(request({ reopenedAt: at(50), ...given }), configuration, later).map((breach) => breach.at);
    expect(breaches({ earlier: [missed], resolvedAt: at(60) })).toEqual([at(24)]);
    expect(breaches({ earlier: [missed], resolvedAt: at(80) })).toEqual([at(24), at(74)]);
    expect(breaches({ earlier: [{ ...missed, resolvedAt: at(20) }], resolvedAt: at(60) })).toEqual([]);
    // Reopened while it was still in time, its first solution not known.
    expect(breaches({ earlier: [{ ...missed, resolvedAt: null, until: at(20) }], resolvedAt: at(60) })).toEqual([]);
  });

  it('a round that is over is judged anew by another configuration, and when its opening becomes known', () => {
    const round = { reopenedAt: null, resolvedAt: at(30), resolvedEventId: 'solved-1', until: at(50) };
    const given = { reopenedAt: at(50), resolvedAt: at(60), earlier: [round] };
    const lenient = { ...configuration, service: { ...configuration.service, deferredHours: 48 } };
    const breaches = (more: Partial<RequestEvidence>, by = configuration) =>
      breachesOf(request({ ...given, ...more }), by, later).map((breach) => breach.at);
    expect(breaches({ openedAt: null })).toEqual([]);
    expect(breaches({})).toEqual([at(24)]);
    expect(breaches({}, lenient)).toEqual([]);
    expect(breaches({})).toEqual([at(24)]);
    expect(breaches({ openedAt: at(1) })).toEqual([at(25)]);
    expect(breaches({ agreedDueAt: at(6) })).toEqual([at(6)]);
    expect(breaches({ ...immediate, agreedDueAt: at(6) })).toEqual([opened + 180_000]);
    expect(breaches({ agreedDueAt: at(6) })).toEqual([at(6)]);
  });

  it('a round is judged by what had happened when it ended', () => {
    const solved = { reopenedAt: null, resolvedAt: opened + 200_000, resolvedEventId: 'solved-1', until: at(1) };
    const reopened = { ...immediate, reopenedAt: at(1), earlier: [solved], resolvedAt: at(2) };
    const escalatedLater = [{ at: at(1.5), to: 'back_office', level: 1 }];
    expect(breachesOf(request({ ...reopened, escalations: escalatedLater }), configuration, later)).toMatchObject([
      { at: opened + 180_000 },
    ]);
  });

  // A command refuses to pause an immediate request; a pause told from elsewhere pushed its limit back all the same.
  it('the three minutes are not paused, whoever tells of a pause; escalated, the pause counts', () => {
    const paused = { ...immediate, pauses: [{ from: opened + 60_000, to: at(2) }] };
    const solved = request({ ...paused, resolvedAt: at(2) });
    expect(breachAt(solved, configuration, later)).toBe(opened + 180_000);
    expect(slaClock(solved, configuration, later)).toBe(2 * HOUR_MS);
    expect(slaDue(request({ ...paused, escalations }), configuration)).toBe(at(26) - 60_000);
  });

  it('an open pause stands until its limit', () => {
    expect(slaDue(request({ pauses: [{ from: at(2), to: null }] }), configuration)).toBe(at(96));
  });

  it.each([
    [0.5, at(12)],
    [0.75, at(22)],
    [1, at(28)],
  ])('%d of the service time passes on the clock that pauses', (share, expected) => {
    expect(slaShareInstant(request({ pauses: [{ from: at(12), to: at(16) }] }), share, configuration)).toBe(expected);
  });
});
