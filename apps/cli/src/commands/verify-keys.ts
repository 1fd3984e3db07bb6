import { existsSync } from 'node:fs';
import { keyFilesOf } from '@afecto/application';
import { damageInKeyStore } from '@afecto/privacy';
import type { CommandSettings } from '../settings';
import { type Finding, finding } from './verify-finding';

/**
 * What is wrong with the file of the keys; null when every page of it is whole, or when there is none (an auditor's
 * copy of the log). Facts and rows cannot be checked with keys that nobody can read, and are not what is damaged.
 */
export const checkKeys = (settings: CommandSettings): Finding | null => {
  const { keyStore } = keyFilesOf(settings);
  if (!existsSync(keyStore)) return null;
  const damage = damageInKeyStore(keyStore);
  return damage === null
    ? null
    : finding('keys', false, `the key store ${keyStore} cannot be read: ${damage}. Put a copy of it in its place`);
};
