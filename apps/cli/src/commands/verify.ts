import { parseStoreUrl, verifySqliteEventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { colours } from '../terminal/colours';
import { counted } from '../terminal/numbers';
import { done, failed, interrupted, json, type Outcome, refused } from './outcome';
import { existingStore } from './store-file';
import { checkFacts } from './verify-facts';
import { type Finding, finding } from './verify-finding';
import { checkKeys } from './verify-keys';
import { checkLog, readHeld } from './verify-log';
import { checkReadModels } from './verify-read-models';

export interface VerifyOptions {
  /** Files with checkpoints that were kept outside the log. */
  readonly checkpoints: ReadonlyArray<string>;
  /** Files with the public keys that are trusted; none: those that the log names. */
  readonly publicKeys: ReadonlyArray<string>;
  readonly signal: AbortSignal;
}

/** The text says why nothing could be checked: that is no finding about the log. */
const checkFile = (settings: CommandSettings): E.Either<string, Finding> => {
  const check = 'log file';
  const location = parseStoreUrl(settings.eventStore);
  if (E.isLeft(location)) return E.left(location.left.message);
  if (location.right.engine === 'eventstoredb')
    return E.right(finding(check, true, 'the files are the server’s own, and so is checking them'));
  const verified = verifySqliteEventStore(location.right.file);
  if (E.isLeft(verified) && verified.left.code === 'CannotOpen')
    return E.left(`${verified.left.message} Nothing was checked.`);
  return E.right(
    E.isLeft(verified)
      ? finding(check, false, verified.left.message)
      : finding(check, true, `${counted(verified.right.events, 'event')}; every page, index and checksum is whole`),
  );
};

/** Facts and read models, which are read with the keys. */
const checkWithKeys = async (settings: CommandSettings, signal: AbortSignal): Promise<ReadonlyArray<Finding>> => {
  const keys = checkKeys(settings);
  return keys === null ? [await checkFacts(settings, signal), await checkReadModels(settings, signal)] : [keys];
};

/**
 * Trusts nothing: the file, the log against its tree and every checkpoint, every fact, and the read models
 * against a replay. Writes nothing, and names the first event that differs.
 */
export const verify = async (settings: CommandSettings, options: VerifyOptions): Promise<Outcome> => {
  const { checkpoints, publicKeys, signal } = options;
  const existing = existingStore(settings);
  if (E.isLeft(existing)) return failed(existing.left.message);
  const held = readHeld(checkpoints, publicKeys);
  if (E.isLeft(held)) return failed(held.left);
  const stopped = interrupted('Interrupted; nothing was changed.');
  const file = checkFile(settings);
  if (E.isLeft(file)) return failed(file.left);
  const findings: Finding[] = [file.right];
  const log = await checkLog(settings, held.right, signal);
  if (log === null) return stopped;
  findings.push(...log.findings);
  // What is folded from a log that cannot be trusted says nothing.
  if (findings.every(({ ok, check }) => ok || check === 'checkpoints' || check === 'tree file'))
    findings.push(...(await checkWithKeys(settings, signal)));
  if (signal.aborted) return stopped;
  const ok = findings.every((each) => each.ok);
  const { green, red } = colours;
  const text = settings.json
    ? json({ ok, findings, log: log.log, checkpoints: log.checkpoints })
    : findings
        .map(({ check, ok: good, detail }) => `${good ? green('ok    ') : red('FAILED')}  ${check}: ${detail}`)
        .join('\n');
  return ok ? done(text) : refused(text);
};
