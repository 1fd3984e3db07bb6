import { advance, type Advanced, type CustomerFold, type Instant, type Regime } from '@afecto/domain';

interface Kept {
  /** Another list as soon as the fold has changed. */
  readonly causedBy: CustomerFold['causedBy'];
  readonly regime: Regime;
  readonly asOf: Instant;
  readonly advanced: Advanced;
}

/**
 * What time has made of customers by now. Proving when the next change comes costs as much as many a question:
 * until it does, the answer is kept as long as the fold.
 */
export const presentStanding = (): ((fold: CustomerFold, regime: Regime, asOf: Instant) => Advanced) => {
  const known = new WeakMap<CustomerFold, Kept>();
  return (fold, regime, asOf) => {
    const kept = known.get(fold);
    const isSame = kept?.causedBy === fold.causedBy && kept.regime === regime;
    if (isSame && kept.asOf <= asOf && asOf < kept.advanced.nextChangeAt) return kept.advanced;
    const advanced = advance(fold, regime, asOf);
    known.set(fold, { causedBy: fold.causedBy, regime, asOf, advanced });
    return advanced;
  };
};
