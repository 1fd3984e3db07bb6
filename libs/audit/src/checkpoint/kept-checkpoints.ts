import type { Instant } from '@afecto/domain';
import { toIso } from '@afecto/domain';
import type { EncodedRecord, EventStore, Json, NewEvent, Position, StoredEvent } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { v5 } from 'uuid';
import { toBase64 } from '../merkle/hash';
import { type Checkpoint, isSignedBy, readCheckpoint, type SignedCheckpoint } from './checkpoint';
import { type PublicKey, readPublicKey } from './keys';

/** Where checkpoints are kept in the log: no fact of the catalogue, and no projection reads it. */
export const CHECKPOINT_STREAM = 'afecto-checkpoints';
export const CHECKPOINT_TYPE = 'CheckpointSigned';

/** Namespace of their ids; never changes, or a repeat would be kept twice. */
const NAMESPACE = 'c0a4f0c7-1f5e-5b59-9a3e-6d0f4a1f7e21';

/** The same size and root is the same checkpoint, whoever makes it and however often. */
export const checkpointIdOf = ({ size, root }: Pick<Checkpoint, 'size' | 'root'>): string =>
  v5(JSON.stringify(['checkpoint', size, toBase64(root)]), NAMESPACE);

const eventOf = ({ checkpoint, note }: SignedCheckpoint, key: PublicKey): NewEvent => ({
  id: checkpointIdOf(checkpoint),
  type: CHECKPOINT_TYPE,
  data: { note, publicKey: key.pem },
  metadata: { schemaVersion: 1, occurredAt: toIso(checkpoint.at), source: 'afecto' },
});

/** A checkpoint as it lies in the log. */
export interface KeptCheckpoint {
  readonly eventId: string;
  readonly position: Position;
  readonly recordedAt: Instant;
  /** Left: why the event cannot be read as one. */
  readonly signed: E.Either<string, SignedCheckpoint>;
  /** The key that it names, in PEM form: whoever trusts it must have it from somewhere else. */
  readonly publicKey: string;
}

/** A checkpoint in the log whose signature holds. */
export interface BelievedCheckpoint extends Omit<KeptCheckpoint, 'signed'> {
  readonly signed: SignedCheckpoint;
}

type Kept = Pick<StoredEvent, 'id' | 'position' | 'recordedAt' | 'data'>;

const keptOf = ({ id, position, recordedAt, data }: Kept): KeptCheckpoint => {
  const given = typeof data === 'object' && data !== null && !Array.isArray(data) && 'note' in data ? data : {};
  const { note, publicKey } = { note: '', publicKey: '', ...given };
  const read = typeof note === 'string' ? readCheckpoint(note) : E.left({ message: 'has no note' });
  return {
    eventId: id,
    position,
    recordedAt,
    signed: E.isLeft(read) ? E.left(read.left.message) : read,
    publicKey: typeof publicKey === 'string' ? publicKey : '',
  };
};

/** All checkpoints in the log, the oldest first. */
export const keptCheckpoints = async (
  store: Pick<EventStore, 'readStream'>,
): Promise<ReadonlyArray<KeptCheckpoint>> => {
  const kept: KeptCheckpoint[] = [];
  for await (const page of store.readStream(CHECKPOINT_STREAM)) kept.push(...page.map(keptOf));
  return kept;
};

const jsonOf = (bytes: Uint8Array): Json => {
  try {
    const value: Json = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'));
    return value;
  } catch {
    return null;
  }
};

/** The same from the bytes of the events of that stream, whatever has happened to them. */
export const checkpointsOf = (records: ReadonlyArray<EncodedRecord>): ReadonlyArray<KeptCheckpoint> =>
  records.map(({ data, ...place }) => keptOf({ ...place, data: jsonOf(data) }));

/** The checkpoint when its signature holds under the key, else null. Without a key under the one that it names. */
export const believed = (kept: KeptCheckpoint, key: PublicKey | null): BelievedCheckpoint | null => {
  if (E.isLeft(kept.signed)) return null;
  const known = key === null ? readPublicKey(kept.publicKey, 'the checkpoint') : E.right(key);
  const signed = kept.signed.right;
  return E.isRight(known) && isSignedBy(signed, known.right) ? { ...kept, signed } : null;
};

/**
 * The newest whose signature holds (`believed`), null when there is none; and what was passed over to find it,
 * the newest first.
 */
export const lastCheckpoint = async (
  store: Pick<EventStore, 'readStream'>,
  key: PublicKey | null,
): Promise<{ readonly newest: BelievedCheckpoint | null; readonly passedOver: ReadonlyArray<KeptCheckpoint> }> => {
  const passedOver: KeptCheckpoint[] = [];
  for await (const page of store.readStream(CHECKPOINT_STREAM, { direction: 'backwards' }))
    for (const event of page) {
      const kept = keptOf(event);
      const newest = believed(kept, key);
      if (newest !== null) return { newest, passedOver };
      passedOver.push(kept);
    }
  return { newest: null, passedOver };
};

/** Keeps a checkpoint in the log; one of the same size and root that is there already stays. Left: why not. */
export const keepCheckpoint = async (
  store: Pick<EventStore, 'append'>,
  signed: SignedCheckpoint,
  key: PublicKey,
): Promise<E.Either<string, void>> => {
  const outcome = await store.append({
    streamId: CHECKPOINT_STREAM,
    expectedRevision: 'any',
    events: [eventOf(signed, key)],
  });
  // With another instant or key it was there before: another process has signed the same.
  if (E.isRight(outcome) || outcome.left.code === 'EventIdConflict') return E.right(undefined);
  return E.left('message' in outcome.left ? outcome.left.message : outcome.left.code);
};
