import { parseArgs } from 'node:util';
import * as E from 'fp-ts/Either';
import { openEventStoreDb } from '../eventstoredb/open-event-store-db';
import type { EventStore } from '../port';
import { openSqliteEventStore } from '../sqlite/open-sqlite-event-store';
import { parseStoreUrl, type StoreLocation } from '../store-url';
import { conformanceTable, runConformance } from './run-conformance';
import type { Capabilities, Subject } from './subject';

const USAGE = `npm run conformance -- --url esdb://HOST:PORT[?tls=false] [OPTIONS]

Runs every promise of the event store's port against a running server (or sqlite:PATH) and prints what
differs. It writes to streams that begin with "conformance-" and leaves them there. Nobody else should
write meanwhile. Exit code 0: every promise holds; 1: some differ; 2: the suite could not run.

  --ids-unique-in-log     the store refuses an id that lies in another stream
  --recorded-at-may-fall  a change of the cluster's leader may set the clock back
  --maximum-append BYTES  data that one append may carry; default 1048576, the servers' own
`;

interface Opened {
  readonly subject: Subject;
  readonly close: () => Promise<void>;
}

const openAt = async (location: StoreLocation): Promise<EventStore> => {
  const opened: E.Either<{ readonly message: string }, EventStore> =
    location.engine === 'eventstoredb'
      ? await openEventStoreDb({ url: location.url })
      : openSqliteEventStore({ file: location.file, clock: Date.now });
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  return opened.right;
};

const subjectAt = async (location: StoreLocation, name: string, capabilities: Capabilities): Promise<Opened> => {
  let store = await openAt(location);
  return {
    subject: {
      name,
      capabilities,
      store: () => Promise.resolve(store),
      reopen: async () => {
        await store.close();
        store = await openAt(location);
        return store;
      },
    },
    close: () => store.close(),
  };
};

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      help: { type: 'boolean', default: false },
      'ids-unique-in-log': { type: 'boolean', default: false },
      'recorded-at-may-fall': { type: 'boolean', default: false },
      'maximum-append': { type: 'string', default: '1048576' },
    },
  });
  const maximumAppendBytes = Number(values['maximum-append']);
  if (values.help || values.url === undefined || !Number.isSafeInteger(maximumAppendBytes)) {
    process.stdout.write(USAGE);
    return values.help ? 0 : 2;
  }
  const location = parseStoreUrl(values.url);
  if (E.isLeft(location)) throw new Error(location.left.message);
  const { subject, close } = await subjectAt(location.right, values.url, {
    idsUniqueWithin: values['ids-unique-in-log'] || location.right.engine === 'sqlite' ? 'log' : 'stream',
    reopens: true,
    recordedAtNeverDecreases: !values['recorded-at-may-fall'],
    maximumAppendBytes,
  });
  try {
    const results = await runConformance(subject, ({ done, of, differing, last }) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${done}/${of}  ${differing} differ  ${last.area}\u001b[K`);
      else if (done % 100 === 0 || done === of) process.stderr.write(`${done}/${of}  ${differing} differ\n`);
    });
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    process.stdout.write(`${conformanceTable(results)}\n`);
    return results.some(({ verdict }) => verdict.kind === 'differs') ? 1 : 0;
  } finally {
    await close();
  }
};

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
