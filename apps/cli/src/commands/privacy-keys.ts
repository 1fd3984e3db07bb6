import { keyFilesOf, openReadOnlyStoreWithItsKeys } from '@afecto/application';
import { isSealedStore, KeyStore } from '@afecto/privacy';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { counted } from '../terminal/numbers';
import { done, failed, json, type Outcome } from './outcome';
import { existingStore } from './store-file';

/** Wraps every key with a new master key; no event is touched, and a running server goes on with the new one. */
export const rotateMasterKey = async (settings: CommandSettings): Promise<Outcome> => {
  const existing = existingStore(settings);
  if (E.isLeft(existing)) return failed(existing.left.message);
  const files = keyFilesOf(settings);
  // An empty key store beside the one that was meant would take its master key for its own, and replace it.
  const log = await openReadOnlyStoreWithItsKeys(settings);
  if (E.isLeft(log)) return failed(log.left.message);
  const hasKeys = isSealedStore(log.right);
  await log.right.close();
  if (!hasKeys) return failed(`There is no key store ${files.keyStore}: no key is wrapped.`);
  const opened = KeyStore.open(files, settings.now);
  if (E.isLeft(opened)) return failed(opened.left.message);
  try {
    const rotated = opened.right.rotateMasterKey();
    return done(
      settings.json
        ? json({ ...rotated, masterKey: files.masterKey })
        : `${counted(rotated.keys, 'key')} wrapped with the new master key ${rotated.masterKeyId} in ${files.masterKey}; the former one opens nothing any more.`,
    );
  } finally {
    opened.right.close();
  }
};
