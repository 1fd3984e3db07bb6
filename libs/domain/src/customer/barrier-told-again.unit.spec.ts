import type { FactData } from '../facts/catalogue';
import { defaultConfiguration } from '../policy/configuration';
import { evolve } from './evolve';
import { fact, isoOnDay } from './fact-builder';
import { emptyEvidence } from './mutable-evidence';

describe('a barrier told twice (domain.md §8.3)', () => {
  const barrier = (day: number, parts: Partial<FactData['SwitchingBarrierSet']>) =>
    fact('SwitchingBarrierSet', day, {
      partyId: 'p1',
      kind: 'penalty',
      costType: 'financial',
      amountMinor: 500,
      disclosedAt: isoOnDay(1),
      validTo: isoOnDay(90),
      ...parts,
    });

  it.each<[string, Partial<FactData['SwitchingBarrierSet']>, number]>([
    ['as it stands', {}, 1],
    ['with another kind', { kind: 'barrier' }, 2],
    ['with another cost', { costType: 'procedural' }, 2],
    ['with another amount', { amountMinor: 501 }, 2],
    ['disclosed at another time', { disclosedAt: isoOnDay(2) }, 2],
    ['with another end', { validTo: isoOnDay(91) }, 2],
    ['of somebody else', { partyId: 'p2' }, 1],
  ])('%s: %j', (_, parts, count) => {
    const evidence = emptyEvidence('p1', [], defaultConfiguration);
    evolve(evidence, barrier(1, {}));
    evolve(evidence, barrier(2, parts));
    expect(evidence.barriers).toHaveLength(count);
  });
});
