import { isRecord } from '@afecto/domain';

/** When a fact happened, by its metadata; null where it says no instant. */
export const happenedAt = ({ metadata }: { readonly metadata: unknown }): number | null => {
  const occurredAt = isRecord(metadata) ? metadata['occurredAt'] : undefined;
  const at = typeof occurredAt === 'string' ? Date.parse(occurredAt) : Number.NaN;
  return Number.isNaN(at) ? null : at;
};
