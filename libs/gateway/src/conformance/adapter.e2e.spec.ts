import { join } from 'node:path';
import { conformanceCases, type EventStore, openEventStoreDb, type Subject } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { GatewayProcess } from './testing/gateway-process';

const gateway = new GatewayProcess();
let open: EventStore;

const connect = async (): Promise<EventStore> => {
  const opened = await openEventStoreDb({ url: gateway.url, indexFile: join(gateway.folder, 'ids.db') });
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  return opened.right;
};

beforeAll(async () => {
  await gateway.start();
  open = await connect();
});
afterAll(async () => {
  await open.close();
  await gateway.remove();
});

const adapter: Subject = {
  name: 'the adapter, over the wire, against the gateway in another process',
  capabilities: {
    idsUniqueWithin: 'stream',
    reopens: true,
    recordedAtNeverDecreases: true,
    maximumAppendBytes: 1_048_576,
  },
  store: () => Promise.resolve(open),
  reopen: async () => {
    await open.close();
    open = await connect();
    return open;
  },
};

describe('the adapter over the wire', () => {
  it.each(conformanceCases.map((each) => [each.area, each.name, each] as const))(
    '%s: %s',
    async (_area, _name, { run }) => {
      expect(await run(adapter)).toEqual({ kind: 'held' });
    },
  );
});
