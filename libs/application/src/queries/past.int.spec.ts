/**
 * Views also asked tables of today about other parties, and lists gave the rows of today to whoever asked
 * about tomorrow: answers about another instant that were about this one (`interfaces.md`, Queries).
 */
import { partyViews } from '@afecto/projections';
import type { Afecto } from '../system/open';
import * as E from 'fp-ts/Either';
import { cloudEvent, givenAfecto, type GivenAfecto, onDay, OPERATOR, order } from '../testing/given-afecto';

const viewNamed = (wanted: string) => {
  const view = partyViews.find(({ name }) => name === wanted);
  if (view === undefined) throw new Error(`no view ${wanted}`);
  return view;
};
const [networkView, identityView] = [viewNamed('network'), viewNamed('identity')];

let given: GivenAfecto;
let afecto: Afecto;
beforeEach(async () => {
  given = givenAfecto(100);
  afecto = await given.open();
});
afterEach(async () => {
  await afecto.close();
  given.remove();
});

const identified = (partyId: string, days: number, value: string) =>
  cloudEvent('PartyIdentified', days, partyId, {
    partyId,
    identifiers: [{ scheme: 'email', value, verified: true, preferred: true, valid: true }],
  });

describe('a view of a party at an instant', () => {
  it('names as its referrers those who had referred it by then, as it was known then', async () => {
    await given.accept(afecto, [
      order('o1', 1, 'p1'),
      cloudEvent('ReferralMade', 50, 'p2', { referralId: 'r1', referrerId: 'p2', referredId: 'p1', channel: 'web' }),
    ]);
    const referredBy = async (when: { readonly asOf?: number; readonly knownAt?: number }) =>
      (await afecto.answers.view(networkView, 'p1', when))?.view['referredBy'];
    expect(await referredBy({})).toEqual(['p2']);
    expect(await referredBy({ asOf: onDay(60) })).toEqual(['p2']);
    expect(await referredBy({ asOf: onDay(40) })).toEqual([]);
    given.clock(120);
    await given.accept(afecto, [
      cloudEvent('ReferralMade', 45, 'p3', { referralId: 'r2', referrerId: 'p3', referredId: 'p1', channel: 'web' }),
    ]);
    expect(await referredBy({ asOf: onDay(60) })).toEqual(['p2', 'p3']);
    expect(await referredBy({ asOf: onDay(60), knownAt: onDay(110) })).toEqual(['p2']);
  });

  it('takes as the same those who held the identifier by then', async () => {
    await given.accept(afecto, [
      identified('p1', 1, 'a@example.org'),
      order('o2', 1, 'p2'),
      identified('p2', 50, 'A@example.org'),
    ]);
    const candidates = async (asOf: number) =>
      (await afecto.answers.view(identityView, 'p1', { asOf }))?.view['candidates'];
    expect(await candidates(onDay(60))).toEqual([expect.objectContaining({ partyId: 'p2', matchScore: 1 })]);
    expect(await candidates(onDay(40))).toEqual([]);
  });
});

describe('a view of a party that asks about others', () => {
  it('means customers: who is merged is one candidate and one referrer', async () => {
    const identifier = (scheme: string, value: string) => ({
      scheme,
      value,
      verified: false,
      preferred: false,
      valid: true,
    });
    const [phone, postal] = [identifier('phone', '+34600000001'), identifier('postal', 'Calle Mayor 1, Madrid')];
    const held = (partyId: string, ...identifiers: ReadonlyArray<ReturnType<typeof identifier>>) =>
      cloudEvent('PartyIdentified', 1, partyId, { partyId, identifiers });
    const referred = (referrerId: string) =>
      cloudEvent('ReferralMade', 2, referrerId, {
        referralId: `by-${referrerId}`,
        referrerId,
        referredId: 'm',
        channel: 'web',
      });
    await given.accept(afecto, [held('x', phone), held('y', postal), held('m', phone, postal)]);
    await given.accept(afecto, [referred('x'), referred('y')]);
    await given.accept(afecto, [
      cloudEvent('PartiesMerged', 50, 'x', { survivorId: 'x', absorbedId: 'y', matchScore: 1, reason: 'same' }),
    ]);
    const ofM = async (when: { readonly asOf?: number }) => ({
      candidates: (await afecto.answers.view(identityView, 'm', when))?.view['candidates'],
      referredBy: (await afecto.answers.view(networkView, 'm', when))?.view['referredBy'],
    });
    const one = {
      candidates: [expect.objectContaining({ partyId: 'x', schemes: ['phone', 'postal'] })],
      referredBy: ['x'],
    };
    expect(await ofM({})).toEqual(one);
    expect(await ofM({ asOf: onDay(60) })).toEqual(one);
    expect((await ofM({ asOf: onDay(40) })).referredBy).toEqual(['x', 'y']);
  });
});

describe('a list of all customers at an instant', () => {
  it('after the clock says what time alone will make of them', async () => {
    await given.accept(afecto, [order('o1', 1, 'p1'), order('o2', 20, 'p1')]);
    const zones = async (asOf: number) =>
      (await afecto.answers.zones(['phase'], { asOf })).map(({ group }) => group['phase']);
    const later = onDay(1_000);
    expect((await afecto.answers.profile('p1', { asOf: later }))?.lifecycle.phase).toBe('lost');
    expect(await zones(later)).toEqual(['lost']);
    expect(await zones(onDay(100))).not.toEqual(['lost']);
    expect((await afecto.answers.parties({ phase: 'lost' }, { limit: 5 }, { asOf: later })).items).toHaveLength(1);
  });

  it('of queues has the claims that were made by then', async () => {
    await given.accept(afecto, [
      cloudEvent('ComplaintReceived', 99, 'p1', {
        complaintId: 'c1',
        partyId: 'p1',
        channel: 'phone',
        category: 'x',
        severity: 3,
      }),
    ]);
    const claimed = await afecto.claimNext({
      queue: 'Q1',
      agentId: 'ada',
      skills: [],
      actor: OPERATOR,
      commandId: 'claim-1',
    });
    if (E.isLeft(claimed) || claimed.right === null) throw new Error('nothing to claim');
    await afecto.projections.waitFor(claimed.right.position, 10_000);
    given.clock(101);
    await afecto.projections.engine.advanceTo(onDay(101));
    const claims = async (asOf?: number) =>
      (await afecto.answers.queueKpis(asOf === undefined ? {} : { asOf })).find(({ queue }) => queue === 'Q1')?.claims;
    expect([await claims(), await claims(onDay(100.5)), await claims(onDay(99.5))]).toEqual([1, 1, 0]);
  });
});
