import { join } from 'node:path';
import type { EventStore } from '../port';
import { openStore, temporaryFolder } from '../testing/given-store';
import { conformanceCases } from './cases';
import { conformanceTable, runConformance } from './run-conformance';
import type { Subject } from './subject';

const folder = temporaryFolder();
const file = join(folder.path, 'log.db');
let open: EventStore = openStore(file, { clock: Date.now });
afterAll(async () => {
  await open.close();
  folder.remove();
});

const embedded: Subject = {
  name: 'the embedded store',
  capabilities: {
    idsUniqueWithin: 'log',
    reopens: true,
    recordedAtNeverDecreases: true,
    maximumAppendBytes: 16 * 1_048_576,
  },
  store: () => Promise.resolve(open),
  reopen: async () => {
    await open.close();
    open = openStore(file, { clock: Date.now });
    return open;
  },
};

describe('the embedded store', () => {
  it.each(conformanceCases.map((each) => [each.area, each.name, each] as const))(
    '%s: %s',
    async (_area, _name, { run }) => {
      expect(await run(embedded)).toEqual({ kind: 'held' });
    },
  );
});

describe('the suite', () => {
  it('has names that are all different', () => {
    const names = conformanceCases.map(({ area, name }) => `${area}: ${name}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('finds what a store does wrong, and says what was expected and what came', async () => {
    const forgetful: Subject = {
      ...embedded,
      store: async () => ({
        ...open,
        findById: () => Promise.resolve(null),
        head: async () => (await open.head()) - 1n,
      }),
    };
    const lookups = conformanceCases.filter(({ area }) => area === 'looking up');
    const results = await runConformance(forgetful, undefined, lookups);
    const differing = results.filter(({ verdict }) => verdict.kind === 'differs').map(({ name }) => name);
    expect(differing).toContain('an event by its id, each of twenty');
    expect(differing).toContain('the head is the position of the last event');
    expect(conformanceTable(results)).toContain('came     null');
  });
});
