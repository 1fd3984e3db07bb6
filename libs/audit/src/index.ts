export {
  EMPTY_ROOT,
  type Hash,
  HASH_BYTES,
  hashFromBase64,
  leafHash,
  nodeHash,
  sha256,
  toBase64,
  toHex,
} from './merkle/hash';
export { Frontier, type NodeSink } from './merkle/frontier';
export {
  consistencyPath,
  inclusionPath,
  type Nodes,
  provesConsistency,
  provesInclusion,
  rootOf,
} from './merkle/proofs';
export { LeafEncoder, type LeafRecord } from './leaf/leaf-bytes';
export { type NewLeaf, removeTree, TreeDamagedError, TreeFile, type TreeFileError } from './tree/tree-file';
export { endsInLog, type FollowOptions, followLog, type Records } from './tree/follow-log';
export {
  type Checkpoint,
  isSignedBy,
  joinNotes,
  type NoteSignature,
  originOf,
  readCheckpoint,
  signCheckpoint,
  type SignedCheckpoint,
  splitNotes,
} from './checkpoint/checkpoint';
export {
  type KeyError,
  keyIdOf,
  type PublicKey,
  readPublicKey,
  readSigningKey,
  type SigningKey,
  signingKeyIn,
  verifierKeyOf,
} from './checkpoint/keys';
export {
  CHECKPOINT_STREAM,
  CHECKPOINT_TYPE,
  checkpointIdOf,
  checkpointsOf,
  keepCheckpoint,
  type KeptCheckpoint,
  keptCheckpoints,
  lastCheckpoint,
} from './checkpoint/kept-checkpoints';
export { contradiction, takeCheckpoint } from './checkpoint/take-checkpoint';
export { type Claim, claimsOf, type ClaimSource, type HeldFile } from './verify/claims';
export type { CheckedRecord } from './verify/order-check';
export {
  type CheckedClaim,
  type Difference,
  type LogVerdict,
  verifyLog,
  type VerifyLogOptions,
} from './verify/verify-log';
export { type Audit, type AuditOptions, type CheckpointInterval, keepAudit } from './keeping/keep-audit';
export {
  type ConsistencyProof,
  consistencyProof,
  holds,
  type InclusionProof,
  inclusionProof,
  type ProvenSize,
} from './proof/proof-file';
