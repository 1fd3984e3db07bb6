import { createHash } from 'node:crypto';

/** Of no events. */
export const EMPTY_DIGEST = '';

/** A digest of events in order: each new id is hashed together with the digest of all before it. */
export const digestAfter = (digest: string, eventId: string): string =>
  createHash('sha256').update(digest).update(eventId).digest('hex').slice(0, 24);
