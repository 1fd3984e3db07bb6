import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FactData, type FactType, eventIdOf, streamOf, subjectsOf, toNewEvent } from '@afecto/domain';
import { type AppendRequest, type EmbeddedEventStore, openSqliteEventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { KeyStore } from '../key-store';
import { sealed, type SealedEventStore } from '../sealed-store';

export const AT = Date.UTC(2026, 2, 1, 12);

export const right = <L, A>(either: E.Either<L, A>): A => {
  if (E.isLeft(either)) throw new Error(JSON.stringify(either.left, (_, value: unknown) => String(value)));
  return either.right;
};

/** A fact ready to append, under an id of its own. */
export const factOf = <T extends FactType>(type: T, data: FactData[T], id: string, subject?: string): AppendRequest => {
  const { metadata, ...event } = toNewEvent({
    eventId: eventIdOf('test', id),
    type,
    schemaVersion: 1,
    streamId: streamOf(type, data, id),
    occurredAt: AT,
    source: 'test',
    id,
    subjects: right(subjectsOf(type, data, subject)),
    actor: { kind: 'agent', id: 'ada' },
    data,
  } as Parameters<typeof toNewEvent>[0]);
  return { streamId: streamOf(type, data, id), expectedRevision: 'any', events: [{ ...event, metadata }] };
};

export const registered = (partyId: string, displayName: string): AppendRequest =>
  factOf('PartyRegistered', { partyId, kind: 'person', displayName, source: 'test' }, `registered-${partyId}`);

export interface GivenSealed {
  readonly folder: string;
  readonly files: { readonly keyStore: string; readonly masterKey: string };
  readonly log: string;
  readonly store: () => SealedEventStore & EmbeddedEventStore;
  readonly reopen: () => Promise<SealedEventStore & EmbeddedEventStore>;
  /** How many files of the folder hold these bytes. */
  readonly filesWith: (text: string) => ReadonlyArray<string>;
  readonly remove: () => Promise<void>;
}

/** A sealed store in a folder of its own. */
export const givenSealed = (): GivenSealed => {
  const folder = mkdtempSync(join(tmpdir(), 'afecto-privacy-'));
  const files = { keyStore: join(folder, 'afecto.keys.db'), masterKey: join(folder, 'afecto.master-key') };
  const log = join(folder, 'afecto.db');
  const open = () =>
    sealed(right(openSqliteEventStore({ file: log, clock: () => AT })), right(KeyStore.open(files, () => AT)));
  let store = open();
  return {
    folder,
    files,
    log,
    store: () => store,
    reopen: async () => {
      await store.close();
      store = open();
      return store;
    },
    filesWith: (text) => readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(text)),
    remove: async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
