import { absorbedBy as absorbedInto, given, hours, live, past } from '../command/given-when-then';
import { mergeParties } from './merge-parties';
import { separateParties } from './separate-parties';

const supervisor = { kind: 'agent', id: 'agent-9', roles: ['supervisor'] } as const;
const as = (parties: NonNullable<Parameters<ReturnType<typeof given>['when']>[2]>['parties'] = {}) => ({
  actor: supervisor,
  parties,
});
const absorbedBy = (survivorId: string, rootId = survivorId) => absorbedInto(survivorId, rootId, 'b');
const merge = { survivorId: 'a', absorbedId: 'b', reason: 'same_phone' };
const separate = { survivorId: 'a', separatedId: 'b', reason: 'mistake' };

describe('MergeParties', () => {
  it('redirects the absorbed party to the survivor', () => {
    const outcome = given().when(mergeParties, { ...merge, matchScore: 0.96 }, as());
    outcome.then(['PartiesMerged', { ...merge, matchScore: 0.96 }, ['a', 'b']]);
    expect(outcome.streamId).toBe('party-a');
  });

  it('is sure when a person decides without a score', () => {
    given()
      .when(mergeParties, merge, as())
      .then(['PartiesMerged', { ...merge, matchScore: 1 }]);
  });

  it('makes one root of a chain', () => {
    const outcome = given().when(mergeParties, merge, as({ a: absorbedBy('root'), root: live('root') }));
    outcome.then(['PartiesMerged', { ...merge, survivorId: 'root', matchScore: 1 }, ['root', 'b']]);
    expect(outcome.streamId).toBe('party-root');
  });

  it('refuses a party that is merged into itself, directly or through the chain', () => {
    given()
      .when(mergeParties, { ...merge, absorbedId: 'a' }, as())
      .thenRefused('SelfMerge', { path: '/absorbedId' });
    given()
      .when(mergeParties, merge, as({ a: absorbedBy('b') }))
      .thenRefused('SelfMerge');
  });

  it('refuses a person and an organization, and accepts a party that was never registered', () => {
    given()
      .when(mergeParties, merge, as({ b: live('b', { kind: 'organization' }) }))
      .thenRefused('KindMismatch');
    given()
      .when(mergeParties, merge, as({ b: live('b', { kind: null }) }))
      .thenAccepted();
  });

  it('refuses what is absorbed already', () => {
    given()
      .when(mergeParties, merge, as({ b: absorbedBy('c') }))
      .thenRefused('AlreadyMerged', { details: { survivorId: 'c' } });
  });

  it.each(['a', 'b'])('refuses a legal hold on %s', (held) => {
    given()
      .when(mergeParties, merge, as({ [held]: live(held, { legalHold: true }) }))
      .thenRefused('LegalHold');
  });

  it('refuses unknown and erased parties', () => {
    given()
      .when(mergeParties, merge, as({ b: { status: 'unknown' } }))
      .thenRefused('PartyNotFound');
    given()
      .when(mergeParties, merge, as({ a: { status: 'erased' } }))
      .thenRefused('PartyErased');
  });

  it('is not for everybody', () => {
    given().when(mergeParties, merge).thenRefused('Forbidden');
    given()
      .when(mergeParties, merge, { actor: { kind: 'system', id: 'matcher', roles: [] } })
      .thenAccepted();
  });
});

describe('SeparateParties', () => {
  const separated = { ...separate, mergedEventId: 'merge-into-a' };

  it('removes the link', () => {
    given()
      .when(separateParties, separate, as({ b: absorbedBy('a') }))
      .then(['PartiesSeparated', separated, ['a', 'b']]);
  });

  it('removes only that link of a chain, named by its survivor or by the root', () => {
    for (const survivorId of ['a', 'root']) {
      const outcome = given().when(
        separateParties,
        { ...separate, survivorId },
        as({ a: absorbedBy('root'), b: absorbedBy('a', 'root'), root: live('root') }),
      );
      outcome.then(['PartiesSeparated', separated, ['a', 'b']]);
      expect(outcome.streamId).toBe('party-a');
    }
  });

  it('refuses what is not merged, merged elsewhere, or separated already', () => {
    given().when(separateParties, separate, as()).thenRefused('NotMerged', { path: '/separatedId' });
    given()
      .when(separateParties, separate, as({ b: absorbedBy('c') }))
      .thenRefused('NotMerged');
    given(past('PartiesSeparated', separated, -hours(1)))
      .when(separateParties, separate, as({ b: absorbedBy('a') }))
      .thenRefused('NotMerged');
  });

  it('removes the link also when a separation of another pair has named it', () => {
    given(past('PartiesSeparated', { ...separated, separatedId: 'c' }, -hours(1)))
      .when(separateParties, separate, as({ b: absorbedBy('a') }))
      .thenAccepted();
  });

  it('of a party whose customer was merged by another name undoes that merge', () => {
    given()
      .when(separateParties, { ...separate, separatedId: 'c' }, as({ c: absorbedBy('a') }))
      .then(['PartiesSeparated', separated, ['a', 'b']]);
  });

  it('parts the living from the erased', () => {
    const link = { survivorId: 'a', absorbedId: 'b', mergedEventId: 'merge-into-a' };
    given()
      .when(separateParties, separate, as({ a: { status: 'erased' }, b: { status: 'erased', rootId: 'a', link } }))
      .then(['PartiesSeparated', separated, ['a', 'b']]);
  });

  it('refuses a legal hold', () => {
    given()
      .when(separateParties, separate, as({ b: absorbedBy('a'), a: live('a', { legalHold: true }) }))
      .thenRefused('LegalHold');
  });
});
