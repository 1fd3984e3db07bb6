export { type AuditTrail, checkAuditTrail, openAuditTrail, type PersonalRead } from './audit-trail';
export { KeyStore } from './key-store';
export type { KeyStoreError } from './key-store-file';
export type { KeyFiles, KeyRing, PendingErasure, UnfinishedErasure } from './keys';
export { type ErasedKey, erasedListFile } from './erased-list';
export {
  hasPersonalFields,
  type PersonalField,
  personalFieldsOf,
  personalTypes,
  withPersonalFields,
} from './personal-fields';
export { asItIs, type Opening, openingIn, openingWith } from './opening';
export {
  checkKeyStore,
  claimKeyStore,
  fitKeyStore,
  KEY_STORE_STREAM,
  namedKeyStore,
  type OtherKeyStore,
} from './named-key-store';
export { openedEvent } from './sealing';
export { findInFiles, type Found } from './scan';
export { settleKeys } from './lost-keys';
export { isSealedStore, sealed, type SealedEventStore } from './sealed-store';
