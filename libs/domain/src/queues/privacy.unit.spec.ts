import { fact, orderPlaced } from '../customer/fact-builder';
import { dsr, enquiry, standingOn } from './arbitrary-scenario';

describe('privacy', () => {
  test.each<[string, 'objection' | 'restriction', ReadonlyArray<string>]>([
    ['an objection closes the proactive items', 'objection', ['Q4']],
    ['a restriction closes all', 'restriction', []],
  ])('%s', (_, kind, left) => {
    const facts = [orderPlaced(0.5, 'o1'), enquiry(0.6, 'e1'), fact('DataSubjectRequestReceived', 1, dsr(kind))];
    const open = standingOn(2, facts).items.filter(({ state }) => state !== 'closed');
    expect(open.map(({ queue }) => queue)).toEqual(left);
    for (const { valueFactor, riskFactor } of open) expect([valueFactor, riskFactor]).toEqual([0.4, 0.4]);
  });

  test.each([
    ['objection', 'restriction'],
    ['restriction', 'objection'],
  ] as const)('a restriction closes all, beside an objection: %s, %s', (...kinds) => {
    const asked = kinds.map((kind, index) =>
      fact('DataSubjectRequestReceived', 1 + index, { ...dsr(kind), dsrId: kind }),
    );
    const { items } = standingOn(3, [orderPlaced(0.5, 'o1'), enquiry(0.6, 'e1'), ...asked]);
    expect(items.map(({ state }) => state)).not.toContain('open');
  });

  test('an erasure closes everything', () => {
    const erased = fact('PersonalDataErased', 1, { partyId: 'p1', keyIds: ['k1'], basis: 'request' });
    const { items } = standingOn(2, [orderPlaced(0.5, 'o1'), enquiry(0.6, 'e1'), erased]);
    expect(items.every(({ state }) => state === 'closed')).toBe(true);
  });
});
