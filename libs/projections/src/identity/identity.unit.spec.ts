import type { FactData } from '@afecto/domain';
import { givenCustomers, said } from '../tally/given-customers';
import { identityView } from './view';

type Identifier = FactData['PartyIdentified']['identifiers'][number];

const identified = (
  partyId: string,
  ...identifiers: ReadonlyArray<readonly [Identifier['scheme'], string, boolean?]>
) =>
  said('PartyIdentified', 10, {
    partyId,
    identifiers: identifiers.map(([scheme, value, verified = false]) => ({
      scheme,
      value,
      verified,
      preferred: false,
      valid: true,
    })),
  });

const candidatesOf = async (...facts: ReadonlyArray<ReturnType<typeof identified>>) => {
  const view = await (await givenCustomers(facts)).view(identityView, 'p1');
  return (view as { candidates: ReadonlyArray<{ partyId: string; matchScore: number; verdict: string }> }).candidates;
};

describe('candidates for a merge', () => {
  test.each<[string, ReadonlyArray<readonly [Identifier['scheme'], string]>, number, string]>([
    ['a national id', [['national_id', 'AB-12']], 1, 'merge'],
    ['a loyalty number', [['loyalty_no', 'L 1']], 1, 'merge'],
    ['an e-mail address', [['email', 'a@b.org']], 0.8, 'review'],
    ['a phone', [['phone', '+44 1']], 0.6, 'distinct'],
    ['an address', [['postal', '1 Road']], 0.3, 'distinct'],
    ['a device', [['device', 'd']], 0, 'distinct'],
    // 1 − 0.2 · 0.4, and with the address 1 − 0.08 · 0.7; 1 − 0.4 · 0.7.
    [
      'e-mail and phone',
      [
        ['email', 'a@b.org'],
        ['phone', '+44 1'],
      ],
      0.92,
      'review',
    ],
    [
      'phone and address',
      [
        ['phone', '+44 1'],
        ['postal', '1 Road'],
      ],
      0.72,
      'review',
    ],
    [
      'e-mail, phone and address',
      [
        ['email', 'a@b.org'],
        ['phone', '+44 1'],
        ['postal', '1 Road'],
      ],
      0.944,
      'review',
    ],
  ])('by %s score by the weights of its schemes', async (_, shared, score, verdict) => {
    const [candidate, ...others] = await candidatesOf(identified('p1', ...shared), identified('p2', ...shared));
    expect(others).toEqual([]);
    expect(candidate).toMatchObject({ partyId: 'p2', verdict });
    expect(candidate?.matchScore).toBeCloseTo(score, 12);
  });

  test('are the same party when both have verified what they share, not when one has', async () => {
    const both = await candidatesOf(identified('p1', ['phone', '1', true]), identified('p2', ['phone', '1', true]));
    expect(both).toMatchObject([{ matchScore: 1, verdict: 'merge' }]);
    const one = await candidatesOf(identified('p1', ['phone', '1', true]), identified('p2', ['phone', '1']));
    expect(one).toMatchObject([{ matchScore: 0.6, verdict: 'distinct' }]);
  });

  test('are found in whatever form the identifier was written, the best first, values of others unseen', async () => {
    const given = await givenCustomers([
      identified('p1', ['email', 'ana@b.org'], ['phone', '+44 (20) 1']),
      identified('p2', ['phone', '+44201'], ['national_id', 'SECRET']),
      identified('p3', ['email', ' Ana@B.ORG '], ['device', 'HIDDEN']),
    ]);
    const view = await given.view(identityView, 'p1');
    expect(view).toMatchObject({
      identifiers: [{ scheme: 'email' }, { scheme: 'phone' }],
      candidates: [
        { partyId: 'p3', schemes: ['email'] },
        { partyId: 'p2', schemes: ['phone'] },
      ],
    });
    expect(JSON.stringify(view)).not.toMatch(/SECRET|HIDDEN/);
  });

  // Each spelling of one address counted as an identifier of its own: 1 − 0.2 · 0.2 made a candidate for a merge of it.
  test('share an identifier once, however often and in whatever forms it was stated', async () => {
    const given = [
      identified('p1', ['email', 'Ana@B.org'], ['email', 'ana@b.org']),
      identified('p1', ['email', 'ANA@B.ORG']),
    ];
    expect(await candidatesOf(...given, identified('p2', ['email', 'ana@b.org']))).toMatchObject([
      { partyId: 'p2', verdict: 'review' },
    ]);
  });

  test('are no parties that were merged already', async () => {
    const given = await givenCustomers([
      identified('p1', ['email', 'a@b.org']),
      identified('p2', ['email', 'a@b.org']),
      said('PartiesMerged', 5, { survivorId: 'p1', absorbedId: 'p2', matchScore: 1, reason: 'same' }),
    ]);
    expect(await given.view(identityView, 'p1')).toMatchObject({ members: ['p1', 'p2'], candidates: [] });
  });
});
