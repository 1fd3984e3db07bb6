import { hash } from 'node:crypto';
import type { QueueId } from '../customer/standing';

/**
 * The id of a work item: first 32 hexadecimal digits of sha256(queue|rootPartyId|triggerKey), so that
 * a replay makes the same items and their stored outcomes find them (`domain.md §11.2`).
 */
export const itemIdOf = (queue: QueueId, rootPartyId: string, triggerKey: string): string =>
  hash('sha256', `${queue}|${rootPartyId}|${triggerKey}`, 'hex').slice(0, 32);
