import type { Phase, Tier, Zone } from '@afecto/domain';

/** Every value of a type, checked both ways: a value missing here does not compile. */
const all = <T extends string>(values: Readonly<Record<T, true>>): ReadonlyArray<T> => Object.keys(values) as T[];

export const zones = all<Zone>({ unclassified: true, defection: true, indifference: true, affection: true });

export const tiers = all<Tier>({ platinum: true, gold: true, iron: true, lead: true, unranked: true });

export const phases = all<Phase>({
  suspect: true,
  prospect: true,
  new: true,
  repeat: true,
  loyal: true,
  advocate: true,
  won_back: true,
  at_risk: true,
  lost: true,
  erased: true,
});
