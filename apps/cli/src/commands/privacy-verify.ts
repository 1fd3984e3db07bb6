import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openReadOnlyStoreWithItsKeys } from '@afecto/application';
import {
  type Fact,
  isErasureOfAll,
  isHidden,
  isSealed,
  linksOf,
  membersOf,
  personalClasses,
  rootOf,
} from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import {
  asItIs,
  findInFiles,
  type Found,
  isSealedStore,
  openingWith,
  personalFieldsOf,
  personalTypes,
} from '@afecto/privacy';
import { placedFact } from '@afecto/projections';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { counted } from '../terminal/numbers';
import { progressLine } from '../terminal/progress';
import { denied, done, failed, interrupted, json, type Outcome, refused } from './outcome';
import { ownFiles } from './own-files';
import { existingStore } from './store-file';

export interface VerifyErasureOptions {
  /** A file with one value a line: what must not be found. Only the person who is asked for knows it. */
  readonly values: string;
  /** Further files and folders that are looked through: exports, backups. */
  readonly also?: ReadonlyArray<string>;
  readonly signal: AbortSignal;
}

const filesIn = (path: string): ReadonlyArray<string> =>
  statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true, encoding: 'utf8' })
        .map((file) => join(path, file))
        .filter((file) => statSync(file).isFile())
    : [path];

/** What the log still has of a party. */
interface InTheLog {
  /** Fields that can be opened. */
  readonly readable: number;
  /** Fields that lie there in clear: written before fields were sealed, or by another program. */
  readonly plain: number;
  /** Fields that nobody can open any more. */
  readonly gone: number;
  /** Where free text alone has expired: what is not concerned, names and free text of later events. */
  readonly kept: number;
  /** The first event with a field of the first two kinds. */
  readonly first: string | null;
}

const membersIn = async (store: EventStore, partyId: string): Promise<ReadonlySet<string>> => {
  const facts: Fact[] = [];
  for await (const page of store.readAll({ types: ['PartiesMerged', 'PartiesSeparated'] }))
    facts.push(...page.flatMap((event) => placedFact(event)?.fact ?? []));
  const links = linksOf(facts);
  return new Set([partyId, ...membersOf(links, rootOf(links, partyId))]);
};

/**
 * What of a party is said to be erased: everything, or free text up to a position of the log; null: nothing. What is
 * merged into an erased party has an erasure of its own.
 */
const erasureOf = async (store: EventStore, partyId: string): Promise<'everything' | bigint | null> => {
  let content: bigint | null = null;
  for await (const page of store.readAll({ types: ['PersonalDataErased'] }))
    for (const event of page) {
      const fact = placedFact(event)?.fact;
      if (fact?.type !== 'PersonalDataErased' || fact.data.partyId !== partyId) continue;
      if (isErasureOfAll(fact.data)) return 'everything';
      content = event.position;
    }
  return content;
};

const lookIntoLog = async (
  store: EventStore,
  members: ReadonlySet<string>,
  contentUpTo: bigint | null,
  signal: AbortSignal,
): Promise<InTheLog> => {
  const log = isSealedStore(store) ? store.kept : store;
  const opening = isSealedStore(store) ? openingWith(store.keys) : asItIs;
  let [readable, plain, gone, kept] = [0, 0, 0, 0];
  let first: string | null = null;
  for await (const page of log.readAll({ types: personalTypes })) {
    opening.refresh();
    for (const event of page) {
      const opened = new Map(personalFieldsOf(opening.event(event)).map(({ path, value }) => [path, value]));
      for (const { path, value, subject, mark } of personalFieldsOf(event)) {
        if (!members.has(subject)) continue;
        if (contentUpTo !== null && (mark.class === 'identity' || event.position > contentUpTo)) kept += 1;
        else if (isHidden(value) && isHidden(opened.get(path))) gone += 1;
        else {
          if (isSealed(value)) readable += 1;
          else plain += 1;
          first ??= `${event.type} ${event.id} at position ${event.position}, ${path}`;
        }
      }
    }
    if (signal.aborted) break;
  }
  return { readable, plain, gone, kept, first };
};

const story = (partyId: string, files: number, bytes: number, found: ReadonlyArray<Found>, log: InTheLog): string =>
  [
    `${counted(files, 'file')} of ${counted(bytes, 'byte')} looked through: ${found.length === 0 ? 'nothing found' : counted(found.length, 'place')}`,
    ...found.map(({ file, offset, value }) => `  ${file} at byte ${offset}: value ${value + 1}`),
    `${counted(log.readable + log.plain + log.gone + log.kept, 'personal field')} of ${partyId} in the log: ${log.gone} that nobody can open, ${log.readable} that can be opened, ${log.plain} in clear${log.kept === 0 ? '' : `, ${log.kept} of what is kept: names, and free text since`}`,
    ...(log.first === null ? [] : [`  the first: ${log.first}`]),
  ].join('\n');

const verdict = (partyId: string, said: 'everything' | bigint | null, erased: boolean): string => {
  if (said === null) return `Not erased: the log has no erasure of ${partyId}.`;
  if (!erased) return 'Not erased.';
  return said === 'everything' ? 'Erased.' : 'Free text is erased, names are kept.';
};

/**
 * Shows that a party is erased (`domain.md §17.3`): none of the values is in any byte of the files of the
 * system, nor in those that are named, and no field of it in the log can be opened, by the keys under which the log is
 * sealed. Of a party whose free text alone has expired (`§17.9`) that is said of free text up to the expiry. Exit 1
 * when one is.
 */
export const verifyErasure = async (
  partyId: string,
  { values: valuesFile, also = [], signal }: VerifyErasureOptions,
  settings: CommandSettings,
): Promise<Outcome> => {
  const existing = existingStore(settings);
  if (E.isLeft(existing)) return failed(existing.left.message);
  const missing = [valuesFile, ...also].find((file) => !existsSync(file));
  if (missing !== undefined) return failed(`There is no file ${missing}.`);
  const values = readFileSync(valuesFile, 'utf8')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  if (values.length === 0) return failed(`${valuesFile} names nothing to look for: one value a line.`);
  const short = values.findIndex((value) => value.length < 3);
  if (short >= 0)
    return failed(`Value ${short + 1} of ${valuesFile} has fewer than 3 characters: it would be found everywhere.`);
  const opened = await openReadOnlyStoreWithItsKeys(settings);
  if (E.isLeft(opened)) return failed(opened.left.message);
  const store = opened.right;
  const line = progressLine('scan', !settings.json);
  try {
    const members = await membersIn(store, partyId);
    const said = await erasureOf(store, partyId);
    const isOfContent = typeof said === 'bigint';
    const log = await lookIntoLog(store, members, isOfContent ? said : null, signal);
    const files = [...ownFiles(settings), ...also.flatMap(filesIn)].filter((file) => file !== valuesFile);
    let bytes = 0;
    const found = await findInFiles(files, values, (file, size) => {
      bytes += size;
      line.update(bytes, null, file);
    });
    line.end();
    if (signal.aborted) return interrupted('Interrupted: nothing is shown.');
    const none = log.gone + log.readable + log.plain + log.kept === 0;
    if (none && found.length === 0)
      return denied(`The log has no personal field of party "${partyId}", and none of the values is in any file.`);
    const erased = said !== null && found.length === 0 && log.readable === 0 && log.plain === 0;
    const end = erased ? done : refused;
    if (settings.json)
      return end(
        json({
          partyId,
          members: [...members],
          erased,
          classes: said === null ? [] : isOfContent ? ['content'] : personalClasses,
          files: files.length,
          bytes,
          found,
          log,
        }),
      );
    return end(`${story(partyId, files.length, bytes, found, log)}\n${verdict(partyId, said, erased)}`);
  } finally {
    line.end();
    await store.close();
  }
};
