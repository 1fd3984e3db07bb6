import * as E from 'fp-ts/Either';
import { type Claim, claimsOf, type HeldFile } from '../verify/claims';
import { LeafEncoder } from '../leaf/leaf-bytes';
import { type PublicKey, readPublicKey } from '../checkpoint/keys';
import { hashFromBase64, toBase64 } from '../merkle/hash';
import { type CheckedRecord, OrderCheck } from '../verify/order-check';
import type { CheckedClaim, Difference } from '../verify/verify-log';
import { type ExportManifest, type PartProofFile, readManifest, readPartProof } from './manifest';
import { type KnownLeaf, rootOfPart } from './part-proof';
import { PartyCheck } from './party-part';

/** What a restored part says of itself: whose, and how it lies in the log. */
export interface PartDescription {
  readonly manifest: ExportManifest;
  readonly proof: PartProofFile;
  /** Which leaves of the log its events are, in order. */
  readonly indexes: ReadonlyArray<number>;
}

/** The text that is kept in a store that holds a part. */
export const partDescription = (
  manifest: ExportManifest,
  proof: PartProofFile,
  indexes: ReadonlyArray<number>,
): string => JSON.stringify({ manifest, proof, indexes } satisfies PartDescription);

const MANIFEST = 'the description of the part';

/** Left: why it cannot be read. */
export const readPartDescription = (text: string): E.Either<string, PartDescription> => {
  const value: { readonly manifest?: unknown; readonly proof?: unknown; readonly indexes?: unknown } = JSON.parse(text);
  const manifest = readManifest(JSON.stringify(value.manifest), MANIFEST);
  if (E.isLeft(manifest)) return E.left(`${manifest.left.field} is ${manifest.left.found}`);
  const proof = readPartProof(JSON.stringify(value.proof), MANIFEST);
  if (E.isLeft(proof)) return E.left(`${proof.left.field} is ${proof.left.found}`);
  const { indexes } = value;
  return Array.isArray(indexes) && indexes.every((index) => Number.isSafeInteger(index))
    ? E.right({ manifest: manifest.right, proof: proof.right, indexes })
    : E.left('indexes are no numbers');
};

export interface PartVerdict {
  /** Events looked at, and how many of them the proof places in the log. */
  readonly events: number;
  readonly proved: number;
  readonly first: Difference | null;
  /** `beyond`: it speaks of another number of events than the proof, and cannot be compared. */
  readonly claims: ReadonlyArray<CheckedClaim>;
}

export interface VerifyPartOptions {
  readonly part: PartDescription;
  readonly records: () => AsyncIterable<ReadonlyArray<CheckedRecord>>;
  readonly held: ReadonlyArray<HeldFile>;
  readonly keys: ReadonlyArray<PublicKey>;
}

/**
 * Recomputes what a part of a log proves: that its events are in the log of the root to which its proof
 * leads, and which checkpoints have that root. It says nothing about what is not in it.
 */
export const verifyPart = async ({ part, records, held, keys }: VerifyPartOptions): Promise<PartVerdict> => {
  const { manifest, proof, indexes } = part;
  const encoder = new LeafEncoder();
  const order = new OrderCheck({ isDense: false, isPart: true });
  const leaves: KnownLeaf[] = [];
  const party = new PartyCheck();
  let events = 0;
  let first: Difference | null = null;
  for await (const page of records())
    for (const record of page) {
      const wrong = order.next(record);
      if (wrong !== null)
        first ??= { index: events, last: null, eventId: record.id, position: record.position, explanation: wrong };
      party.add(record);
      const index = indexes[events] ?? Number.MAX_SAFE_INTEGER;
      if (index < proof.size) leaves.push({ index, hash: encoder.hash(record) });
      events += 1;
    }
  const nobody = { eventId: null, position: null };
  if (events !== indexes.length)
    first ??= {
      ...nobody,
      index: events,
      last: null,
      explanation: `are ${events} events, and the part has ${indexes.length}`,
    };
  const other = party.fault(manifest);
  if (other !== null)
    first ??= {
      ...nobody,
      index: other.at ?? 0,
      last: null,
      explanation: `does not fit the party of the part: found ${other.found}, expected ${other.expected}`,
    };
  const hashes = proof.hashes.map((hash) => hashFromBase64(hash) ?? '');
  const root = rootOfPart(leaves, proof.size, hashes);
  if (root === null || toBase64(root) !== proof.root)
    first ??= { ...nobody, index: 0, last: events - 1, explanation: 'do not give the root to which their proof leads' };
  const named = manifest.checkpoint === null ? [] : [{ file: 'the manifest of the export', text: manifest.checkpoint }];
  const trusted = keys.length > 0 ? keys : keysIn(manifest);
  const claims = claimsOf([], [...named, ...held], trusted).map((claim) => judged(claim, proof));
  return { events, proved: first === null ? leaves.length : 0, first, claims };
};

const keysIn = ({ publicKey }: ExportManifest): ReadonlyArray<PublicKey> => {
  const key = readPublicKey(publicKey ?? '', MANIFEST);
  return E.isRight(key) ? [key.right] : [];
};

const judged = (claim: Claim, { size, root }: PartProofFile): CheckedClaim => {
  if (claim.signed === null || claim.mistrust !== null) return { ...claim, verdict: 'untrusted' };
  const { checkpoint } = claim.signed;
  if (checkpoint.size !== size) return { ...claim, verdict: 'beyond' };
  return { ...claim, verdict: toBase64(checkpoint.root) === root ? 'holds' : 'differs' };
};
