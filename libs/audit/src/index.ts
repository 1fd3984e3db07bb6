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
  believed,
  type BelievedCheckpoint,
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
export { exportLine, type ExportedRecord, type LeafPlace, type LineFault, readExportLine } from './export/export-line';
export {
  EVENTS_FILE,
  EXPORT_FORMAT,
  EXPORT_VERSION,
  exportFault,
  type ExportFault,
  type ExportManifest,
  MANIFEST_FILE,
  type PartProofFile,
  PROOF_FILE,
  readManifest,
  readPartProof,
  toldFault,
} from './export/manifest';
export { ExportSummary } from './export/export-summary';
export { checkpointIn, ExportCheck } from './export/export-check';
export { type KnownLeaf, partProof, rootOfPart } from './export/part-proof';
export { LEAF_VERSION } from './leaf/leaf-bytes';
export { isMarkedAsOwn } from './leaf/own-events';
export {
  partDescription,
  type PartDescription,
  type PartVerdict,
  readPartDescription,
  verifyPart,
} from './export/verify-part';
