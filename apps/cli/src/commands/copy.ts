import { createHash, type Hash } from 'node:crypto';
import { besideLog, fileReached, openReadOnlyStore, openStoreToCopyInto } from '@afecto/application';
import { toIso } from '@afecto/domain';
import {
  type AppendRequest,
  type EventStore,
  type NewEvent,
  parseStoreUrl,
  type StoredEvent,
  type StoreLocation,
  withoutCredentials,
} from '@afecto/event-store';
import { isSealedStore } from '@afecto/privacy';
import * as E from 'fp-ts/Either';
import { partOf } from '../export/kept-records';
import type { CommandSettings } from '../settings';
import { count, counted, rate } from '../terminal/numbers';
import { progressLine } from '../terminal/progress';
import { done, failed, interrupted, json, type Outcome, refused } from './outcome';
import { existingStore } from './store-file';

export interface CopyOptions {
  readonly from: string;
  readonly to: string;
  readonly signal: AbortSignal;
}

/** Events that one call hands to a target that keeps the order of a call by itself. */
const EVENTS_A_CALL = 1_000;

/** The event as it goes into another log: the same, and when the first log recorded it. */
const copyOf = ({ id, type, data, metadata, recordedAt }: StoredEvent): NewEvent => ({
  id,
  type,
  data,
  metadata: 'recordedAt' in metadata ? metadata : { ...metadata, recordedAt: toIso(recordedAt) },
});

/**
 * What can be copied: events whose content is JSON. Other applications may have written bytes; from the
 * first such event on their stream is left out, so that nobody finds it with other revisions.
 */
const copyable = () => {
  const leftOut = new Set<string>();
  return ({ streamId, metadata }: StoredEvent): boolean => {
    if ('$wire' in metadata) leftOut.add(streamId);
    return !leftOut.has(streamId);
  };
};

/** Appends of neighbouring events of one stream, each at its exact revision: nothing else may be there. */
const requestsOf = (
  events: ReadonlyArray<StoredEvent>,
  revisions: Map<string, number>,
): ReadonlyArray<AppendRequest> => {
  const requests: { streamId: string; expectedRevision: AppendRequest['expectedRevision']; events: NewEvent[] }[] = [];
  for (const event of events) {
    const { streamId } = event;
    const last = requests.at(-1);
    const before = revisions.get(streamId) ?? -1;
    if (last?.streamId === streamId) last.events.push(copyOf(event));
    else requests.push({ streamId, expectedRevision: before === -1 ? 'noStream' : before, events: [copyOf(event)] });
    revisions.set(streamId, before + 1);
  }
  return requests;
};

/** The events of a request one by one: an interrupted copy may have ended inside what is a request now. */
const oneByOne = ({ streamId, expectedRevision, events }: AppendRequest): ReadonlyArray<AppendRequest> => {
  const before = typeof expectedRevision === 'number' ? expectedRevision : -1;
  return events.map((event, index) => ({
    streamId,
    expectedRevision: before + index === -1 ? 'noStream' : before + index,
    events: [event],
  }));
};

/** Once more event by event when some are there and some are not. */
const appendAgain = async (target: EventStore, request: AppendRequest): ReturnType<EventStore['append']> => {
  let outcome = await target.append(request);
  if (E.isRight(outcome) || outcome.left.code !== 'EventIdConflict' || request.events.length === 1) return outcome;
  for (const single of oneByOne(request)) {
    outcome = await target.append(single);
    if (E.isLeft(outcome)) return outcome;
  }
  return outcome;
};

/** One after another, so that the order of the whole log is the same in the copy. */
const appendInOrder = async (
  target: EventStore,
  keepsOrder: boolean,
  requests: ReadonlyArray<AppendRequest>,
): Promise<string | null> => {
  // A store that keeps the order of a call takes single events: none of them can be there by half.
  const asked = keepsOrder ? requests.flatMap(oneByOne) : requests;
  const outcomes: Awaited<ReturnType<EventStore['append']>>[] = [];
  if (keepsOrder) outcomes.push(...(await target.appendMany(asked)));
  else
    for (const request of asked) {
      const outcome = await appendAgain(target, request);
      outcomes.push(outcome);
      if (E.isLeft(outcome)) break;
    }
  for (const [index, outcome] of outcomes.entries()) {
    if (E.isRight(outcome)) continue;
    const { left } = outcome;
    const { streamId } = asked[index] ?? { streamId: '' };
    switch (left.code) {
      case 'WrongExpectedRevision':
        return `stream ${streamId} of the target ends at revision ${String(left.actual)}, the source goes on from ${String(left.expected)}: the target has events that the source has not`;
      case 'EventIdConflict':
        return `event ${left.eventId} of stream ${streamId} is in the target with another content`;
      default:
        return left.message;
    }
  }
  return null;
};

interface Digest {
  readonly events: number;
  readonly hash: string;
}

const addTo = (hash: Hash, { streamId, revision, ...event }: StoredEvent): void => {
  const { id, type, data, metadata } = copyOf({ streamId, revision, ...event });
  hash.update(JSON.stringify([streamId, revision, id, type, data, metadata]));
};

/** Number and SHA-256 of all events in the order of the log, positions aside; null: interrupted. */
const digestOf = async (
  store: EventStore,
  title: string,
  shown: boolean,
  signal: AbortSignal,
): Promise<Digest | null> => {
  const hash = createHash('sha256');
  const line = progressLine(title, shown);
  const started = performance.now();
  const revisions = new Map<string, number>();
  const isCopyable = copyable();
  let events = 0;
  for await (const page of store.readAll()) {
    for (const event of page) {
      if (!isCopyable(event)) continue;
      const revision = (revisions.get(event.streamId) ?? -1) + 1;
      revisions.set(event.streamId, revision);
      addTo(hash, { ...event, revision });
      events += 1;
    }
    line.update(events, null, `${counted(events, 'event')}, ${rate(events, started)}`);
    if (signal.aborted) break;
  }
  line.end();
  return signal.aborted ? null : { events, hash: hash.digest('hex') };
};

/** A copy has the very bytes of the log: what is sealed stays so, and opens with the keys of the source. */
const keptOf = (store: EventStore): EventStore => (isSealedStore(store) ? store.kept : store);

const firstOf = async (store: EventStore): Promise<StoredEvent | null> => {
  for await (const [first] of store.readAll({ limit: 1 })) return first ?? null;
  return null;
};

/** Why the target cannot be a copy of the source; null when it is empty or begins as the source does. */
const otherLog = async (source: EventStore, target: EventStore): Promise<string | null> => {
  const [ours, theirs] = [await firstOf(source), await firstOf(target)];
  if (theirs === null || ours?.id === theirs.id) return null;
  return `event ${theirs.id} of stream ${theirs.streamId}, with which the target begins, is not the source's first: it holds another log`;
};

/** Where a log is, whatever the words that lead there: the file, or the server without users and options. */
const placeOf = (location: StoreLocation): string =>
  location.engine === 'sqlite'
    ? fileReached(location.file)
    : withoutCredentials(location.url)
        .replace(/\/?([?#].*)?$/s, '')
        .toLowerCase();

/** What was left out, and how many events were copied or were there before. */
interface Copied {
  readonly events: number;
  readonly leftOut: number;
}

const copyAll = async (
  source: EventStore,
  target: EventStore,
  keepsOrder: boolean,
  shown: boolean,
  signal: AbortSignal,
): Promise<E.Either<string, Copied>> => {
  const line = progressLine('copy', shown);
  const started = performance.now();
  const revisions = new Map<string, number>();
  const head = Number(await source.head());
  const isCopyable = copyable();
  let events = 0;
  let leftOut = 0;
  try {
    for await (const page of source.readAll({ pageSize: EVENTS_A_CALL })) {
      const whole = page.filter(isCopyable);
      leftOut += page.length - whole.length;
      const failure = await appendInOrder(target, keepsOrder, requestsOf(whole, revisions));
      if (failure !== null) return E.left(failure);
      events += whole.length;
      line.update(Number(page.at(-1)?.position ?? 0n), head, `${counted(events, 'event')}, ${rate(events, started)}`);
      if (signal.aborted) break;
    }
    return E.right({ events, leftOut });
  } finally {
    line.end();
  }
};

/**
 * Copies a whole log into another store, event for event in the same order, with the same ids, and
 * then counts and hashes both sides. Repeats are harmless, so an interrupted copy is resumed by the
 * same command, and one made while the source still grows is completed by it.
 */
export const copyLog = async (settings: CommandSettings, { from, to, signal }: CopyOptions): Promise<Outcome> => {
  const places = [parseStoreUrl(from), parseStoreUrl(to)] as const;
  for (const place of places) if (E.isLeft(place)) return failed(place.left.message);
  const [one, other] = places.flatMap((place) => (E.isRight(place) ? [placeOf(place.right)] : []));
  // Everything is there already: it would pass for a copy that is whole, and there is none.
  if (one === other) return failed('--from and --to are one log; nothing was copied.');
  const existing = existingStore({ ...settings, eventStore: from });
  if (E.isLeft(existing)) return failed(existing.left.message);
  const source = await openReadOnlyStore({ ...settings, eventStore: from, readModels: besideLog(from, 'read-models') });
  if (E.isLeft(source)) return failed(source.left.message);
  const target = await openStoreToCopyInto({ ...settings, eventStore: to });
  if (E.isLeft(target)) {
    await source.right.close();
    return failed(target.left.message);
  }
  const shown = !settings.json;
  const keepsOrder = E.isRight(places[1]) && places[1].right.engine === 'sqlite';
  const stopped = interrupted('Interrupted; what is copied stays, and the same command goes on.');
  try {
    if (partOf(keptOf(source.right)) !== null)
      return refused('Nothing was copied: the source holds a part of a log, and in a copy it would pass for a log.');
    const contradiction = await otherLog(keptOf(source.right), keptOf(target.right));
    if (contradiction !== null) return refused(`Nothing was copied: ${contradiction}.`);
    const copied = await copyAll(keptOf(source.right), keptOf(target.right), keepsOrder, shown, signal);
    if (E.isLeft(copied)) return refused(`The copy stopped: ${copied.left}.`);
    if (signal.aborted) return stopped;
    const ours = await digestOf(keptOf(source.right), 'source', shown, signal);
    const theirs = ours === null ? null : await digestOf(keptOf(target.right), 'target', shown, signal);
    if (ours === null || theirs === null) return stopped;
    const equal = ours.events === theirs.events && ours.hash === theirs.hash;
    const { leftOut } = copied.right;
    if (settings.json) {
      const text = json({ equal, source: ours, target: theirs, leftOut });
      return equal ? done(text) : refused(text);
    }
    const rest =
      leftOut === 0
        ? ''
        : `\n${counted(leftOut, 'event')} of other applications left out: their streams hold content that is not JSON`;
    return equal
      ? done(`${counted(ours.events, 'event')} copied; both sides have sha-256 ${ours.hash}${rest}`)
      : refused(
          `The sides differ: the source has ${count(ours.events)} events, sha-256 ${ours.hash}; ` +
            `the target ${count(theirs.events)}, sha-256 ${theirs.hash}. Is somebody writing? Then stop it and copy again.${rest}`,
        );
  } finally {
    await target.right.close();
    await source.right.close();
  }
};
