import * as E from 'fp-ts/Either';
import { isSignedBy, readCheckpoint, type SignedCheckpoint, splitNotes } from '../checkpoint/checkpoint';
import { checkpointIdOf, type KeptCheckpoint } from '../checkpoint/kept-checkpoints';
import { keyIdOf, type PublicKey, readPublicKey } from '../checkpoint/keys';

/** Where a checkpoint was found. */
export type ClaimSource =
  | { readonly kind: 'log'; readonly eventId: string; readonly position: bigint }
  | { readonly kind: 'file'; readonly file: string };

/** What a checkpoint says of the log, and whether that can be believed. */
export interface Claim {
  readonly source: ClaimSource;
  /** Null: it cannot be read as a checkpoint. */
  readonly signed: SignedCheckpoint | null;
  /** Null: its signature holds under one of the keys. */
  readonly mistrust: string | null;
  /** Under which key its signature holds, as notes name it: 8 hexadecimal digits. */
  readonly keyId: string | null;
}

const holder = (signed: SignedCheckpoint, keys: ReadonlyArray<PublicKey>): string | null => {
  const key = keys.find((each) => isSignedBy(signed, each));
  return key === undefined ? null : keyIdOf(signed.checkpoint.origin, key).toString('hex');
};

const claimOf = (
  source: ClaimSource,
  signed: E.Either<string, SignedCheckpoint>,
  keys: ReadonlyArray<PublicKey>,
): Claim => {
  if (E.isLeft(signed)) return { source, signed: null, mistrust: `is no checkpoint: it ${signed.left}`, keyId: null };
  const keyId = holder(signed.right, keys);
  const mistrust = keyId === null ? 'has no valid signature of a known key' : null;
  return { source, signed: signed.right, mistrust, keyId };
};

/** The keys that checkpoints in the log name themselves: enough to find damage, not to find a forger. */
const namedKeys = (kept: ReadonlyArray<KeptCheckpoint>): ReadonlyArray<PublicKey> => {
  const keys = new Map<string, PublicKey>();
  for (const { publicKey } of kept) {
    if (keys.has(publicKey)) continue;
    const read = readPublicKey(publicKey, 'the checkpoint');
    if (E.isRight(read)) keys.set(publicKey, read.right);
  }
  return [...keys.values()];
};

/** A file with checkpoints that is held outside the log. */
export interface HeldFile {
  readonly file: string;
  readonly text: string;
}

/**
 * What all known checkpoints say, those of the log first. Without a key from outside (`trusted` empty) the
 * keys that the log names are taken: then a signature says only that nobody without that key has made it.
 */
export const claimsOf = (
  kept: ReadonlyArray<KeptCheckpoint>,
  held: ReadonlyArray<HeldFile>,
  trusted: ReadonlyArray<PublicKey>,
): ReadonlyArray<Claim> => {
  const keys = trusted.length > 0 ? trusted : namedKeys(kept);
  const inLog = kept.map(({ eventId, position, signed }) => {
    const claim = claimOf({ kind: 'log', eventId, position }, signed, keys);
    const isRenamed = claim.signed !== null && checkpointIdOf(claim.signed.checkpoint) !== eventId;
    return isRenamed && claim.mistrust === null
      ? { ...claim, mistrust: 'lies under the id of another checkpoint' }
      : claim;
  });
  const outside = held.flatMap(({ file, text }) => {
    const source: ClaimSource = { kind: 'file', file };
    const notes = splitNotes(text);
    if (notes.length === 0) return [claimOf(source, E.left('is empty'), keys)];
    return notes.map((note) => {
      const read = readCheckpoint(note);
      return claimOf(source, E.isLeft(read) ? E.left(read.left.message) : read, keys);
    });
  });
  return [...inLog, ...outside];
};
