import { day, evidenceOf, ORIGIN, plainPolicy as policy } from './evidence-builder';
import { assess } from './index';

describe('share of wallet as a tie (domain.md §7.3 D)', () => {
  it.each([
    ['half of it binds', 0.5, 0.2],
    ['less says nothing', 0.4999, 0],
    ['a fifth says nothing', 0.2, 0],
    ['less speaks against', 0.1999, -0.2],
  ])('%s', (_, shareOfWallet, part) => {
    const { ties } = assess(evidenceOf({ wallets: [{ at: day(-1), shareOfWallet }] }), policy, ORIGIN);
    expect([ties.parts.wallet, ties.signal, ties.confidence]).toEqual([part, part, part === 0 ? 0 : 1]);
  });
});
