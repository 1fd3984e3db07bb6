import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/Either';
import type { EncodedEvent } from '@afecto/event-store';
import type { ResolvedRecord, WireError, WireLog } from '../../log/wire-log';
import { originalOf, type Message } from '../core/message';
import { groupId, type GroupKey } from '../definition';
import { metadataEvent, metastreamOf } from './json-event';

/** Parked messages read at once. */
const PAGE = 100;

export const parkedStreamOf = (key: GroupKey): string => `$persistentsubscription-${groupId(key)}-parked`;

/** A message to be parked, and why. */
export interface Parking {
  readonly message: Message;
  readonly reason: string;
}

/** `N@stream` of the event; an unresolved link already says it. */
const linkTo = ({ event, link }: ResolvedRecord): Uint8Array =>
  event === null && link !== null
    ? link.data
    : Buffer.from(`${event?.eventNumber ?? 0n}@${event?.streamId ?? ''}`, 'utf8');

const parkedEvent = ({ message, reason }: Parking, now: number): EncodedEvent => ({
  id: randomUUID(),
  type: '$>',
  isJson: false,
  data: linkTo(message.record),
  metadata: Buffer.from(
    JSON.stringify({
      added: new Date(now).toISOString(),
      reason,
      subscriptionEventNumber: Number(originalOf(message.record).eventNumber),
    }),
    'utf8',
  ),
});

/** Adds the messages to the group's parked stream, all or none. */
export const park = (
  log: WireLog,
  key: GroupKey,
  parkings: ReadonlyArray<Parking>,
  now: number,
): Promise<E.Either<WireError, unknown>> =>
  log.append({
    streamId: parkedStreamOf(key),
    expected: 'any',
    events: parkings.map((parking) => parkedEvent(parking, now)),
  });

/** Event numbers of the parked messages: `from` inclusive, `to` exclusive; equal when there are none. */
export const parkedRange = (log: WireLog, key: GroupKey): { readonly from: bigint; readonly to: bigint } => {
  const { lastEventNumber, deleted, metadata } = log.status(parkedStreamOf(key));
  const to = lastEventNumber + 1n;
  const from = deleted === 'no' ? (metadata.truncateBefore ?? 0n) : to;
  return { from: from < to ? from : to, to };
};

/** Pages of parked messages with their events; `from` inclusive, `to` exclusive. */
export async function* parkedMessages(
  log: WireLog,
  key: GroupKey,
  from: bigint,
  to: bigint,
): AsyncGenerator<ReadonlyArray<ResolvedRecord>> {
  for (let next = from; next < to;) {
    const limit = Number(to - next < BigInt(PAGE) ? to - next : BigInt(PAGE));
    const streamId = parkedStreamOf(key);
    const pages = log.readStream({ streamId, direction: 'forwards', from: next, limit, resolveLinks: true });
    if (E.isLeft(pages)) return;
    const before = next;
    for await (const page of pages.right) {
      const last = page.at(-1);
      if (last === undefined) continue;
      yield page.filter((resolved) => originalOf(resolved).eventNumber < to);
      next = originalOf(last).eventNumber + 1n;
    }
    if (next === before) return;
  }
}

/** Hides parked messages below `before`, which have been replayed and handled. */
export const truncateParked = (log: WireLog, key: GroupKey, before: bigint): Promise<E.Either<WireError, unknown>> =>
  log.append({
    streamId: metastreamOf(parkedStreamOf(key)),
    expected: 'any',
    events: [metadataEvent({ $tb: Number(before) })],
  });
