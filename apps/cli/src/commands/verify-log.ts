import { existsSync, readFileSync } from 'node:fs';
import { besideReadModels } from '@afecto/application';
import {
  type CheckedClaim,
  claimsOf,
  type HeldFile,
  type LogVerdict,
  type PublicKey,
  readPublicKey,
  toBase64,
  TreeFile,
  verifyLog,
} from '@afecto/audit';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { count, counted, rate } from '../terminal/numbers';
import { progressLine } from '../terminal/progress';
import { type Finding, finding } from './verify-finding';
import { type Held, type LogReport, named, reported } from './verify-report';
import { checkPart } from './verify-part';
import { openAuditedLog } from './verify-source';

const textIn = (file: string): E.Either<string, string> => {
  try {
    return E.right(readFileSync(file, 'utf8'));
  } catch (error) {
    return E.left(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** Reads checkpoints and public keys that are kept outside the log. Left: which file is none, and why. */
export const readHeld = (
  checkpointFiles: ReadonlyArray<string>,
  keyFiles: ReadonlyArray<string>,
): E.Either<string, Held> => {
  const checkpoints: HeldFile[] = [];
  for (const file of checkpointFiles) {
    const text = textIn(file);
    if (E.isLeft(text)) return text;
    checkpoints.push({ file, text: text.right });
  }
  const keys: PublicKey[] = [];
  for (const file of keyFiles) {
    const text = textIn(file);
    if (E.isLeft(text)) return text;
    const key = readPublicKey(text.right, file);
    if (E.isLeft(key)) return E.left(key.left.message);
    keys.push(key.right);
  }
  return E.right({ checkpoints, keys });
};

const logFinding = ({ first, size, streams, causes, root, equalToTree }: LogVerdict): Finding =>
  first === null
    ? finding(
        'log',
        true,
        `${counted(size, 'event')} in order in ${counted(streams, 'stream')}, ${counted(causes, 'cause')} before ${causes === 1 ? 'its effect' : 'their effects'}, root ${toBase64(root)}` +
          (equalToTree === null
            ? ''
            : `; the tree file has ${equalToTree === size ? 'them all' : `the first ${count(equalToTree)}`} alike`),
      )
    : finding('log', false, named(first));

const treeFinding = (verdict: LogVerdict, unreadable: string | null, file: string): ReadonlyArray<Finding> => {
  if (unreadable !== null) return [finding('tree file', false, unreadable)];
  if (verdict.treeDamage === null) return [];
  return [finding('tree file', false, `${file} is no witness: ${verdict.treeDamage}. Delete it, it is built again`)];
};

const whereOf = ({ source }: CheckedClaim): string =>
  source.kind === 'log' ? `event ${source.eventId} at position ${source.position}` : source.file;

const WRONG: Readonly<Record<Exclude<CheckedClaim['verdict'], 'holds' | 'untrusted'>, string>> = {
  differs: 'its root is not that of this log',
  beyond: 'it speaks of more events than the log has',
};

const claimFinding = ({ claims, size }: LogVerdict, { keys }: Held): Finding => {
  const check = 'checkpoints';
  const bad = claims.find(({ verdict }) => verdict !== 'holds');
  if (bad !== undefined) {
    const why = bad.verdict === 'untrusted' ? `it ${bad.mistrust}` : bad.verdict === 'holds' ? '' : WRONG[bad.verdict];
    const more = claims.filter(({ verdict }) => verdict !== 'holds').length - 1;
    return finding(
      check,
      false,
      `${whereOf(bad)}: ${why}${more > 0 ? `, and ${counted(more, 'further one')} likewise` : ''}`,
    );
  }
  const [first] = claims;
  if (first === undefined)
    return keys.length > 0
      ? finding(check, false, 'there is none, in the log or outside, that the given key could have signed')
      : finding(check, true, 'there are none yet; without one a history that is written anew is not found');
  const newest = claims.reduce(
    (a, b) => ((b.signed?.checkpoint.size ?? 0) > (a.signed?.checkpoint.size ?? 0) ? b : a),
    first,
  );
  const outside = claims.filter(({ source }) => source.kind === 'file').length;
  const keyIds = [...new Set(claims.map(({ keyId }) => keyId))].join(', ');
  const { size: covered = 0, at = 0 } = newest.signed?.checkpoint ?? {};
  return finding(
    check,
    true,
    `${counted(claims.length - outside, 'checkpoint')} in the log and ${count(outside)} from outside, signed with key ${keyIds}` +
      `${keys.length === 0 ? ' as the log names it (compare it with the one you hold, or give --public-key)' : ''}; ` +
      `the newest of ${new Date(at).toISOString()} covers ${count(covered)} of ${counted(size, 'event')}`,
  );
};

/** The tree file as a witness; null: there is none. */
const openWitness = (file: string): E.Either<string, TreeFile | null> => {
  if (!existsSync(file)) return E.right(null);
  const tree = TreeFile.open(file, { readOnly: true });
  return E.isLeft(tree) ? E.left(tree.left.message) : tree;
};

/**
 * Recomputes the whole log: order, checksums, causes, leaves and roots, against the tree file and every
 * checkpoint in the log and from outside. Null: interrupted.
 */
export const checkLog = async (
  settings: CommandSettings,
  held: Held,
  signal: AbortSignal,
): Promise<LogReport | null> => {
  const treeFile = besideReadModels(settings.readModels, 'tree');
  // The tree first and the log after it: what the tree knows then is in the log, whoever appends meanwhile.
  const witness = openWitness(treeFile);
  const opened = await openAuditedLog(settings);
  const tree = E.isRight(witness) ? witness.right : null;
  const line = progressLine('hashing', !settings.json);
  try {
    if (E.isLeft(opened)) return { findings: [finding('log', false, opened.left.message)], log: null, checkpoints: [] };
    const log = opened.right;
    if (log.part !== null) return await checkPart(log.part, log, held);
    const started = performance.now();
    const verdict = await verifyLog({
      records: log.records,
      isDense: log.isDense,
      tree,
      claims: claimsOf(log.kept, held.checkpoints, held.keys),
      place: log.place,
      signal,
      onProgress: (size, position) =>
        line.update(Number(position), Number(log.head), `${counted(size, 'event')}, ${rate(size, started)}`),
    });
    if (!verdict.complete) return null;
    return {
      findings: [
        logFinding(verdict),
        ...treeFinding(verdict, E.isLeft(witness) ? witness.left : null, treeFile),
        claimFinding(verdict, held),
      ],
      log: { events: verdict.size, root: toBase64(verdict.root), first: verdict.first },
      checkpoints: verdict.claims.map(reported),
    };
  } finally {
    line.end();
    tree?.close();
    if (E.isRight(opened)) await opened.right.close();
  }
};
