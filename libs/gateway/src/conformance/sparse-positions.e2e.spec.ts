import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  conformanceCases,
  type EventStore,
  openEventStoreDb,
  openSqliteEventStore,
  type Subject,
} from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { startGateway } from '../server/start-gateway';
import { sparseLog } from './testing/sparse-log';

const folder = mkdtempSync(join(tmpdir(), 'afecto-sparse-'));
const made = <A>(outcome: E.Either<unknown, A>): A => {
  if (E.isLeft(outcome)) throw new Error(JSON.stringify(outcome.left));
  return outcome.right;
};
const log = made(openSqliteEventStore({ file: join(folder, 'log.db'), clock: Date.now }));
let url = '';
let open: EventStore;
let stop = async (): Promise<void> => undefined;

beforeAll(async () => {
  const store = { encoded: sparseLog(log.encoded) };
  const gateway = made(await startGateway({ store, host: '127.0.0.1', port: 0, clock: Date.now }));
  url = `esdb://127.0.0.1:${gateway.port}?tls=false`;
  stop = gateway.close;
  open = made(await openEventStoreDb({ url }));
});
afterAll(async () => {
  await open.close();
  await stop();
  await log.close();
  rmSync(folder, { recursive: true, force: true });
});

const adapter: Subject = {
  name: 'the adapter against a server whose positions are no neighbours',
  capabilities: {
    idsUniqueWithin: 'stream',
    reopens: true,
    recordedAtNeverDecreases: true,
    maximumAppendBytes: 1_048_576,
  },
  store: () => Promise.resolve(open),
  reopen: async () => {
    await open.close();
    open = made(await openEventStoreDb({ url }));
    return open;
  },
};

/** What positions have a part in; the rest is proved against the gateway as it is. */
const AREAS = ['all or nothing', 'appends in company', 'reading the whole log', 'looking up', 'a subscription'];
const cases = conformanceCases.filter(({ area, name }) => AREAS.includes(area) || name.startsWith('all of them'));

describe('positions as EventStoreDB has them, bytes apart', () => {
  it.each(cases.map((each) => [each.area, each.name, each] as const))('%s: %s', async (_area, _name, { run }) => {
    expect(await run(adapter)).toEqual({ kind: 'held' });
  });
});
