export { sha256, toBase64 } from './merkle/hash';
export { Frontier } from './merkle/frontier';
export { type Nodes } from './merkle/proofs';
export { LeafEncoder } from './leaf/leaf-bytes';
export { removeTree, TreeFile } from './tree/tree-file';
export { endsInLog, followLog } from './tree/follow-log';
export {
  type Checkpoint,
  isSignedBy,
  joinNotes,
  originOf,
  readCheckpoint,
  type SignedCheckpoint,
  splitNotes,
} from './checkpoint/checkpoint';
export {
  type KeyError,
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
  checkpointsOf,
  keepCheckpoint,
  type KeptCheckpoint,
  keptCheckpoints,
  lastCheckpoint,
} from './checkpoint/kept-checkpoints';
export { contradiction, takeCheckpoint } from './checkpoint/take-checkpoint';
export { claimsOf, type HeldFile } from './verify/claims';
export type { CheckedRecord } from './verify/order-check';
export { type CheckedClaim, type Difference, type LogVerdict, verifyLog } from './verify/verify-log';
export { keepAudit } from './keeping/keep-audit';
export {
  type ConsistencyProof,
  consistencyProof,
  holds,
  type InclusionProof,
  inclusionProof,
  type ProvenSize,
} from './proof/proof-file';
export { type LeafPlace } from './export/export-line';
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
export { ExportCheck } from './export/export-check';
export { partProof } from './export/part-proof';
export { type PartyEvents, partyEvents, partyFactTypes } from './export/party-part';
export { LEAF_VERSION } from './leaf/leaf-bytes';
export { isMarkedAsOwn } from './leaf/own-events';
export { partDescription, readPartDescription, verifyPart } from './export/verify-part';
