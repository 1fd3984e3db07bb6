import { DAY_MS, type FactData, type FactOf, HOUR_MS } from '@afecto/domain';
import { givenCustomers, isoDaysAgo, ordered, said } from '../tally/given-customers';
import { serviceLevelFigures } from './figures';
import { serviceLevelView } from './view';

/** One millisecond and one hour in days. */
const ms = 1 / DAY_MS;
const hour = HOUR_MS / DAY_MS;

let made = 0;

interface Given {
  readonly channel?: FactData['ServiceRequestOpened']['channel'];
  readonly class?: 'immediate' | 'deferred';
  /** Days from the opening; absent: not solved. */
  readonly solvedAfter?: number;
  readonly byTier?: 'front_office' | 'back_office';
  readonly agreedAfter?: number;
  readonly category?: string;
}

/** A request of p1 opened so many days ago, and its solution. */
const request = (
  ago: number,
  { solvedAfter, agreedAfter, byTier = 'front_office', ...given }: Given = {},
): ReadonlyArray<FactOf<'ServiceRequestOpened'> | FactOf<'ServiceRequestResolved'>> => {
  made += 1;
  const requestId = `r${made}`;
  const opened = said('ServiceRequestOpened', ago, {
    requestId,
    partyId: 'p1',
    channel: 'phone',
    category: `category-${made}`,
    class: 'deferred',
    openedAt: isoDaysAgo(ago),
    ...(agreedAfter === undefined ? {} : { agreedDueAt: isoDaysAgo(ago - agreedAfter) }),
    ...given,
  });
  if (solvedAfter === undefined) return [opened];
  const at = ago - solvedAfter;
  const solution = { requestId, resolutionCode: 'done', byTier, resolvedAt: isoDaysAgo(at) };
  return [opened, said('ServiceRequestResolved', at, solution, 'p1')];
};

describe('service levels of all customers (PR10)', () => {
  // coverage: 121, 122
  it('179.999 s are met, 180.000 s missed; exactly when agreed is met, a millisecond later missed', async () => {
    const immediate = { class: 'immediate' } as const;
    const agreed = { agreedAfter: 6 * hour } as const;
    const { figures } = await givenCustomers([
      ...request(10, { ...immediate, solvedAfter: 179_999 * ms }),
      ...request(9, { ...immediate, solvedAfter: 180_000 * ms }),
      ...request(8, { ...agreed, solvedAfter: 6 * hour }),
      ...request(7, { ...agreed, solvedAfter: 6 * hour + ms }),
      // Due in five hours, and an hour ago.
      ...request(19 * hour),
      ...request(25 * hour),
    ]);
    expect(await figures(serviceLevelFigures)).toMatchObject({
      all: { requests: 6, met: 2, missed: 3, running: 1, breachRate: 3 / 5, solved: 4 },
      byClass: [
        { class: 'deferred', requests: 4, met: 1, missed: 2, running: 1 },
        { class: 'immediate', requests: 2, met: 1, missed: 1, running: 0 },
      ],
    });
  });

  // The escalation made a deferred request of it, and its twenty-four hours were kept.
  it('who is told of an immediate request after its solution does not mend the three minutes that it missed', async () => {
    const [opened, solution] = request(10, { class: 'immediate', solvedAfter: 200_000 * ms });
    if (opened === undefined || solution === undefined) throw new Error('a request and its solution were given');
    const { requestId } = opened.data;
    const escalation = { requestId, from: 'front_office', to: 'supervisor', level: 1, reason: 'late' } as const;
    const escalated = said('ServiceRequestEscalated', 10 - hour, escalation, 'p1');
    const { figures } = await givenCustomers([opened, solution, escalated]);
    expect(await figures(serviceLevelFigures)).toMatchObject({
      all: { met: 0, missed: 1, converted: 0, firstContactResolution: 1 },
      byClass: [{ class: 'immediate', missed: 1 }],
    });
  });

  // coverage: 144
  it('first contact, half of the agreed time, conversion and reopening are shares of what was solved', async () => {
    const [opened, ...rest] = request(20, { class: 'immediate', solvedAfter: 2 * hour, byTier: 'back_office' });
    const [again, solved] = request(15, { solvedAfter: 12 * hour + ms });
    if (opened === undefined || again === undefined || solved === undefined) throw new Error('each has an opening');
    const { figures } = await givenCustomers([
      ...request(30, { solvedAfter: 12 * hour }),
      opened,
      ...rest,
      said(
        'ServiceRequestEscalated',
        20 - 180_000 * ms,
        { requestId: opened.data.requestId, from: 'front_office', to: 'back_office', level: 1, reason: 'time' },
        'p1',
      ),
      again,
      solved,
      said('ServiceRequestReopened', 14, { requestId: again.data.requestId, reason: 'again' }, 'p1'),
      said(
        'ServiceRequestResolved',
        13.9,
        {
          requestId: again.data.requestId,
          resolutionCode: 'done',
          byTier: 'front_office',
          resolvedAt: isoDaysAgo(13.9),
        },
        'p1',
      ),
    ]);
    expect(await figures(serviceLevelFigures)).toMatchObject({
      all: { solved: 3, firstContactResolution: 1 / 3, solvedInHalfTheTime: 1, converted: 1, reopened: 1 },
      byClass: [{ class: 'deferred', requests: 3 }],
    });
  });

  it('visits that a call would have saved and calls that ended in a visit are shares of their channels', async () => {
    const { figures } = await givenCustomers([
      ...request(40, { channel: 'in_person', category: 'billing', solvedAfter: hour }),
      ...request(30, { channel: 'chat', category: 'delivery', solvedAfter: hour }),
      ...request(29.5, { channel: 'in_person', category: 'delivery', solvedAfter: hour }),
      ...request(20, { channel: 'email', category: 'returns', solvedAfter: hour }),
    ]);
    expect(await figures(serviceLevelFigures)).toMatchObject({
      all: { inPerson: 2, avoidableInPersonRate: 1 / 2, remote: 2, remoteFailureRate: 1 / 2 },
      byChannel: [
        { channel: 'chat', remoteFailureRate: 1, avoidableInPersonRate: null },
        { channel: 'email', remoteFailureRate: 0 },
        { channel: 'in_person', avoidableInPersonRate: 1 / 2, remoteFailureRate: null },
      ],
    });
  });

  it('silences of more than 24 h count, and one that goes on counts from the millisecond at which it is too long', async () => {
    const silent = await givenCustomers([...request(10, { solvedAfter: 3 }), ...request(1 + ms)]);
    expect(await silent.figures(serviceLevelFigures)).toMatchObject({
      all: { keepInformedViolations: 1, silentNow: 1 },
    });
    const justNot = await givenCustomers(request(1));
    expect(await justNot.figures(serviceLevelFigures)).toMatchObject({ all: { silentNow: 0 } });
  });

  // coverage: 30, 43, 119
  it('percentiles of the customer clock are exact, pauses included, by class and channel', async () => {
    const clocks = Array.from({ length: 100 }, (_, index) => 60_000 + 1_001 * ((index * 37) % 100));
    const { figures } = await givenCustomers(
      clocks.flatMap((clock, index) =>
        request(200 - index, { solvedAfter: clock * ms, channel: index % 2 === 0 ? 'phone' : 'chat' }),
      ),
    );
    const ofRank = (rank: number): number => 60_000 + 1_001 * (rank - 1);
    const customerClock = { count: 100, p50Ms: ofRank(50), p90Ms: ofRank(90), p99Ms: ofRank(99) };
    const chat = clocks.filter((_, index) => index % 2 === 1).sort((a, b) => a - b);
    expect(await figures(serviceLevelFigures)).toMatchObject({
      all: { customerClock },
      byClass: [{ class: 'deferred', customerClock }],
      byChannel: [
        { channel: 'chat', customerClock: { count: 50, p50Ms: chat[24], p90Ms: chat[44], p99Ms: chat[49] } },
        { channel: 'phone', customerClock: { count: 50 } },
      ],
    });
  });

  it('only requests opened in the window count; without any there are no rates', async () => {
    const { figures } = await givenCustomers([
      ...request(100, { solvedAfter: hour }),
      ...request(5, { solvedAfter: hour }),
    ]);
    expect(await figures(serviceLevelFigures, { from: 30 })).toMatchObject({ all: { requests: 1, met: 1 } });
    const empty = await figures(serviceLevelFigures, { from: 60, to: 40 });
    expect(empty).toMatchObject({ all: { requests: 0, breachRate: null }, byClass: [] });
  });
});

describe('service levels of one customer (PR10)', () => {
  it('every request shows both clocks, its due, and who must know of it', async () => {
    const [opened] = request(20 * hour, { channel: 'email' });
    if (opened === undefined) throw new Error('it was opened');
    const { requestId } = opened.data;
    const { view } = await givenCustomers([
      ordered('p1', 30, 'o1'),
      opened,
      said('ServiceRequestPaused', 19 * hour, { requestId, reason: 'waiting_customer' }, 'p1'),
      said('ServiceRequestResumed', 18 * hour, { requestId }, 'p1'),
    ]);
    expect(await view(serviceLevelView, 'p1')).toMatchObject({
      requests: [
        {
          requestId,
          class: 'deferred',
          state: 'open',
          customerClockMs: 20 * HOUR_MS,
          slaClockMs: 19 * HOUR_MS,
          dueAt: isoDaysAgo(-5 * hour),
          serviceLevel: 'running',
          breachedAt: null,
          escalation: {
            level: 0,
            due: 'supervisor',
            reminderAt: isoDaysAgo(7 * hour),
            supervisorAt: isoDaysAgo(hour),
            managerAt: isoDaysAgo(-5 * hour),
          },
          keptInformed: { violations: 0, silentSince: isoDaysAgo(19 * hour), isTooLong: false },
        },
      ],
    });
  });

  it('a breach is dated at the instant at which it happened, whenever it is solved', async () => {
    const { view } = await givenCustomers(request(10, { solvedAfter: 3 }));
    expect(await view(serviceLevelView, 'p1')).toMatchObject({
      requests: [{ state: 'solved', serviceLevel: 'missed', breachedAt: isoDaysAgo(9), customerClockMs: 3 * DAY_MS }],
    });
  });
});
