import { DAY_MS, type Fact, type FactData, HOUR_MS } from '@afecto/domain';
import { contacted, givenCustomers, isoDaysAgo, ordered, said } from '../tally/given-customers';
import { complaintFigures } from './figures';
import { accumulationOf } from './systemic';
import { complaintView } from './view';

const ms = 1 / DAY_MS;
const hour = HOUR_MS / DAY_MS;

let made = 0;

interface Given extends Partial<FactData['ComplaintReceived']> {
  /** Days from the reception; absent: not done. */
  readonly acknowledgedAfter?: number;
  readonly resolvedAfter?: number;
  readonly rootCause?: string;
  readonly verdict?: number;
}

/** A complaint received so many days ago; what was done about it, and the verdict a week after the resolution. */
const complaint = (ago: number, given: Given = {}): ReadonlyArray<Fact> => {
  made += 1;
  const { acknowledgedAfter, resolvedAfter, rootCause = 'carrier', verdict, ...received } = given;
  const data = {
    complaintId: `c${made}`,
    partyId: 'p1',
    channel: 'phone',
    category: 'delivery',
    severity: 2,
    ...received,
  } as const;
  const { complaintId, partyId } = data;
  const facts: Fact[] = [said('ComplaintReceived', ago, data)];
  if (acknowledgedAfter !== undefined)
    facts.push(
      said(
        'ComplaintAcknowledged',
        ago - acknowledgedAfter,
        {
          complaintId,
          responsibleAgentId: 'agent-1',
          resolveBy: isoDaysAgo(ago - (data.severity === 4 ? 4 * hour : 1)),
        },
        partyId,
      ),
    );
  if (resolvedAfter === undefined) return facts;
  const at = ago - resolvedAfter;
  const resolution = {
    complaintId,
    decision: 'upheld',
    rootCause,
    immediate: false,
    resolvedAt: isoDaysAgo(at),
  } as const;
  facts.push(said('ComplaintResolved', at, resolution, partyId));
  if (verdict !== undefined)
    facts.push(said('ComplaintFollowedUp', at - 7, { complaintId, attempt: 1, verdict }, partyId));
  return facts;
};

describe('complaints of all customers (PR11)', () => {
  it('acknowledged within the hour and resolved within the day is in target; severity 4 has four hours', async () => {
    const { figures } = await givenCustomers([
      ...complaint(50, { acknowledgedAfter: hour, resolvedAfter: 1 }),
      ...complaint(48, { acknowledgedAfter: hour + ms, resolvedAfter: 1 + ms }),
      ...complaint(46, { severity: 4, acknowledgedAfter: 0.5 * hour, resolvedAfter: 4 * hour }),
      ...complaint(44, { severity: 4, acknowledgedAfter: 0.5 * hour, resolvedAfter: 4 * hour + ms }),
      // Not acknowledged, and due an hour after its reception: just now, and in a millisecond.
      ...complaint(hour),
      ...complaint(hour - ms),
    ]);
    expect(await figures(complaintFigures)).toMatchObject({
      complaints: 6,
      acknowledge: { inTarget: 3, late: 2, overdue: 1, notYetDue: 1, inTargetRate: 3 / 5 },
      resolve: { inTarget: 2, late: 2, overdue: 0, notYetDue: 2, inTargetRate: 1 / 2 },
      followUp: { inTarget: 0, late: 4, overdue: 4 },
      bySeverity: [
        { severity: '2', complaints: 4 },
        { severity: '4', complaints: 2 },
      ],
    });
  });

  // It named a due after the solution that had been late, and was itself late after a solution within the hour.
  it('an acknowledgement that follows the solution mends no late solution, and is not late where that was quick', async () => {
    const late = complaint(50, { complaintId: 'late', resolvedAfter: 1.8 });
    const acknowledgement = { complaintId: 'late', responsibleAgentId: 'agent-1', resolveBy: isoDaysAgo(48) };
    const { figures } = await givenCustomers([
      ...late,
      said('ComplaintAcknowledged', 50 - 1.9, acknowledgement, 'p1'),
      ...complaint(40, { acknowledgedAfter: 2 * hour, resolvedAfter: 0.5 * hour }),
    ]);
    expect(await figures(complaintFigures)).toMatchObject({
      acknowledge: { inTarget: 1, late: 1 },
      resolve: { inTarget: 1, late: 1 },
    });
  });

  it('who solves it has heard it; without an answer it is due by its severity, and after a call in vain within 14 days', async () => {
    const [received, resolved] = complaint(10, { partyId: 'p2', resolvedAfter: 0 });
    if (received?.type !== 'ComplaintReceived' || resolved === undefined)
      throw new Error('it is received and resolved');
    const { complaintId } = received.data;
    const { figures } = await givenCustomers([
      ...complaint(50, { severity: 4, resolvedAfter: 4 * hour }),
      ...complaint(49, { severity: 4, resolvedAfter: 4 * hour + ms }),
      ...complaint(48, { severity: 3, resolvedAfter: 1 }),
      ...complaint(47, { severity: 3, resolvedAfter: hour }),
      received,
      resolved,
      said('ComplaintFollowedUp', 5, { complaintId, attempt: 1, unreachable: true }, 'p2'),
    ]);
    expect(await figures(complaintFigures)).toMatchObject({
      acknowledge: { inTarget: 2, late: 3, overdue: 0 },
      resolve: { inTarget: 4, late: 1 },
      followUp: { overdue: 4, notYetDue: 1 },
    });
  });

  it('two unrecovered ones are a double deviation up to a year apart, and a millisecond more apart they are none', async () => {
    const quick = { acknowledgedAfter: ms, resolvedAfter: 0.5, verdict: 1 };
    const { figures } = await givenCustomers([
      ...complaint(385, quick),
      ...complaint(20, quick),
      ...complaint(385 + ms, { ...quick, partyId: 'p2' }),
      ...complaint(20, { ...quick, partyId: 'p2' }),
    ]);
    expect(await figures(complaintFigures)).toMatchObject({ doubleDeviations: 1 });
  });

  it('verdict 4 is recovered, 3 partly; a verdict of 2 reopens, and two unrecovered complaints are a double deviation', async () => {
    const quick = { acknowledgedAfter: ms, resolvedAfter: 0.5 };
    const { figures } = await givenCustomers([
      ...complaint(200, { ...quick, verdict: 5 }),
      ...complaint(190, { ...quick, verdict: 4 }),
      ...complaint(180, { ...quick, verdict: 3 }),
      ...complaint(170, { ...quick, verdict: 2 }),
      ...complaint(160, { ...quick, verdict: 1 }),
      ...complaint(150, { ...quick, partyId: 'p2', verdict: 2 }),
      ...complaint(20, quick),
    ]);
    expect(await figures(complaintFigures)).toMatchObject({
      recovery: { recovered: 2, partly: 1, notRecovered: 3, unreachable: 0, withoutVerdict: 1, recoveryRate: 2 / 6 },
      reopened: 3,
      reopenRate: 3 / 7,
      doubleDeviations: 1,
    });
  });

  // coverage: 29
  it('counts by a thousand customers and conduct by a thousand contacts', async () => {
    const { figures } = await givenCustomers([
      ...['p1', 'p2', 'p3', 'p4'].map((partyId) => ordered(partyId, 100, `order-${partyId}`)),
      contacted('p1', 10),
      contacted('p5', 11),
      ...complaint(9, { category: 'staff_conduct' }),
      ...complaint(8, { partyId: 'p2' }),
    ]);
    expect(await figures(complaintFigures)).toMatchObject({
      complaints: 2,
      customers: 4,
      perThousandCustomers: 500,
      conduct: { complaints: 1, contacts: 2, perThousandContacts: 500 },
      byCategory: [
        { category: 'delivery', complaints: 1 },
        { category: 'staff_conduct', complaints: 1 },
      ],
    });
  });

  it('what was granted is the cost of recovery, for a complaint or without one', async () => {
    const [received = complaint(1)[0], ...rest] = complaint(30, { resolvedAfter: 0.5 });
    if (received?.type !== 'ComplaintReceived') throw new Error('it begins with its reception');
    const grant = { kind: 'refund', justice: 'distributive', approvedBy: 'agent-1' } as const;
    const { complaintId } = received.data;
    const { figures, view } = await givenCustomers([
      received,
      ...rest,
      said('CompensationGranted', 29.5, { ...grant, complaintId, amountMinor: 1_500 }, 'p1'),
      said('CompensationGranted', 29, { ...grant, partyId: 'p1', amountMinor: 500 }),
      said('CompensationGranted', 400, { ...grant, partyId: 'p1', amountMinor: 99 }),
    ]);
    expect(await figures(complaintFigures)).toMatchObject({ compensation: { grants: 2, amountMinor: 2_000 } });
    expect(await view(complaintView, 'p1')).toMatchObject({
      complaints: [{ complaintId, compensationMinor: 1_500, compensations: [{ kind: 'refund', amountMinor: 1_500 }] }],
    });
  });

  it('three of one cause within 30 days are systemic, over all customers; within 31 days they are not', async () => {
    const of = (rootCause: string, ...days: ReadonlyArray<number>): ReadonlyArray<Fact> =>
      days.flatMap((day, index) => complaint(day, { partyId: `p${index}`, rootCause, resolvedAfter: 0 }));
    const { figures } = await givenCustomers([
      ...of('carrier', 100.5, 90.5, 71.5),
      ...of('invoice', 100.5, 90.5, 70.5),
    ]);
    expect(await figures(complaintFigures)).toMatchObject({
      rootCauses: [
        { rootCause: 'carrier', complaints: 3, systemic: true, mostWithinDays: { days: 30, complaints: 3 } },
        { rootCause: 'invoice', complaints: 3, systemic: false, mostWithinDays: { complaints: 2 } },
      ],
    });
    // Those that began before the window count in what they are, and not in how many it has.
    expect(await figures(complaintFigures, { from: 80 })).toMatchObject({
      rootCauses: [
        { rootCause: 'carrier', complaints: 1, systemic: true, mostWithinDays: { complaints: 3 } },
        { rootCause: 'invoice', complaints: 1, systemic: false },
      ],
    });
  });
});

describe('a complaint that was reopened (PR11)', () => {
  /** Received 116 days ago and resolved 49 h later against 24 h; reopened after two days, and resolved 30 days later. */
  const first = (): { readonly facts: ReadonlyArray<Fact>; readonly complaintId: string } => {
    const facts = complaint(116, { acknowledgedAfter: hour, resolvedAfter: 49 * hour, rootCause: 'x' });
    const complaintId = `c${made}`;
    return {
      complaintId,
      facts: [...facts, said('ComplaintFollowedUp', 112, { complaintId, attempt: 1, verdict: 1 }, 'p1')],
    };
  };
  const again = (complaintId: string, ago: number, rootCause: string): Fact =>
    said(
      'ComplaintResolved',
      ago,
      { complaintId, decision: 'upheld', rootCause, immediate: false, resolvedAt: isoDaysAgo(ago) },
      'p1',
    );
  const firstDays = { from: 120, to: 105 };

  it('keeps what each round missed and why in the days of that round, whatever the next does', async () => {
    const { facts, complaintId } = first();
    const before = await (await givenCustomers(facts)).figures(complaintFigures, firstDays);
    const { figures } = await givenCustomers([...facts, again(complaintId, 82, 'y')]);
    const after = await figures(complaintFigures, firstDays);
    expect(before).toMatchObject({
      acknowledge: { inTarget: 1, overdue: 1 },
      resolve: { inTarget: 0, late: 2, overdue: 1 },
      followUp: { inTarget: 1, late: 0 },
      rootCauses: [{ rootCause: 'x', complaints: 1 }],
    });
    // Done late now and no longer overdue: that is all that the second round changes.
    expect(after).toMatchObject({
      acknowledge: { inTarget: 1, late: 1, overdue: 0 },
      resolve: { inTarget: 0, late: 2, overdue: 0 },
      followUp: { inTarget: 1, late: 0 },
      rootCauses: [{ rootCause: 'x', complaints: 1 }],
    });
    expect(await figures(complaintFigures, { from: 100 })).toMatchObject({
      complaints: 0,
      rootCauses: [{ rootCause: 'y', complaints: 1 }],
    });
  });

  it('is one complaint of a cause, however often that was found', async () => {
    const { facts, complaintId } = first();
    const { figures } = await givenCustomers([...facts, again(complaintId, 111, 'x')]);
    expect(await figures(complaintFigures)).toMatchObject({
      resolve: { inTarget: 1, late: 1 },
      rootCauses: [{ rootCause: 'x', complaints: 1 }],
    });
  });

  // The verdict that reopened is kept beside the round that runs, but says nothing about it.
  it('is followed up when its last round is, and not by the verdict that reopened it', async () => {
    const { facts, complaintId } = first();
    const attempt = (ago: number, number: number): Fact =>
      said('ComplaintFollowedUp', ago, { complaintId, attempt: number, unreachable: true }, 'p1');
    const { view } = await givenCustomers([...facts, again(complaintId, 111, 'y'), attempt(66, 2), attempt(65, 3)]);
    expect(await view(complaintView, 'p1')).toMatchObject({
      complaints: [
        {
          state: 'closed',
          reopenCount: 1,
          followUps: 3,
          lastFollowUpAt: isoDaysAgo(65),
          resolve: { inTarget: true },
          followUp: { dueAt: isoDaysAgo(97), doneAt: isoDaysAgo(65), inTarget: false },
        },
      ],
    });
  });

  it('waits for its resolution however often the customer was not reached', async () => {
    const { facts, complaintId } = first();
    const attempts = [2, 3].map((attempt) =>
      said('ComplaintFollowedUp', 100 - attempt, { complaintId, attempt, unreachable: true }, 'p1'),
    );
    const { view } = await givenCustomers([...facts, ...attempts]);
    expect(await view(complaintView, 'p1')).toMatchObject({
      complaints: [{ state: 'received', resolve: { doneAt: null, inTarget: false }, followUp: null }],
    });
  });
});

describe('accumulation of causes', () => {
  it('an accumulation that was over before the first day is none, one that ends on it is', () => {
    const days: ReadonlyArray<readonly [number, number]> = [
      [10, 2],
      [12, 1],
      [50, 1],
    ];
    expect(accumulationOf(days, 30, 12)).toEqual({ most: 3, from: 10, to: 12 });
    expect(accumulationOf(days, 30, 13)).toEqual({ most: 1, from: 50, to: 50 });
    expect(accumulationOf(days, 30, 51)).toBeNull();
  });

  it.each<[string, ReadonlyArray<readonly [number, number]>, object | null]>([
    ['none', [], null],
    ['all on a day', [[5, 4]], { most: 4, from: 5, to: 5 }],
    [
      'the thirtieth day is within, the thirty-first is not',
      [
        [0, 1],
        [29, 1],
        [30, 1],
      ],
      { most: 2, from: 29, to: 30 },
    ],
    [
      'an old accumulation is found',
      [
        [0, 3],
        [10, 1],
        [100, 2],
      ],
      { most: 4, from: 0, to: 10 },
    ],
  ])('%s', (_, days, expected) => {
    expect(accumulationOf(days, 30, 0)).toEqual(expected);
  });
});

describe('complaints of one customer (PR11)', () => {
  it('a complaint waits for each of its steps in turn', async () => {
    const { view } = await givenCustomers([
      ...complaint(0.5 * hour),
      ...complaint(5 * hour, { severity: 4, acknowledgedAfter: 0.5 * hour }),
      ...complaint(3, { acknowledgedAfter: ms, resolvedAfter: 1 }),
      ...complaint(40, { acknowledgedAfter: ms, resolvedAfter: 1, verdict: 4 }),
      ...complaint(60, { acknowledgedAfter: ms, resolvedAfter: 1, verdict: 1 }),
    ]);
    expect(await view(complaintView, 'p1')).toMatchObject({
      complaints: [
        { state: 'received', nextStep: { step: 'acknowledge', dueAt: isoDaysAgo(-0.5 * hour), isOverdue: false } },
        {
          state: 'acknowledged',
          responsibleAgentId: 'agent-1',
          nextStep: { step: 'resolve', dueAt: isoDaysAgo(hour), isOverdue: true },
          resolve: { doneAt: null, inTarget: false },
        },
        { state: 'resolved', nextStep: { step: 'follow_up', dueAt: isoDaysAgo(-5) }, rootCause: 'carrier' },
        { state: 'closed', nextStep: null, recovery: 'recovered', verdict: 4, followUps: 1 },
        { state: 'received', reopenCount: 1, recovery: 'not_recovered', nextStep: { step: 'acknowledge' } },
      ],
    });
  });
});
