import * as E from 'fp-ts/Either';
import type { WireError, WireLog } from '../../log/wire-log';
import { ALL, groupId, type GroupKey } from '../definition';
import { jsonEvent, metadataEvent, metastreamOf, parsedJson } from './json-event';
import { lastEvent } from './last-event';

const CHECKPOINT_TYPE = '$SubscriptionCheckpoint';
const KEPT_CHECKPOINTS = 2;
const POSITION = /^C:(\d+)\/P:\d+$/;
const EVENT_NUMBER = /^\d+$/;

export const checkpointStreamOf = (key: GroupKey): string => `$persistentsubscription-${groupId(key)}-checkpoint`;

/** `42` for a stream, `C:42/P:42` for `$all`: how the server writes a place. */
export const placeText = ({ streamId }: GroupKey, place: bigint): string =>
  streamId === ALL ? `C:${place}/P:${place}` : place.toString();

const placeOf = ({ streamId }: GroupKey, text: unknown): bigint | null => {
  if (typeof text !== 'string') return null;
  const digits = streamId === ALL ? POSITION.exec(text)?.[1] : EVENT_NUMBER.exec(text)?.[0];
  return digits === undefined ? null : BigInt(digits);
};

/** The last checkpoint: everything up to this event number or position has been handled. Null: none. */
export const readCheckpoint = async (log: WireLog, key: GroupKey): Promise<bigint | null> => {
  const last = await lastEvent(log, checkpointStreamOf(key));
  return last === null ? null : placeOf(key, parsedJson(last.data));
};

/** Writes a checkpoint; the first also makes the stream keep only the last two. */
export const writeCheckpoint = async (
  log: WireLog,
  key: GroupKey,
  place: bigint,
): Promise<E.Either<WireError, unknown>> => {
  const streamId = checkpointStreamOf(key);
  const event = jsonEvent(CHECKPOINT_TYPE, JSON.stringify(placeText(key, place)));
  const written = await log.append({ streamId, expected: 'any', events: [event] });
  if (E.isRight(written) && log.status(streamId).metadata.maxCount !== KEPT_CHECKPOINTS)
    // Without it more checkpoints are kept, no more than that.
    await log.append({
      streamId: metastreamOf(streamId),
      expected: 'any',
      events: [metadataEvent({ $maxCount: KEPT_CHECKPOINTS })],
    });
  return written;
};
