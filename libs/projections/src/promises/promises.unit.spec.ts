import { DAY_MS, type Fact, type FactData, HOUR_MS } from '@afecto/domain';
import { profileOf } from '../profile/profile';
import { givenCustomers, isoDaysAgo, ordered, said } from '../tally/given-customers';
import { promiseFigures } from './figures';
import { promiseView } from './view';

const ms = 1 / DAY_MS;
const hour = HOUR_MS / DAY_MS;

let made = 0;

interface Given extends Partial<FactData['PromiseMade']> {
  readonly channel?: string;
  /** Days from the due. */
  readonly fulfilledAfter?: number;
  readonly outcome?: 'kept' | 'broken' | 'released';
}

/** A promise of agent-1 to p1 that falls due so many days ago, made sixty days before. */
const promise = (due: number, { channel, fulfilledAfter, outcome, ...given }: Given = {}): ReadonlyArray<Fact> => {
  made += 1;
  const promiseId = `promise-${made}`;
  const data = { promiseId, partyId: 'p1', madeBy: 'agent-1', dueAt: isoDaysAgo(due), ...given };
  const told = said('PromiseMade', due + 60, data);
  const facts: Fact[] = [channel === undefined ? told : { ...told, channel }];
  if (fulfilledAfter !== undefined) {
    const at = due - fulfilledAfter;
    const settled = { promiseId, outcome: outcome ?? 'kept', fulfilledAt: isoDaysAgo(at) };
    facts.push(said('PromiseSettled', at, settled, 'p1'));
  } else if (outcome !== undefined) facts.push(said('PromiseSettled', due + 1, { promiseId, outcome }, 'p1'));
  return facts;
};

const request = (
  ago: number,
  requestId: string,
  agreedAfter: number,
  actor: string,
  kind: Fact['actor']['kind'] = 'agent',
): Fact => ({
  ...said('ServiceRequestOpened', ago, {
    requestId,
    partyId: 'p1',
    channel: 'chat',
    category: 'billing',
    class: 'deferred',
    openedAt: isoDaysAgo(ago),
    agreedDueAt: isoDaysAgo(ago - agreedAfter),
  }),
  actor: { kind, id: actor },
});
const solved = (ago: number, requestId: string): Fact =>
  said(
    'ServiceRequestResolved',
    ago,
    { requestId, resolutionCode: 'done', byTier: 'front_office', resolvedAt: isoDaysAgo(ago) },
    'p1',
  );

describe('promises of all customers (PR19)', () => {
  // coverage: 138
  it('exactly when due is kept, a millisecond later broken; unsettled past due counts as broken; released for neither', async () => {
    const { figures } = await givenCustomers([
      ...promise(30, { fulfilledAfter: 0 }),
      ...promise(29, { fulfilledAfter: ms }),
      ...promise(28, { outcome: 'released' }),
      ...promise(27, { outcome: 'broken' }),
      ...promise(0),
      ...promise(-ms),
      ...promise(-30),
    ]);
    expect(await figures(promiseFigures)).toMatchObject({
      all: { kept: 1, broken: 3, overdue: 1, released: 1, open: 2, keptRate: 1 / 4 },
      byTier: [{ tier: 'none', kept: 1, open: 2 }],
    });
  });

  it('of one customer is overdue from the instant at which it falls due, as in the figures', async () => {
    const { view } = await givenCustomers([...promise(0), ...promise(-ms)]);
    const told: unknown = await view(promiseView, 'p1');
    const { promises } = told as { promises: ReadonlyArray<{ dueAt: string; outcome: string }> };
    expect(Object.fromEntries(promises.map(({ dueAt, outcome }) => [dueAt, outcome]))).toEqual({
      [isoDaysAgo(0)]: 'overdue',
      [isoDaysAgo(-ms)]: 'open',
    });
  });

  it('the kept rate is told by agent and by channel', async () => {
    const { figures } = await givenCustomers([
      ...promise(30, { fulfilledAfter: -1, channel: 'phone' }),
      ...promise(29, { fulfilledAfter: 1, channel: 'phone', madeBy: 'agent-2' }),
      ...promise(28, { fulfilledAfter: -1, madeBy: 'agent-2' }),
    ]);
    expect(await figures(promiseFigures)).toMatchObject({
      byAgent: [
        { agent: 'agent-1', keptRate: 1 },
        { agent: 'agent-2', kept: 1, broken: 1, keptRate: 1 / 2 },
      ],
      byChannel: [
        { channel: 'none', keptRate: 1 },
        { channel: 'phone', keptRate: 1 / 2 },
      ],
    });
  });

  it('a time agreed for a request is a promise of who opened it, kept by its first solution', async () => {
    const { figures, view } = await givenCustomers([
      request(20, 'r1', 6 * hour, 'agent-7'),
      solved(20 - 6 * hour, 'r1'),
      said('ServiceRequestReopened', 18, { requestId: 'r1', reason: 'again' }, 'p1'),
      solved(14, 'r1'),
      request(10, 'r2', 6 * hour, 'agent-7'),
      solved(10 - 6 * hour - ms, 'r2'),
      request(7 * hour, 'r3', 6 * hour, 'agent-7'),
    ]);
    expect(await figures(promiseFigures)).toMatchObject({
      byAgent: [{ agent: 'agent-7', kept: 1, broken: 2, overdue: 1 }],
      byChannel: [{ channel: 'chat' }],
    });
    expect(await view(promiseView, 'p1')).toMatchObject({
      promises: [
        { promiseId: 'request:r3', outcome: 'overdue', dueAt: isoDaysAgo(hour), fulfilledAt: null },
        { promiseId: 'request:r2', outcome: 'broken' },
        { promiseId: 'request:r1', outcome: 'kept', fulfilledAt: isoDaysAgo(20 - 6 * hour) },
      ],
    });
  });

  // The actor of a request that a customer opens is the customer: each was listed as an agent, with its party id.
  it("a time agreed for a request that the customer opened is nobody's in particular", async () => {
    const { figures } = await givenCustomers([
      request(20, 'r1', 6 * hour, 'p1', 'customer'),
      solved(20 - 6 * hour, 'r1'),
    ]);
    expect(await figures(promiseFigures)).toMatchObject({ all: { kept: 1 }, byAgent: [{ agent: '', kept: 1 }] });
  });

  it('an agreed time waits for the customer as the service level does', async () => {
    const { figures } = await givenCustomers([
      request(20, 'r1', 6 * hour, 'agent-7'),
      said('ServiceRequestPaused', 20 - hour, { requestId: 'r1', reason: 'waiting_customer' }, 'p1'),
      said('ServiceRequestResumed', 20 - 3 * hour, { requestId: 'r1' }, 'p1'),
      solved(20 - 8 * hour, 'r1'),
    ]);
    expect(await figures(promiseFigures)).toMatchObject({ all: { kept: 1, broken: 0 } });
  });

  it('a promise of the agreed time itself is one promise and not two; without a channel it has that of the request', async () => {
    const { figures } = await givenCustomers([
      request(20, 'r1', 6 * hour, 'agent-7'),
      said('PromiseMade', 20, {
        promiseId: 'p-r1',
        partyId: 'p1',
        madeBy: 'agent-7',
        dueAt: isoDaysAgo(20 - 6 * hour),
        relatedTo: 'r1',
      }),
    ]);
    expect(await figures(promiseFigures)).toMatchObject({
      all: { broken: 1, overdue: 1, keptRate: 0 },
      byChannel: [{ channel: 'chat' }],
    });
  });

  // A solution is no settlement: such a promise was overdue for ever, though the request was solved in time.
  it('a promise of the agreed time that nobody settled is settled by the first solution, and waits for the customer', async () => {
    const agreed = (promiseId: string, requestId: string, ago: number): Fact =>
      said('PromiseMade', ago, {
        promiseId,
        partyId: 'p1',
        madeBy: 'agent-8',
        dueAt: isoDaysAgo(ago - 6 * hour),
        relatedTo: requestId,
      });
    const { customer, figures, view } = await givenCustomers([
      request(20, 'r1', 6 * hour, 'agent-7'),
      agreed('kept', 'r1', 20),
      solved(20 - hour, 'r1'),
      request(10, 'r2', 6 * hour, 'agent-7'),
      agreed('waits', 'r2', 10),
      said('ServiceRequestPaused', 10 - hour, { requestId: 'r2', reason: 'waiting_customer' }, 'p1'),
      said('ServiceRequestResumed', 10 - 3 * hour, { requestId: 'r2' }, 'p1'),
      solved(10 - 8 * hour, 'r2'),
      request(5, 'r3', 6 * hour, 'agent-7'),
      agreed('late', 'r3', 5),
      solved(5 - 6 * hour - ms, 'r3'),
      request(hour, 'r4', 6 * hour, 'agent-7'),
      agreed('open', 'r4', hour),
    ]);
    expect(await figures(promiseFigures)).toMatchObject({
      all: { kept: 2, broken: 1, overdue: 0, open: 1 },
      byAgent: [{ agent: 'agent-8' }],
    });
    expect(await view(promiseView, 'p1')).toMatchObject({
      promises: [
        { promiseId: 'open', outcome: 'open' },
        { promiseId: 'late', outcome: 'broken' },
        { promiseId: 'waits', outcome: 'kept', dueAt: isoDaysAgo(10 - 8 * hour) },
        { promiseId: 'kept', outcome: 'kept', fulfilledAt: isoDaysAgo(20 - hour) },
      ],
    });
    expect(profileOf(customer('p1')).openPromises.map(({ promiseId }) => promiseId)).toEqual(['open']);
  });

  // Kept as long as nobody said so: the settlement was judged by the time before the pause.
  it('a promise of the agreed time waits for the customer, also when an agent settles it', async () => {
    const { view } = await givenCustomers([
      request(10, 'r1', 6 * hour, 'agent-7'),
      said('PromiseMade', 10, {
        promiseId: 'waits',
        partyId: 'p1',
        madeBy: 'agent-8',
        dueAt: isoDaysAgo(10 - 6 * hour),
        relatedTo: 'r1',
      }),
      said('ServiceRequestPaused', 10 - hour, { requestId: 'r1', reason: 'waiting_customer' }, 'p1'),
      said('ServiceRequestResumed', 10 - 3 * hour, { requestId: 'r1' }, 'p1'),
      solved(10 - 8 * hour, 'r1'),
      said('PromiseSettled', 10 - 8 * hour, { promiseId: 'waits', outcome: 'kept' }, 'p1'),
    ]);
    expect(await view(promiseView, 'p1')).toMatchObject({
      promises: [{ promiseId: 'waits', outcome: 'kept', dueAt: isoDaysAgo(10 - 8 * hour) }],
    });
  });

  // The pause of the next round moved the due, and with it the day on which the promise counts.
  it('an agreed time stays where it was when a reopened request is paused', async () => {
    const { view } = await givenCustomers([
      request(20, 'r1', 20 * hour, 'agent-7'),
      solved(20 - 2 * hour, 'r1'),
      said('ServiceRequestReopened', 20 - 3 * hour, { requestId: 'r1', reason: 'again' }, 'p1'),
      said('ServiceRequestPaused', 20 - 4 * hour, { requestId: 'r1', reason: 'waiting_customer' }, 'p1'),
      said('ServiceRequestResumed', 20 - 10 * hour, { requestId: 'r1' }, 'p1'),
    ]);
    expect(await view(promiseView, 'p1')).toMatchObject({
      promises: [{ promiseId: 'request:r1', outcome: 'kept', dueAt: isoDaysAgo(20 - 20 * hour) }],
    });
  });

  it('about an order or a complaint it has their channel, when it has none of its own', async () => {
    const { figures } = await givenCustomers([
      ordered('p1', 90, 'o1'),
      said('ComplaintReceived', 90, {
        complaintId: 'c1',
        partyId: 'p1',
        channel: 'phone',
        category: 'billing',
        severity: 2,
      }),
      ...promise(20, { relatedTo: 'o1', fulfilledAfter: 0 }),
      ...promise(19, { relatedTo: 'c1', fulfilledAfter: 0 }),
      ...promise(18, { relatedTo: 'unheard', fulfilledAfter: 0 }),
    ]);
    expect(await figures(promiseFigures)).toMatchObject({
      byChannel: [
        { channel: 'none', kept: 1 },
        { channel: 'phone', kept: 1 },
        { channel: 'web', kept: 1 },
      ],
    });
  });

  it('what falls due outside the window does not count, what is open always does', async () => {
    const { figures } = await givenCustomers([
      ...promise(50, { fulfilledAfter: 0 }),
      ...promise(45),
      ...promise(20, { fulfilledAfter: 0 }),
      ...promise(-3),
    ]);
    expect(await figures(promiseFigures, { from: 30, to: 10 })).toMatchObject({ all: { kept: 1, broken: 0, open: 1 } });
  });
});
