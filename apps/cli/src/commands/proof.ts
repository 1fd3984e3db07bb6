import { openReadOnlyStore } from '@afecto/application';
import {
  consistencyProof,
  type ConsistencyProof,
  type InclusionProof,
  inclusionProof,
  type KeptCheckpoint,
  keptCheckpoints,
  LeafEncoder,
  type ProvenSize,
  readCheckpoint,
  type SignedCheckpoint,
  splitNotes,
  toBase64,
  type TreeFile,
} from '@afecto/audit';
import type { EncodedRecord, EventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { count } from '../terminal/numbers';
import { denied, failed, interrupted, json, type Outcome } from './outcome';
import { output } from './proof-output';
import { wholeTree } from './proof-tree';
import { existingStore } from './store-file';
import { readHeld } from './verify-log';

export interface ProofOptions {
  /** The event whose inclusion is proved; without it, consistency of two sizes is. */
  readonly eventId?: string;
  readonly from?: number;
  readonly to?: number;
  /** A file with checkpoints that is taken instead of those in the log. */
  readonly checkpoint?: string;
  /** Where to write; default standard output. */
  readonly out?: string;
  readonly signal: AbortSignal;
}

/** A checkpoint and the key that it names; empty: none is known. */
interface Usable {
  readonly signed: SignedCheckpoint;
  readonly publicKey: string;
}

type Proof = E.Either<string, InclusionProof | ConsistencyProof>;

const inLog = (kept: ReadonlyArray<KeptCheckpoint>): ReadonlyArray<Usable> =>
  kept.flatMap(({ signed, publicKey }) => (E.isRight(signed) ? [{ signed: signed.right, publicKey }] : []));

/** The checkpoints to choose from, the smallest first: those of a file, else those of the log. */
const usable = (
  kept: ReadonlyArray<KeptCheckpoint>,
  file: string | undefined,
): E.Either<string, ReadonlyArray<Usable>> => {
  const ours = inLog(kept);
  const held = readHeld(file === undefined ? [] : [file], []);
  if (E.isLeft(held)) return held;
  const [given] = held.right.checkpoints;
  const publicKey = ours.at(-1)?.publicKey ?? '';
  const read: Usable[] = given === undefined ? [...ours] : [];
  for (const note of given === undefined ? [] : splitNotes(given.text)) {
    const signed = readCheckpoint(note);
    if (E.isLeft(signed)) return E.left(`${file ?? ''} ${signed.left.message}`);
    read.push({ signed: signed.right, publicKey });
  }
  return E.right(read.toSorted((a, b) => a.signed.checkpoint.size - b.signed.checkpoint.size));
};

const recordAt = async (store: EventStore, tree: TreeFile, index: number): Promise<EncodedRecord | null> => {
  const to = tree.positionOf(index);
  const after = index === 0 ? 0n : tree.positionOf(index - 1);
  for await (const page of store.readRecords({ after, to }))
    for (const record of page) if (record.position === to) return record;
  return null;
};

const another = (tree: TreeFile, { checkpoint: { size, root } }: SignedCheckpoint): boolean =>
  size > tree.size || tree.root(size) !== root;

const inclusion = async (
  store: EventStore,
  tree: TreeFile,
  checkpoints: ReadonlyArray<Usable>,
  eventId: string,
): Promise<Proof> => {
  const event = await store.findById(eventId);
  const index = event === null ? null : tree.indexOf(event.position);
  if (event === null || index === null) return E.left(`There is no event ${eventId} in the log.`);
  const newest = checkpoints.at(-1);
  if (newest === undefined || newest.signed.checkpoint.size <= index)
    return E.left(
      `No checkpoint covers event ${eventId}, number ${count(index + 1)} of the log; take one with: afecto checkpoint`,
    );
  if (another(tree, newest.signed)) return E.left('The checkpoint is not one of this log as it is; see: afecto verify');
  const record = await recordAt(store, tree, index);
  if (record === null) return E.left(`Event ${eventId} is not where the tree knows it; see: afecto verify`);
  const leaf = new LeafEncoder().bytes(record);
  return E.right(inclusionProof(tree, { id: eventId, index, leaf }, newest.signed, newest.publicKey));
};

const consistency = (tree: TreeFile, checkpoints: ReadonlyArray<Usable>, from: number, to: number): Proof => {
  if (from > to) return E.left(`--from ${from} is larger than --to ${to}: a log only grows.`);
  if (to > tree.size) return E.left(`--to is ${to}: the log has ${tree.size} events.`);
  const of = (size: number): Usable | undefined => checkpoints.find(({ signed }) => signed.checkpoint.size === size);
  for (const size of [from, to]) {
    const signed = of(size)?.signed;
    if (signed !== undefined && another(tree, signed))
      return E.left(`The checkpoint of ${size} events is not one of this log as it is; see: afecto verify`);
  }
  const proven = (size: number): ProvenSize => ({
    size,
    root: toBase64(tree.root(size)),
    checkpoint: of(size)?.signed.note ?? null,
  });
  return E.right(consistencyProof(tree, proven(from), proven(to), (of(to) ?? of(from))?.publicKey ?? ''));
};

const proofOf = async (
  store: EventStore,
  tree: TreeFile,
  { eventId, from, to, checkpoint }: ProofOptions,
): Promise<Proof> => {
  const checkpoints = usable(await keptCheckpoints(store), checkpoint);
  if (E.isLeft(checkpoints)) return checkpoints;
  if (eventId !== undefined) return inclusion(store, tree, checkpoints.right, eventId);
  if (from === undefined)
    return E.left('Name an event, whose inclusion is proved, or --from SIZE [--to SIZE], whose consistency is.');
  return consistency(
    tree,
    checkpoints.right,
    from,
    to ?? checkpoints.right.at(-1)?.signed.checkpoint.size ?? tree.size,
  );
};

const told = (proof: InclusionProof | ConsistencyProof, file: string): string =>
  proof.format === 'afecto-inclusion-v1'
    ? `${file} proves that event ${proof.eventId} is number ${count(proof.index + 1)} of the ${count(proof.size)} events of the checkpoint`
    : `${file} proves that the log of ${count(proof.from.size)} events is the beginning of that of ${count(proof.to.size)}` +
      (proof.from.checkpoint === null || proof.to.checkpoint === null
        ? ', of which not both sizes have a checkpoint'
        : '');

/**
 * Writes a proof that a short script can check (`docs/verify_proof.py`): that an event is in the
 * log of a checkpoint, or that one size of the log is the beginning of another. Reads only.
 */
export const proof = async (settings: CommandSettings, options: ProofOptions): Promise<Outcome> => {
  const existing = existingStore(settings);
  if (E.isLeft(existing)) return failed(existing.left.message);
  const opened = await openReadOnlyStore(settings);
  if (E.isLeft(opened)) return failed(opened.left.message);
  const store = opened.right;
  try {
    const whole = await wholeTree(settings, store, options.signal);
    if (whole === null) return interrupted('Interrupted; nothing was written.');
    try {
      const made = await proofOf(store, whole.tree, options);
      if (E.isLeft(made)) return denied(made.left);
      const shown = made.right;
      return await output(
        {
          text: `${json(shown)}
`,
          told: (file) => told(shown, file),
          shown,
        },
        options.out,
        settings,
      );
    } finally {
      whole.close();
    }
  } finally {
    await store.close();
  }
};
