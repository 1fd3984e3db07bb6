import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { keyFilesOf } from '@afecto/application';
import type { CommandSettings } from '../settings';
import { type Finding, finding } from './verify-finding';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const damageIn = (file: string): string | null => {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    const found = String(Object.values(database.prepare('PRAGMA integrity_check(1)').get() ?? {})[0] ?? 'ok');
    return found === 'ok' ? null : found;
  } catch (error) {
    return messageOf(error);
  } finally {
    database?.close();
  }
};

/**
 * What is wrong with the file of the keys; null when every page of it is whole, or when there is none (an auditor's
 * copy of the log). Facts and rows cannot be checked with keys that nobody can read, and are not what is damaged.
 */
export const checkKeys = (settings: CommandSettings): Finding | null => {
  const { keyStore } = keyFilesOf(settings);
  if (!existsSync(keyStore)) return null;
  const damage = damageIn(keyStore);
  return damage === null
    ? null
    : finding('keys', false, `the key store ${keyStore} cannot be read: ${damage}. Put a copy of it in its place`);
};
