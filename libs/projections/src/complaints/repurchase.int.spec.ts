import type { Fact } from '@afecto/domain';
import { givenCustomers, isoDaysAgo, ordered, said } from '../tally/given-customers';
import { complaintFigures } from './figures';

/** A complaint of its own customer, resolved and followed by an order after so many days. */
const complaint = (
  partyId: string,
  ago: number,
  { severity = 2, resolvedAfter, orderAfter }: { severity?: 2 | 3; resolvedAfter?: number; orderAfter?: number } = {},
): ReadonlyArray<Fact> => {
  const complaintId = `c-${partyId}`;
  const received = { complaintId, partyId, channel: 'phone', category: 'delivery', severity } as const;
  return [
    ordered(partyId, ago + 10, `before-${partyId}`),
    said('ComplaintReceived', ago, received),
    ...(resolvedAfter === undefined
      ? []
      : [
          said(
            'ComplaintResolved',
            ago - resolvedAfter,
            {
              complaintId,
              decision: 'upheld',
              rootCause: 'carrier',
              immediate: false,
              resolvedAt: isoDaysAgo(ago - resolvedAfter),
            },
            partyId,
          ),
        ]),
    ...(orderAfter === undefined ? [] : [ordered(partyId, ago - orderAfter, `after-${partyId}`)]),
  ];
};

/**
 * The shares of lost repurchase in the score come from a teaching deck, to be replaced by the tenant's own rates
 * (`domain.md §21.11`): nothing told those.
 */
describe('who bought again after a complaint (PR11, domain.md §21.11)', () => {
  const facts = [
    ...complaint('a', 300, { orderAfter: 180 }),
    ...complaint('b', 300),
    ...complaint('c', 300, { orderAfter: 180.5 }),
    ...complaint('d', 300),
    ...complaint('e', 250, { resolvedAfter: 0.5, orderAfter: 20 }),
    ...complaint('f', 250, { resolvedAfter: 0.5 }),
    ...complaint('g', 250, { resolvedAfter: 0.5, orderAfter: 5 }),
    ...complaint('h', 250, { resolvedAfter: 0.5, orderAfter: 5 }),
    ...complaint('i', 250, { resolvedAfter: 3, orderAfter: 5 }),
    ...complaint('j', 250, { severity: 3, resolvedAfter: 0.5, orderAfter: 5 }),
    // Not so old yet that it is known, and before the window.
    ...complaint('k', 100, { orderAfter: 5 }),
    ...complaint('l', 500, { orderAfter: 5 }),
  ];

  it('is told by how grave it was and what became of it, beside what the score supposes', async () => {
    expect((await (await givenCustomers(facts)).figures(complaintFigures))['repurchase']).toEqual({
      withinDays: 180,
      minor: {
        unresolved: { complaints: 4, boughtAgain: 1, rate: 0.25 },
        inTarget: { complaints: 4, boughtAgain: 3, rate: 0.75 },
        late: { complaints: 1, boughtAgain: 1, rate: 1 },
        unregained: { inTarget: { own: 1 / 3, configured: 0.09 }, late: { own: 0, configured: 0.56 } },
      },
      major: {
        unresolved: { complaints: 0, boughtAgain: 0, rate: null },
        inTarget: { complaints: 1, boughtAgain: 1, rate: 1 },
        late: { complaints: 0, boughtAgain: 0, rate: null },
        unregained: { inTarget: { own: null, configured: 0.22 }, late: { own: null, configured: 0.57 } },
      },
    });
  });

  it('is unknown of a window in which nobody can have waited long enough', async () => {
    expect(await (await givenCustomers(facts)).figures(complaintFigures, { from: 120 })).toMatchObject({
      repurchase: { minor: { unresolved: { complaints: 0, rate: null } } },
    });
  });
});
