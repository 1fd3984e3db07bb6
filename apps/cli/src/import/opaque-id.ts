import { createHash } from 'node:crypto';

/**
 * An id that does not show what it was made of (`domain.md §1`, Id): prefix and twelve hexadecimal
 * digits. The same input gives the same id, so that an import can be repeated.
 */
export const opaqueId = (prefix: string, value: string): string =>
  `${prefix}-${createHash('sha256').update(`${prefix}|${value}`).digest('hex').slice(0, 12)}`;

/** FNV-1a, 32 bits (Fowler, Noll, Vo): spreads names evenly, and identically on every machine. */
export const hash32 = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
};
