import type { Fact } from '@afecto/domain';
import { daysAgo, givenCustomers, isoDaysAgo, said } from '../tally/given-customers';
import { NOW } from '../engine/testing/given-log';
import { consentFigures } from './figures';
import { consentView } from './view';

const grant = (partyId: string, ago: number, purpose: 'marketing' | 'survey', channel: 'email' | 'phone' | 'all') =>
  said('ConsentGranted', ago, {
    partyId,
    purpose,
    channel,
    lawfulBasis: 'consent',
    policyVersion: '1',
    evidenceRef: 'form/1',
  });
const withdraw = (partyId: string, ago: number, purpose: 'marketing', channel: 'email' | 'all') =>
  said('ConsentWithdrawn', ago, { partyId, purpose, channel, via: 'web' });
const request = (partyId: string, ago: number, kind: 'access' | 'objection' | 'restriction', dueAgo: number): Fact =>
  said('DataSubjectRequestReceived', ago, {
    partyId,
    dsrId: `${partyId}-${kind}`,
    kind,
    receivedAt: isoDaysAgo(ago),
    dueAt: isoDaysAgo(dueAgo),
  });
const fulfilled = (partyId: string, ago: number, kind: string, outcome: 'fulfilled' | 'refused') =>
  said('DataSubjectRequestFulfilled', ago, { partyId, dsrId: `${partyId}-${kind}`, outcome });

/** How many granted a purpose on a channel. */
const figuresOf = (figures: unknown, purpose: string, channel: string): number | undefined => {
  const { consents } = figures as {
    consents: ReadonlyArray<{
      purpose: string;
      byChannel: ReadonlyArray<{ channel: string; granted: number }>;
    }>;
  };
  return consents.find((row) => row.purpose === purpose)?.byChannel.find((cell) => cell.channel === channel)?.granted;
};

const cellOf = async (facts: ReadonlyArray<Fact>, purpose: string, channel: string) => {
  const view = (await (await givenCustomers(facts)).view(consentView, 'p1')) as {
    matrix: ReadonlyArray<{ purpose: string; channel: string; permitted: boolean; reason: string }>;
  };
  const cell = view.matrix.find((one) => one.purpose === purpose && one.channel === channel);
  return [cell?.permitted, cell?.reason];
};

describe('effective consent', () => {
  // coverage: 56
  test('is denied by default for every purpose and channel; contract and service need none', async () => {
    const given = await givenCustomers([said('PartyRegistered', 9, person('p1'))]);
    const view = await given.view(consentView, 'p1');
    const { matrix } = view as { matrix: ReadonlyArray<{ permitted: boolean; reason: string }> };
    expect(matrix).toHaveLength(5 * 13);
    expect(matrix.every(({ permitted, reason }) => !permitted && reason === 'never_decided')).toBe(true);
    expect(view).toMatchObject({ stop: null, withoutConsent: { contract: true, service: true } });
  });

  test('of all channels is that of each, until one is withdrawn, and that at once', async () => {
    const facts = [grant('p1', 5, 'marketing', 'all'), withdraw('p1', 0, 'marketing', 'email')];
    expect(await cellOf(facts, 'marketing', 'phone')).toEqual([true, 'granted']);
    expect(await cellOf(facts, 'marketing', 'email')).toEqual([false, 'withdrawn']);
    expect(await cellOf(facts, 'survey', 'phone')).toEqual([false, 'never_decided']);
    const all = [grant('p1', 5, 'marketing', 'all'), withdraw('p1', 0, 'marketing', 'all')];
    expect(await cellOf(all, 'marketing', 'phone')).toEqual([false, 'withdrawn']);
  });

  test('ends with an objection whatever was granted before or after, until it is refused', async () => {
    const facts = [
      grant('p1', 5, 'marketing', 'all'),
      request('p1', 4, 'objection', -10),
      grant('p1', 3, 'marketing', 'all'),
    ];
    expect(await cellOf(facts, 'marketing', 'email')).toEqual([false, 'objection']);
    expect(await cellOf([...facts, fulfilled('p1', 2, 'objection', 'refused')], 'marketing', 'email')).toEqual([
      true,
      'granted',
    ]);
  });

  test('a restriction ends service contacts too', async () => {
    const given = await givenCustomers([request('p1', 4, 'restriction', -10)]);
    expect(await given.view(consentView, 'p1')).toMatchObject({
      stop: 'restriction',
      withoutConsent: { service: false },
    });
  });

  test('is counted by purpose and channel over all parties', async () => {
    const facts = [
      grant('p1', 5, 'marketing', 'all'),
      grant('p2', 5, 'marketing', 'email'),
      grant('p3', 5, 'marketing', 'all'),
      withdraw('p3', 4, 'marketing', 'email'),
      grant('p4', 5, 'marketing', 'all'),
      request('p4', 4, 'objection', -10),
      grant('p5', 5, 'marketing', 'all'),
      withdraw('p5', 4, 'marketing', 'all'),
      grant('p6', 5, 'marketing', 'all'),
      said('PartyRoleAssigned', 4, { partyId: 'p6', role: 'employee', validFrom: isoDaysAgo(4) }),
    ];
    const figures = await (await givenCustomers(facts)).figures(consentFigures);
    // email: p1 and p2; phone: p1 and p3.
    expect(figuresOf(figures, 'marketing', 'email')).toBe(2);
    expect(figuresOf(figures, 'marketing', 'phone')).toBe(2);
    expect(figuresOf(figures, 'survey', 'phone')).toBe(0);
    expect(figures).toMatchObject({
      parties: expect.arrayContaining([
        { stop: 'none', count: 4 },
        { stop: 'objection', count: 1 },
        { stop: 'role', count: 1 },
      ]),
      consents: expect.arrayContaining([expect.objectContaining({ purpose: 'marketing', decided: 4 })]),
    });
  });
});

describe('requests of data subjects', () => {
  const kindOf = (figures: unknown, kind: string) =>
    (figures as { requests: ReadonlyArray<{ kind: string }> }).requests.find((row) => row.kind === kind);

  test('are overdue from the millisecond after they are due', async () => {
    const at = (kind: 'access', dueAt: string, partyId: string) =>
      said('DataSubjectRequestReceived', 20, { partyId, dsrId: partyId, kind, receivedAt: isoDaysAgo(20), dueAt });
    const facts = [
      at('access', new Date(NOW).toISOString(), 'p1'),
      at('access', new Date(NOW - 1).toISOString(), 'p2'),
      at('access', new Date(NOW + 1).toISOString(), 'p3'),
    ];
    const figures = await (await givenCustomers(facts)).figures(consentFigures);
    expect(kindOf(figures, 'access')).toEqual({
      kind: 'access',
      received: 3,
      open: 3,
      overdue: 1,
      nextDueAt: new Date(NOW - 1).toISOString(),
      fulfilled: 0,
      refused: 0,
      late: 0,
    });
  });

  test('that are closed are counted by outcome and by whether they came in time', async () => {
    const facts = [
      request('p1', 20, 'access', 10),
      fulfilled('p1', 12, 'access', 'fulfilled'),
      request('p2', 20, 'access', 10),
      fulfilled('p2', 8, 'access', 'refused'),
      // On the instant at which it is due.
      request('p4', 20, 'access', 10),
      fulfilled('p4', 10, 'access', 'fulfilled'),
      request('p3', 500, 'access', 490),
      fulfilled('p3', 495, 'access', 'fulfilled'),
    ];
    const given = await givenCustomers(facts);
    expect(kindOf(await given.figures(consentFigures), 'access')).toMatchObject({
      received: 3,
      open: 0,
      overdue: 0,
      nextDueAt: null,
      fulfilled: 2,
      refused: 1,
      late: 1,
    });
    expect(await given.view(consentView, 'p2')).toMatchObject({
      requests: [{ dueAt: new Date(daysAgo(10)).toISOString(), outcome: 'refused', overdue: true }],
    });
  });
});

const person = (partyId: string) => ({ partyId, kind: 'person' as const, displayName: partyId, source: 'test' });
