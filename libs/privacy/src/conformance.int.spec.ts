import { conformanceCases, type Subject } from '@afecto/event-store';
import { givenSealed } from './testing/given-sealed';

const given = givenSealed();
afterAll(() => given.remove());

const subject: Subject = {
  name: 'the sealed store',
  capabilities: {
    idsUniqueWithin: 'log',
    reopens: true,
    recordedAtNeverDecreases: true,
    maximumAppendBytes: 16 * 1_048_576,
  },
  store: async () => given.store(),
  reopen: () => given.reopen(),
};

describe('a sealed store keeps every promise of the port', () => {
  it.each(conformanceCases.map((each) => [each.area, each.name, each] as const))(
    '%s: %s',
    async (_area, _name, { run }) => {
      expect(await run(subject)).toEqual({ kind: 'held' });
    },
  );
});
