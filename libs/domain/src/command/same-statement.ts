import { isRecord } from '../facts/structure';
import { type Knowledge, rootOf } from './knowledge';

/** Whether two JSON values say the same, whatever the order of their keys; absent and undefined are one. */
export const sameStatement = (a: unknown, b: unknown): boolean => {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((member, index) => sameStatement(member, b[index]));
  }
  if (!isRecord(a) || !isRecord(b)) return a === b;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => sameStatement(a[key], b[key]));
};

/** Whether a command says again what its stream began with; merges since then do not matter. */
export const repeats = <D extends { readonly partyId: string }>(
  earlier: D,
  said: D,
  knowledge: Pick<Knowledge, 'parties'>,
): boolean => sameStatement({ ...earlier, partyId: rootOf(knowledge, earlier.partyId) }, said);
