import { acknowledged, complaint, followedUp, resolved } from '../queues/arbitrary-scenario';
import type { Fact } from '../facts/envelope';
import { defaultConfiguration } from '../policy/configuration';
import { evolve } from './evolve';
import { fact, isoOnDay, onDay } from './fact-builder';
import { emptyEvidence } from './mutable-evidence';

const after = (...facts: ReadonlyArray<Fact>) => {
  const evidence = emptyEvidence('p1', ['p1'], defaultConfiguration);
  for (const one of facts) evolve(evidence, one, defaultConfiguration);
  return evidence.complaints.get('c1');
};
const toldLate = (toldOn: number, solvedOn: number): Fact =>
  fact('ComplaintResolved', toldOn, {
    complaintId: 'c1',
    decision: 'partly',
    rootCause: 'stock',
    immediate: false,
    resolvedAt: isoOnDay(solvedOn),
  });

describe('a complaint (domain.md §9.3)', () => {
  it.each<[string, ReadonlyArray<Fact>, number | null, number | null]>([
    ['after its acknowledgement', [acknowledged(1, 'c1', 5), resolved(2, 'c1')], 1, 5],
    ['at the instant of its acknowledgement', [acknowledged(1, 'c1', 5), resolved(1, 'c1')], 1, 5],
    ['before it, as is told later', [acknowledged(2, 'c1', 5), toldLate(3, 1)], null, null],
    ['at the instant of an acknowledgement told after it', [resolved(1, 'c1'), acknowledged(1, 'c1', 5)], 1, 5],
    ['before an acknowledgement told after it', [resolved(1, 'c1'), acknowledged(2, 'c1', 5)], null, null],
  ])('resolved %s', (_, facts, acknowledgedOn, resolveByOn) => {
    expect(after(complaint(0, 'c1'), ...facts)).toMatchObject({
      acknowledgedAt: acknowledgedOn === null ? null : onDay(acknowledgedOn),
      resolveBy: resolveByOn === null ? null : onDay(resolveByOn),
    });
  });

  it('keeps its first resolution', () => {
    expect(after(complaint(0, 'c1'), resolved(2, 'c1'), toldLate(3, 1))).toMatchObject({
      resolvedAt: onDay(2),
      decision: 'upheld',
      rootCause: 'carrier',
    });
  });

  it.each<[string, number, number | null]>([
    ['of before is no resolution of the new round', 3.9, null],
    ['of the very instant is', 4, 4],
  ])('reopened, one %s', (_, solvedOn, resolvedOn) => {
    const told = [complaint(0, 'c1'), resolved(2, 'c1'), followedUp(4, 'c1', 1), toldLate(5, solvedOn)];
    expect(after(...told)?.resolvedAt).toBe(resolvedOn === null ? null : onDay(resolvedOn));
  });

  it('keeps what was granted for it and nothing else', () => {
    const granted = (day: number, complaintId?: string): Fact =>
      fact('CompensationGranted', day, {
        partyId: 'p1',
        kind: 'discount',
        amountMinor: 500,
        justice: 'distributive',
        approvedBy: 'a1',
        ...(complaintId === undefined ? {} : { complaintId }),
      });
    const facts = [complaint(0, 'c1'), granted(1, 'c1'), granted(2), granted(3, 'c2')];
    expect(after(...facts)?.compensations).toEqual([
      { at: onDay(1), kind: 'discount', amountMinor: 500, justice: 'distributive' },
    ]);
  });
});
