import type * as t from 'io-ts';
import {
  boolean,
  code,
  dayOrInstant,
  freeText,
  id,
  instant,
  integer,
  MAX_STRING,
  minorUnits,
  number,
  oneOf,
  string,
} from '../facts/codec';
import { list, personal, record, refine } from '../facts/structure';

export const walletOrigins = ['survey', 'panel', 'agent'] as const;
export const wordOfMouthReaches = ['private', 'public'] as const;

/** Depth order of bonds (`domain.md §8.1`): reward < social < customization < structural. */
export const bondTypes = ['reward', 'social', 'customization', 'structural'] as const;
/** Perceived benefits (`domain.md §8.1`). */
export const benefits = [
  'confidence',
  'security',
  'value',
  'social',
  'closeness',
  'special_treatment',
  'exclusivity',
] as const;

export const switchingBarrierKinds = ['barrier', 'penalty', 'price_advantage'] as const;
export const switchingCostTypes = ['procedural', 'financial', 'relational'] as const;

/** `amountMinor` in the reporting currency; the period is given in days or instants. */
export const CostToServeRecorded = record({
  partyId: id,
  amountMinor: minorUnits,
  activity: code,
  periodFrom: dayOrInstant,
  periodTo: dayOrInstant,
});
export type CostToServeRecorded = t.TypeOf<typeof CostToServeRecorded>;

/** Spending of the customer with us and in all, or our rank among the brands used (`domain.md §5`). */
export const WalletReported = record(
  { partyId: id, category: code, competitorIds: list(id, 0, 50), origin: oneOf(walletOrigins) },
  { ownSpendMinor: minorUnits, totalSpendMinor: minorUnits, rank: integer(1, 50), brandsUsed: integer(1, 50) },
);
export type WalletReported = t.TypeOf<typeof WalletReported>;

/** `polarity` −1 (against us) .. 1 (for us). */
export const WordOfMouthObserved = record(
  { partyId: id, polarity: number(-1, 1), reach: oneOf(wordOfMouthReaches), platform: code, verified: boolean },
  { url: personal(string(1, MAX_STRING)), text: personal(freeText) },
);
export type WordOfMouthObserved = t.TypeOf<typeof WordOfMouthObserved>;

/** A bond ends by being issued again with `validTo`. */
export const BondEstablished = record(
  { partyId: id, bondType: oneOf(bondTypes), subtype: code, validFrom: instant },
  { counterpartyId: id, benefit: oneOf(benefits), validTo: instant },
);
export type BondEstablished = t.TypeOf<typeof BondEstablished>;

/** A penalty that was not disclosed is refused (`domain.md §8.3`); other barriers may have no such moment. */
export const SwitchingBarrierSet = refine(
  record(
    { partyId: id, kind: oneOf(switchingBarrierKinds), costType: oneOf(switchingCostTypes) },
    { amountMinor: minorUnits, disclosedAt: instant, validTo: instant },
  ),
  ({ kind, disclosedAt }) =>
    kind === 'penalty' && disclosedAt === undefined
      ? { field: 'disclosedAt', message: 'is missing; a penalty needs the instant of its disclosure' }
      : null,
);
export type SwitchingBarrierSet = t.TypeOf<typeof SwitchingBarrierSet>;
