import { readCheckpoint, type SignedCheckpoint } from '../checkpoint/checkpoint';
import { isRight } from 'fp-ts/Either';
import { leafEventId } from '../leaf/leaf-bytes';
import { type Hash, hashFromBase64, leafHash, toBase64 } from '../merkle/hash';
import { consistencyPath, inclusionPath, type Nodes, provesConsistency, provesInclusion } from '../merkle/proofs';

/** That an event is in the log of which a checkpoint speaks. Hashes and bytes are in base64. */
export interface InclusionProof {
  readonly format: 'afecto-inclusion-v1';
  readonly eventId: string;
  /** The leaf as it was hashed: the event without its position. */
  readonly leaf: string;
  /** Which leaf of the tree, from 0. */
  readonly index: number;
  readonly size: number;
  /** Hashes from the leaf upwards. */
  readonly path: ReadonlyArray<string>;
  readonly root: string;
  /** The signed note that has this size and root. */
  readonly checkpoint: string;
  /** In PEM form. Whoever checks a signature takes the key from elsewhere and compares. */
  readonly publicKey: string;
}

/** One end of a proof that a log has only grown. */
export interface ProvenSize {
  readonly size: number;
  readonly root: string;
  /** The signed note of this size; null: there is none, and the root is what the log says now. */
  readonly checkpoint: string | null;
}

/** That the log of one checkpoint is the beginning of that of another. */
export interface ConsistencyProof {
  readonly format: 'afecto-consistency-v1';
  readonly from: ProvenSize;
  readonly to: ProvenSize;
  readonly path: ReadonlyArray<string>;
  /** Empty where no checkpoint is in it. */
  readonly publicKey: string;
}

/** The proof of one leaf in the tree of a checkpoint, which must be of this tree. `index` < its size. */
export const inclusionProof = (
  nodes: Nodes,
  event: { readonly id: string; readonly index: number; readonly leaf: Uint8Array },
  { checkpoint: { size, root }, note }: SignedCheckpoint,
  publicKey: string,
): InclusionProof => ({
  format: 'afecto-inclusion-v1',
  eventId: event.id,
  leaf: Buffer.from(event.leaf).toString('base64'),
  index: event.index,
  size,
  path: inclusionPath(nodes, event.index, size).map(toBase64),
  root: toBase64(root),
  checkpoint: note,
  publicKey,
});

/** The proof that the tree of the smaller size is the beginning of the larger one. */
export const consistencyProof = (
  nodes: Nodes,
  from: ProvenSize,
  to: ProvenSize,
  publicKey: string,
): ConsistencyProof => ({
  format: 'afecto-consistency-v1',
  from,
  to,
  path: consistencyPath(nodes, from.size, to.size).map(toBase64),
  publicKey,
});

const hashes = (path: ReadonlyArray<string>): ReadonlyArray<Hash> | null => {
  const read = path.map(hashFromBase64);
  return read.every((hash) => hash !== null) ? read : null;
};

const agrees = (note: string | null, size: number, root: string): boolean => {
  if (note === null) return true;
  const read = readCheckpoint(note);
  return isRight(read) && read.right.checkpoint.size === size && toBase64(read.right.checkpoint.root) === root;
};

/** Whether a proof proves what it says, signatures aside. */
export const holds = (proof: InclusionProof | ConsistencyProof): boolean => {
  const path = hashes(proof.path);
  if (path === null) return false;
  if (proof.format === 'afecto-inclusion-v1') {
    const { eventId, index, size, root, checkpoint } = proof;
    const leaf = Buffer.from(proof.leaf, 'base64');
    if (leafEventId(leaf) !== eventId) return false;
    const [wanted, hash] = [hashFromBase64(root), leafHash(leaf)];
    return wanted !== null && agrees(checkpoint, size, root) && provesInclusion(hash, index, size, path, wanted);
  }
  const { from, to } = proof;
  const [old, grown] = [hashFromBase64(from.root), hashFromBase64(to.root)];
  return (
    old !== null &&
    grown !== null &&
    [from, to].every(({ checkpoint, size, root }) => agrees(checkpoint, size, root)) &&
    provesConsistency(from.size, to.size, path, old, grown)
  );
};
