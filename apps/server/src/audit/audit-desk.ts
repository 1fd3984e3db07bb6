import { type Afecto, besideReadModels, signingKeyOf } from '@afecto/application';
import { keepAudit, type KeyError, signingKeyIn } from '@afecto/audit';
import * as E from 'fp-ts/Either';
import type { CompleteSettings } from '../settings/server-settings';

/** The keeping of tree and checkpoints while the server runs. */
export interface AuditDesk {
  /** The file with the key that signs. */
  readonly signingKey: string;
  /** Takes the last checkpoint, for which it waits some seconds at most. Never rejects. */
  readonly stop: () => Promise<void>;
}

/** How long the projections are waited for to take in the last checkpoint, which says nothing to them. */
const TAKEN_IN_MS = 2_000;

/**
 * Begins to keep the tree of the log and signed checkpoints of it. The signing key is made (mode 0600) at
 * the first start. Left: its file cannot be used.
 */
export const openAuditDesk = (
  { store, embedded, projections, settings: { now } }: Pick<Afecto, 'store' | 'embedded' | 'projections' | 'settings'>,
  settings: CompleteSettings,
): E.Either<KeyError, AuditDesk> => {
  const signingKey = signingKeyOf(settings);
  const signing = signingKeyIn(signingKey);
  if (E.isLeft(signing)) return signing;
  const { checkpoints, readModels } = settings;
  let last: bigint | null = null;
  const audit = keepAudit({
    store: embedded ?? store,
    treeFile: besideReadModels(readModels, 'tree'),
    key: signing.right.key,
    now,
    every: { events: checkpoints.events, milliseconds: checkpoints.seconds * 1_000 },
    onCheckpoint: (_signed, position) => {
      last = position;
    },
    onFailure: (message) => console.error(`afecto: the audit of the log failed and is tried again: ${message}`),
  });
  const stop = async (): Promise<void> => {
    await audit.stop();
    // Otherwise they would read the event of the last checkpoint from a log that is just being closed.
    if (last !== null) await projections.waitFor(last, TAKEN_IN_MS);
  };
  return E.right({ signingKey, stop });
};
