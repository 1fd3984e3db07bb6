import { type OpenFailure, openReadOnlyStore } from '@afecto/application';
import {
  CHECKPOINT_STREAM,
  checkpointsOf,
  type CheckedRecord,
  type KeptCheckpoint,
  keptCheckpoints,
} from '@afecto/audit';
import { parseStoreUrl, scanSqliteLog } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';

/** A log for whoever believes nothing of it: every event as it lies there, also those that a reader refuses. */
export interface AuditedLog {
  /** Position of the last event when it was opened. */
  readonly head: bigint;
  /** Whether its store gives positions without gaps. */
  readonly isDense: boolean;
  /** What the store says the log is a part of; null: it is a whole one. */
  readonly part: string | null;
  /** The checkpoints that are kept in it. */
  readonly kept: ReadonlyArray<KeptCheckpoint>;
  readonly records: () => AsyncIterable<ReadonlyArray<CheckedRecord>>;
  readonly place: (eventId: string) => Promise<bigint | null>;
  readonly close: () => Promise<void>;
}

const embedded = (file: string): E.Either<OpenFailure, AuditedLog> => {
  const scan = scanSqliteLog(file);
  if (E.isLeft(scan)) return scan;
  const { head, isDense, part, records, stream, placeOf, close } = scan.right;
  return E.right({
    head,
    isDense,
    part,
    kept: checkpointsOf(stream(CHECKPOINT_STREAM)),
    records,
    place: async (eventId) => placeOf(eventId),
    close: async () => close(),
  });
};

/** Of an embedded log one moment of its file; of one on a server what the server shows, up to its end of now. */
export const openAuditedLog = async (settings: CommandSettings): Promise<E.Either<OpenFailure, AuditedLog>> => {
  const location = parseStoreUrl(settings.eventStore);
  if (E.isLeft(location)) return location;
  if (location.right.engine === 'sqlite') return embedded(location.right.file);
  const opened = await openReadOnlyStore(settings);
  if (E.isLeft(opened)) return opened;
  const store = opened.right;
  const kept = await keptCheckpoints(store);
  const head = await store.head();
  return E.right({
    head,
    isDense: false,
    part: null,
    kept,
    records: () => store.readRecords({ to: head }),
    place: async (eventId) => (await store.findById(eventId))?.position ?? null,
    close: store.close,
  });
};
