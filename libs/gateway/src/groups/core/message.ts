import type { ResolvedRecord, WireRecord } from '../../log/wire-log';
import type { ReceivedNode } from './unhandled-order';

/** An event on its way through a group. */
export interface Message {
  /** Id of the original event, of the link if it is one: what acknowledgements name. */
  readonly id: string;
  readonly record: ResolvedRecord;
  /** Deliveries before the present one that ended in a retry. */
  readonly retryCount: number;
  /** `parked`: it comes from the group's parked messages and has no part in the checkpoint. */
  readonly origin: 'source' | 'parked';
  readonly received: ReceivedNode;
}

/** The record that was read: the link if it is one. */
export const originalOf = ({ event, link }: ResolvedRecord): WireRecord => {
  const original = link ?? event;
  if (original === null) throw new Error('A resolved record has neither an event nor a link.');
  return original;
};

/** What a consumer does when it does not acknowledge. Stop is no more than Skip (server 24.6). */
export type NackAction = 'unknown' | 'park' | 'retry' | 'skip' | 'stop';
