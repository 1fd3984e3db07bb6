import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { keyFilesOf } from '@afecto/application';
import {
  EVENTS_FILE,
  ExportCheck,
  exportFault,
  type ExportFault,
  type ExportManifest,
  MANIFEST_FILE,
  partDescription,
  type PartProofFile,
  PROOF_FILE,
  readManifest,
  readPartProof,
  toldFault,
} from '@afecto/audit';
import { isFactType } from '@afecto/domain';
import { type EncodedRecord, type LogRestoration, parseStoreUrl, restoreSqliteLog } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { bytesOfLines } from '../export/lines';
import type { CommandSettings } from '../settings';
import { counted, rate } from '../terminal/numbers';
import { progressLine } from '../terminal/progress';
import { denied, done, failed, interrupted, json, type Outcome } from './outcome';
import { project } from './project';

export interface RestoreOptions {
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Whether a path is the folder of an export. */
export const isExportFolder = (path: string): boolean => existsSync(join(path, MANIFEST_FILE));

interface Opened {
  readonly manifest: ExportManifest;
  readonly proof: PartProofFile | null;
  readonly check: ExportCheck;
}

const textIn = (folder: string, file: string): E.Either<ExportFault, string> => {
  try {
    return E.right(readFileSync(join(folder, file), 'utf8'));
  } catch (error) {
    return exportFault(file, '', error instanceof Error ? error.message : String(error), 'a file that can be read');
  }
};

/** Reads everything of an export but its events. */
const openExport = (folder: string): E.Either<ExportFault, Opened> => {
  if (!existsSync(join(folder, MANIFEST_FILE)))
    return exportFault(MANIFEST_FILE, '', 'no such file', `the manifest that makes ${folder} an export`);
  const text = textIn(folder, MANIFEST_FILE);
  if (E.isLeft(text)) return text;
  const manifest = readManifest(text.right, MANIFEST_FILE);
  if (E.isLeft(manifest)) return manifest;
  for (const { name } of manifest.right.files)
    if (!existsSync(join(folder, name)))
      return exportFault(name, '', 'no such file', 'the file that the manifest names');
  const proof = manifest.right.kind === 'log' ? E.right(null) : readProof(folder, manifest.right);
  if (E.isLeft(proof)) return proof;
  const check = ExportCheck.of(manifest.right, proof.right, isFactType);
  return E.isLeft(check) ? check : E.right({ manifest: manifest.right, proof: proof.right, check: check.right });
};

const readProof = (folder: string, { files }: ExportManifest): E.Either<ExportFault, PartProofFile> => {
  const text = textIn(folder, PROOF_FILE);
  if (E.isLeft(text)) return text;
  const sha256 = createHash('sha256').update(text.right).digest('hex');
  const said = files.find(({ name }) => name === PROOF_FILE);
  if (said?.sha256 !== sha256) return exportFault(PROOF_FILE, '', `sha-256 ${sha256}`, said?.sha256 ?? 'nothing');
  const bytes = Buffer.byteLength(text.right);
  if (said.bytes !== bytes) return exportFault(PROOF_FILE, '', `${bytes} bytes`, `${said.bytes} bytes`);
  return readPartProof(text.right, PROOF_FILE);
};

const EVENTS_A_CALL = 1_000;

/** Takes all events into the log that is being restored. Null: interrupted. Left: what is wrong, where. */
const restoreAll = async (
  file: string,
  check: ExportCheck,
  restoration: LogRestoration,
  signal: AbortSignal,
  onProgress: (events: number) => void,
): Promise<E.Either<string, true | null>> => {
  let call: EncodedRecord[] = [];
  const flush = (): string | null => {
    const added = restoration.add(call);
    call = [];
    if (E.isRight(added)) return null;
    const { code, message } = added.left;
    return code === 'NotALog' ? `${EVENTS_FILE}: ${message}` : message;
  };
  for await (const line of bytesOfLines(createReadStream(file, { highWaterMark: 256 * 1024 }))) {
    const taken = check.take(line);
    if (E.isLeft(taken)) return E.left(toldFault(taken.left));
    call.push(taken.right);
    if (call.length < EVENTS_A_CALL) continue;
    const problem = flush();
    if (problem !== null) return E.left(problem);
    onProgress(check.events);
    if (signal.aborted) return E.right(null);
  }
  const problem = flush();
  if (problem !== null) return E.left(problem);
  const ended = check.end();
  return E.isLeft(ended) ? E.left(toldFault(ended.left)) : E.right(signal.aborted ? null : true);
};

const said = (manifest: ExportManifest, target: string): string =>
  `${counted(manifest.events, 'event')} in ${target} as they were, root ${manifest.tree.root}`;

/**
 * Makes a log from an export, event for event with its position, revision, id and instant. Everything that
 * the manifest says is compared before the log has its name; until then there is nothing.
 */
export const restoreExport = async (
  settings: CommandSettings,
  { folder, signal }: RestoreOptions,
): Promise<Outcome> => {
  const location = parseStoreUrl(settings.eventStore);
  if (E.isLeft(location)) return failed(location.left.message);
  if (location.right.engine !== 'sqlite')
    return failed(
      'A log is restored into an embedded store: a server gives its own positions. From there: afecto copy',
    );
  const target = location.right.file;
  const opened = openExport(folder);
  if (E.isLeft(opened)) return denied(`Nothing was imported. ${toldFault(opened.left)}`);
  const { manifest, proof, check } = opened.right;
  mkdirSync(dirname(target), { recursive: true });
  const begun = restoreSqliteLog(target, settings.now());
  if (E.isLeft(begun)) return failed(begun.left.message);
  const restoration = begun.right;
  const line = progressLine('events in', !settings.json);
  const started = performance.now();
  try {
    const all = await restoreAll(join(folder, EVENTS_FILE), check, restoration, signal, (events) =>
      line.update(events, manifest.events, `${counted(events, 'event')}, ${rate(events, started)}`),
    );
    if (E.isLeft(all)) return denied(`Nothing was imported. ${all.left}`);
    if (all.right === null) return interrupted('Interrupted: nothing was imported.');
    const completed = restoration.complete(proof === null ? null : partDescription(manifest, proof, check.indexes));
    if (E.isLeft(completed)) return failed(completed.left.message);
  } finally {
    line.end();
    restoration.abandon();
  }
  const projected = await project(settings, { shown: !settings.json, signal });
  if (E.isLeft(projected) && projected.left.code === 'KeyStoreMissing')
    return done(
      settings.json
        ? json({ target, ...manifest, projected: null })
        : `${said(manifest, target)}\nIt is sealed, and its key store ${keyFilesOf(settings).keyStore} is not here: put it there, or name it by AFECTO_KEY_STORE`,
    );
  if (E.isLeft(projected)) return failed(projected.left.message);
  if (signal.aborted) return interrupted('Interrupted: the log is whole; the next command finishes the read models.');
  return done(
    settings.json
      ? json({ target, ...manifest, projected: projected.right })
      : `${said(manifest, target)}\nprojected in ${projected.right.seconds.toFixed(1)} s: ${counted(projected.right.customers, 'customer')}`,
  );
};
