/**
 * Who is shown personal data by the command line is on record (`domain.md §17.8`). Every command that there
 * is has its place in this table: one that is added and says nothing of it makes the first test fail.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { defaultConfiguration } from '@afecto/domain';
import { openSqliteEventStore } from '@afecto/event-store';
import { figures, models, partyViews } from '@afecto/projections';
import type { Command } from 'commander';
import * as E from 'fp-ts/Either';
import { afecto, wordsOf } from '../program';
import { shopEvents, writeNdjson } from '../testing/given-facts';
import { givenProgram } from '../testing/given-program';
import { readerName } from './privacy-record';

const program = givenProgram();
afterAll(program.remove);

const AT = '2026-02-01T00:00:00Z';
const NAME = 'Ana Pérez Quintanilla';

/** Whose data of which classes a command shows, by party; empty: none. */
type Reads = Readonly<Record<string, ReadonlyArray<'content' | 'identity'>>>;
interface Sample {
  readonly args: string;
  readonly reads: Reads;
}

const nothing: Reads = {};
const all: Reads = { ana: ['content', 'identity'], anita: ['content', 'identity'] };
/** Two that were one customer for a day: what is told of the past of one of them is the other's, too. */
const apart: Reads = { dora: ['content', 'identity'], dolores: ['content', 'identity'] };
const everybody: Reads = { '*': ['content', 'identity'] };
const sample = (args: string, reads: Reads): Sample => ({ args, reads });

/** In an order in which they can be run; `null`: it does not end by itself, and has a test of its own. */
const samples: Readonly<Record<string, ReadonlyArray<Sample> | null>> = {
  import: [sample('import facts.ndjson', nothing)],
  profile: [sample('profile ana', all), sample('--json profile anita', all), sample('profile nobody', nothing)],
  explain: [
    sample('explain ana', all),
    sample('--json explain ana', nothing),
    sample('explain ana identity/displayName', all),
    sample('explain ana --fields', all),
    sample('explain dora identity/displayName', apart),
    sample('explain dora --fields', apart),
  ],
  zones: [sample('zones', nothing)],
  queues: [sample('queues', nothing), sample('queues Q1', nothing)],
  figures: ['', ...figures.map(({ name }) => ` ${name}`)].map((name) => sample(`figures${name}`, nothing)),
  report: ['', ...models.map(({ name }) => ` ${name}`)].map((name) => sample(`report${name}`, nothing)),
  view: ['', ...partyViews.map(({ name }) => ` ${name}`)].map((name) =>
    sample(`view ana${name}`, name === ' identity' ? { ana: ['identity'] } : nothing),
  ),
  review: [sample('review', nothing)],
  analyse: [sample('analyse', nothing)],
  calibrate: [sample('calibrate', nothing)],
  moments: [sample('moments', nothing)],
  replay: [sample('replay', nothing)],
  diff: [
    sample('diff ana --from 2026-01-01T00:00:00Z', all),
    sample('diff dora --from 2026-01-02T12:00:00Z', apart),
    sample('diff --from 2026-01-01T00:00:00Z', nothing),
    sample('--json diff --from 2026-01-01T00:00:00Z', nothing),
  ],
  simulate: [sample('simulate --config configuration.json', nothing)],
  rebuild: [sample('rebuild', nothing)],
  'dead-letters': [sample('dead-letters', nothing)],
  'dead-letters explain': [
    sample('dead-letters explain bea', { bea: ['content'] }),
    sample('--json dead-letters explain bea', { bea: ['content'] }),
  ],
  'dead-letters replay': [sample('dead-letters replay bea', nothing)],
  verify: [sample('verify', nothing)],
  'privacy export': [sample('privacy export ana', all), sample('privacy export ana ana.json', all)],
  'privacy expire': [sample('privacy expire --dry-run', nothing), sample('privacy expire', nothing)],
  'privacy verify-erasure': [sample('privacy verify-erasure ana --values values.txt', nothing)],
  'privacy rotate-master-key': [sample('privacy rotate-master-key', nothing)],
  checkpoint: [sample('checkpoint', nothing), sample('checkpoint --all', nothing)],
  proof: [sample('proof --from 1', nothing)],
  export: [
    sample('export', everybody),
    sample('export all.ndjson', everybody),
    sample('export --format parquet all.parquet', nothing),
  ],
  copy: [sample('copy --from sqlite:shop.db --to sqlite:copy.db', nothing)],
  'privacy erase': [
    sample('privacy erase ana --evidence passport --basis request', nothing),
    // Of whom nothing personal is left nothing is shown.
    ...['profile ana', '--json profile ana', 'explain ana', 'view ana identity'].map((args) => sample(args, nothing)),
  ],
  demo: null,
};

/** Every command that does something: a group of others has no action of its own. */
const leaves = (command: Command): ReadonlyArray<string> => {
  const own = command.commands.flatMap(leaves);
  const acts = typeof Reflect.get(command, '_actionHandler') === 'function';
  return acts ? [wordsOf(command), ...own] : own;
};

const shop = shopEvents('e');
const timeOf = (day: number): string => `2026-01-${String(day).padStart(2, '0')}T10:00:00.000Z`;
const event = (type: string, day: number, subject: string, data: object) =>
  shop.event(type, timeOf(day), subject, data);
const registered = (partyId: string, displayName: string) => shop.registered(partyId, displayName, timeOf(1));
const facts = [
  registered('ana', NAME),
  registered('anita', 'Anita Q. Perez'),
  registered('bea', 'Bea Robles'),
  registered('carl', 'Carl Ortega'),
  ...['ana', 'carl'].map((partyId) =>
    event('PartyIdentified', 1, partyId, {
      partyId,
      identifiers: [{ scheme: 'email', value: `${partyId}@example.org`, verified: true, preferred: true, valid: true }],
    }),
  ),
  event('PartiesMerged', 2, 'ana', { survivorId: 'ana', absorbedId: 'anita', matchScore: 1, reason: 'same' }),
  registered('dora', 'Dora Ibarra'),
  registered('dolores', 'Dolores Ibarra Vega'),
  event('PartiesMerged', 2, 'dolores', { survivorId: 'dolores', absorbedId: 'dora', matchScore: 1, reason: 'same' }),
  event('PartiesSeparated', 3, 'dolores', {
    survivorId: 'dolores',
    separatedId: 'dora',
    mergedEventId: '00000000-0000-5000-8000-000000000000',
    reason: 'not the same',
  }),
  event('SurveyAnswered', 3, 'ana', {
    surveyId: 's1',
    partyId: 'ana',
    instrument: 'nps',
    score: 2,
    scaleMin: 0,
    scaleMax: 10,
    verbatim: 'The parcel stood in the rain for hours',
  }),
];

/** A fact of a later version, as another program has written it: it cannot be taken in. */
const deadLetter = {
  id: '6f2f2ca5-4d3b-4a0e-8f05-0f6f5a3b2c11',
  type: 'InteractionRecorded',
  data: { interactionId: 'i1', partyId: 'bea', notes: 'Called about the rain' },
  metadata: {
    schemaVersion: 99,
    occurredAt: '2026-01-05T10:00:00.000Z',
    subjects: ['bea'],
    actor: { kind: 'integration', id: 'other' },
    source: 'other',
    id: 'i1',
  },
};

const ask = (args: string) => program.ask(['--store', 'sqlite:shop.db', '--clock', AT, ...args.split(' ')]);

const trail = (): ReadonlyArray<{ readonly why: string; readonly reads: Reads; readonly who: string }> => {
  const file = program.path('shop.reads.ndjson');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => {
    const { who, why, parties }: { who: string; why: string; parties: { partyId: string; classes: [] }[] } =
      JSON.parse(line);
    return { who, why, reads: Object.fromEntries(parties.map(({ partyId, classes }) => [partyId, classes])) };
  });
};

beforeAll(async () => {
  const log = openSqliteEventStore({ file: program.path('shop.db'), clock: () => Date.parse(AT) });
  if (E.isLeft(log)) throw new Error(log.left.message);
  await log.right.append({ streamId: 'interaction-i1', expectedRevision: 'any', events: [deadLetter] });
  await log.right.close();
  writeNdjson(program.path('facts.ndjson'), facts);
  writeFileSync(program.path('configuration.json'), JSON.stringify({ ...defaultConfiguration, version: 1 }));
  writeFileSync(program.path('values.txt'), `${NAME}\n`);
});

describe('who reads', () => {
  // In a container the user often has a number and no name: asking for it throws.
  it('is on record with the number of the user where it has no name', () => {
    expect(
      readerName(() => {
        throw new Error('ENOENT: no such file or directory, uv_os_get_passwd');
      }),
    ).toBe(`uid-${process.getuid?.()}`);
  });
});

describe('the command line', () => {
  it('has a place in the record for every command that it has', () => {
    expect(Object.keys(samples).sort()).toEqual([...leaves(afecto(new AbortController().signal))].sort());
  });

  it.each(
    Object.entries(samples).flatMap(([words, all]) => (all ?? []).map((each) => [each.args, words, each] as const)),
  )('%s', async (args, words, { reads }) => {
    const before = trail().length;
    const { stdout, stderr } = await ask(args);
    expect(stdout + stderr).not.toBe('');
    const shown = trail().slice(before);
    const who = userInfo().username;
    expect(shown).toEqual(Object.keys(reads).length === 0 ? [] : [{ who, why: `afecto ${words}`, reads }]);
    // Whatever is not on record shows no name.
    if (shown.length === 0) expect(stdout).not.toMatch(/Quintanilla|Bea Robles|Carl Ortega|in the rain/);
  });

  it('shows the customer of the demonstration on record', async () => {
    const file = program.path('demo.reads.ndjson');
    const { code } = await program.run(['demo', '--no-serve', '--customers', '60'], {
      environment: { AFECTO_PERSONAL_READS: file },
    });
    expect(code).toBe(0);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toEqual([expect.stringContaining('"why":"afecto demo"')]);
  });

  it('says what for, when it is told', async () => {
    await ask('profile carl --reason case-17');
    expect(trail().at(-1)).toMatchObject({ why: 'afecto profile: case-17', reads: { carl: ['content', 'identity'] } });
  });

  it.each([
    'profile carl',
    '--json profile carl',
    'explain carl',
    'view carl identity',
    'export',
    'privacy export carl',
  ])('%s shows nothing when the record cannot be written', async (args) => {
    mkdirSync(program.path('no-file'), { recursive: true });
    const { code, stdout, stderr } = await program.run(
      ['--store', 'sqlite:shop.db', '--clock', AT, ...args.split(' ')],
      { environment: { AFECTO_PERSONAL_READS: program.path('no-file') } },
    );
    expect(code).toBe(2);
    expect(stdout + stderr).toMatch(/no-file cannot be written, and nothing is handed out/);
    expect(stdout + stderr).not.toContain('Carl Ortega');
  });
});
