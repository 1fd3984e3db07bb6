import { type Instant, toIso } from '@afecto/domain';
import { complaintReceived, fact, registered, surveyAnswered } from '../testing/arbitrary-facts';
import { type GivenServer, givenServer, NOW } from '../testing/given-server';

const DAY_MS = 86_400_000;
const LISTS = ['/v1/parties', '/v1/loyalty/zones?groupBy=zone,phase', '/v1/queues', '/v1/queues/all'];

const orderPlaced = (partyId: string, day: number) =>
  fact(
    'OrderPlaced',
    {
      orderId: `${partyId}-${day}`,
      partyId,
      channel: 'web',
      lines: [{ sku: 'pen', productLine: 'office', qty: 1, listMinor: 2_000, netMinor: 2_000 }],
      currency: 'EUR',
      totalNetMinor: 2_000,
    },
    { time: toIso(NOW - day * DAY_MS) },
  );

/** A request: time alone makes work of it when three quarters of its service time have gone. */
const requested = (partyId: string) => {
  const openedAt = toIso(NOW - 60_000);
  const request = { requestId: 'r-1', partyId, channel: 'phone', category: 'billing', class: 'deferred' };
  return fact('ServiceRequestOpened', { ...request, openedAt }, { time: openedAt });
};

/**
 * Rows were of the last look at the clock, once a second, while answers about everybody said that they were of
 * now: what fell due in between was not in them, and an auditor who asked for the same instant got another answer.
 */
describe('what time alone changes', () => {
  let server: GivenServer;
  let now: Instant;
  beforeEach(async () => {
    now = NOW;
    server = await givenServer({ now: () => now });
  });
  afterEach(() => server.remove());

  const given = async (...facts: ReadonlyArray<unknown>): Promise<void> => {
    const { status, body } = await server.facts(...facts);
    expect({ status, rejected: body['rejected'] }).toEqual({ status: 200, rejected: [] });
    await server.get(`/v1/parties?minPosition=${String(body['position'])}`);
  };

  /** Without the place in the log: what is told of a change goes into it, too. */
  const answer = async (path: string): Promise<Record<string, unknown>> => {
    const { status, body } = await server.get(path);
    expect(status).toBe(200);
    const { position: _place, ...rest } = body;
    return rest;
  };
  const answersOf = async (asOf: Instant): Promise<ReadonlyArray<unknown>> => {
    const found: unknown[] = [];
    for (const path of LISTS) found.push(await answer(`${path}${path.includes('?') ? '&' : '?'}asOf=${toIso(asOf)}`));
    return found;
  };
  const answersOfNow = async (): Promise<ReadonlyArray<unknown>> => {
    const found: unknown[] = [];
    for (const path of LISTS) {
      let present = await answer(path);
      // A machine that has too much to do may not be ready yet, and says so.
      while (present['asOf'] !== toIso(now)) present = await answer(path);
      found.push(present);
    }
    return found;
  };

  /** What answers say apart from their instant, and from priorities, which grow with it. */
  const decisionsIn = (answers: ReadonlyArray<unknown>): string =>
    JSON.stringify(answers, (key, value: unknown) =>
      ['asOf', 'nextChangeAt', 'priority'].includes(key) ? undefined : value,
    );

  /** When time changes something next for somebody. */
  const nextChange = async (): Promise<Instant> => {
    const { items } = (await server.get('/v1/parties')).body;
    const rows: ReadonlyArray<unknown> = Array.isArray(items) ? items : [];
    return Math.min(
      ...rows.map((row) => Date.parse(String(Object(row)['nextChangeAt']))).filter((at) => !Number.isNaN(at)),
    );
  };

  it('is in every answer about everybody at its very instant, and is what is answered of that instant later', async () => {
    await given(
      registered('ana'),
      registered('bea'),
      registered('cleo'),
      ...[200, 150, 101, 52, 8].flatMap((day) => [orderPlaced('ana', day), orderPlaced('bea', day + 90)]),
      complaintReceived('ana', 'k-1', { time: toIso(NOW - 3_600_000) }),
      complaintReceived('bea', 'k-2', { time: toIso(NOW - 7_200_000) }),
      requested('ana'),
      surveyAnswered('cleo', 10, { time: toIso(NOW - 5_000) }),
      fact(
        'PromiseMade',
        { promiseId: 'p-1', partyId: 'cleo', madeBy: 'agent-1', dueAt: toIso(NOW + 1_500_007) },
        { time: toIso(NOW - 4_000) },
      ),
    );

    const then: (readonly [Instant, ReadonlyArray<unknown>])[] = [];
    let changes = 0;
    for (let step = 0; step < 10; step++) {
      const next = await nextChange();
      expect(next).toBeGreaterThan(now);
      now = next - 1;
      const before = await answersOfNow();
      now = next;
      const after = await answersOfNow();
      then.push([next - 1, before], [next, after]);
      if (decisionsIn(before) !== decisionsIn(after)) changes += 1;
    }
    expect(changes).toBeGreaterThan(0);
    now += DAY_MS;
    await answersOfNow();
    for (const [at, answered] of then) expect(await answersOf(at)).toEqual(answered);
  });

  /** How many items there are at an instant that may still be to come. */
  const itemsAt = async (at: Instant): Promise<number> => {
    const { items } = (await server.get(`/v1/queues/all?asOf=${toIso(at)}`)).body;
    return Array.isArray(items) ? items.length : 0;
  };

  it('can be claimed at the instant at which time alone has made it', async () => {
    await given(registered('cleo'), requested('cleo'));
    const claim = () => server.post('/v1/queues/all/claims', { agentId: 'agent-1' });
    const due = await nextChange();
    expect([await itemsAt(due - 1), await itemsAt(due)]).toEqual([0, 1]);
    now = due - 1;
    expect((await claim()).status).toBe(204);
    now = due;
    // Once more than it takes: on a machine that has too much to do the first may come before the evaluation.
    expect([(await claim()).status, (await claim()).status]).toContain(200);
  });
});
