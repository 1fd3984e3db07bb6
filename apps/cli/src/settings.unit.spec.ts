import * as E from 'fp-ts/Either';
import { settingsOf } from './settings';

const file = 'sqlite:./data/afecto.db';
const variables = [
  'AFECTO_EVENT_STORE',
  'AFECTO_READ_MODELS',
  'AFECTO_QUARANTINE',
  'AFECTO_KEY_STORE',
  'AFECTO_MASTER_KEY_FILE',
  'AFECTO_SIGNING_KEY',
  'AFECTO_PERSONAL_READS',
  'AFECTO_CLOCK',
];

describe('the settings of a command line', () => {
  // An empty path was taken for one: refused facts went to a database without a name, which goes with its process.
  test('a variable that is empty counts as not set', () => {
    const empty = settingsOf({}, Object.fromEntries(variables.map((name) => [name, ''])));
    expect(empty).toEqual(settingsOf({}, {}));
    expect(empty).toMatchObject({
      right: {
        eventStore: file,
        readModels: './data/afecto.read-models.db',
        quarantine: './data/afecto.quarantine.db',
      },
    });
  });

  test('an option comes before its variable', () => {
    const environment = { AFECTO_EVENT_STORE: 'sqlite:./other.db', AFECTO_CLOCK: 'tomorrow' };
    const settings = settingsOf({ store: file, clock: '2026-01-31T09:30:00Z' }, environment);
    if (E.isLeft(settings)) throw new Error(settings.left);
    expect([settings.right.eventStore, settings.right.now()]).toEqual([file, Date.UTC(2026, 0, 31, 9, 30)]);
  });

  test('two names of one file are refused: read models were put in the place of a master key', () => {
    const settings = settingsOf({ store: 'sqlite:a.db', readModels: './x/../a.master-key' }, {});
    expect(settings).toMatchObject({
      left: expect.stringMatching(/^AFECTO_READ_MODELS and AFECTO_MASTER_KEY_FILE both/),
    });
  });

  test.each([
    ['AFECTO_CLOCK', {}, { AFECTO_CLOCK: 'tomorrow' }, 'tomorrow', '2026-01-31T09:30:00Z'],
    ['--clock', { clock: 'tomorrow' }, {}, 'tomorrow', '2026-01-31T09:30:00Z'],
    ['AFECTO_EVENT_STORE', {}, { AFECTO_EVENT_STORE: 'afecto.db' }, 'afecto.db', 'sqlite:PATH'],
    ['--store', { store: 'afecto.db' }, { AFECTO_EVENT_STORE: file }, 'afecto.db', 'sqlite:PATH'],
  ])(
    'a wrong value is refused with its name (%s), what it is and what is allowed',
    (name, options, environment, value, allowed) => {
      const settings = settingsOf(options, environment);
      if (E.isRight(settings)) throw new Error('a wrong value was taken');
      expect(settings.left.startsWith(name)).toBe(true);
      expect(settings.left).toContain(`"${value}"`);
      expect(settings.left).toContain(allowed);
    },
  );
});
