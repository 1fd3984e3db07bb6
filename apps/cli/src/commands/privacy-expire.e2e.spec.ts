import { writeFileSync } from 'node:fs';
import { defaultConfiguration } from '@afecto/domain';
import { shopEvents, writeNdjson } from '../testing/given-facts';
import { givenLogs } from '../testing/given-logs';
import { givenProgram } from '../testing/given-program';

const program = givenProgram();
const logs = givenLogs(program);
afterAll(async () => {
  await logs.close();
  program.remove();
});

const NAME = 'Ana Pérez Quintanilla';
const VERBATIM = 'The parcel stood in the rain for hours';
const LATER = 'This time it came with a smile';

const { event, registered } = shopEvents('e');
const survey = (time: string, surveyId: string, verbatim: string) =>
  event('SurveyAnswered', time, 'ana', {
    surveyId,
    partyId: 'ana',
    instrument: 'nps',
    score: 9,
    scaleMin: 0,
    scaleMax: 10,
    verbatim,
  });
const privacy = { legalHolds: [], retention: { contentDays: 30, identityDays: 90 } };
const facts = [
  event('ConfigurationActivated', '2026-01-01T00:00:00Z', undefined, {
    version: 1,
    effectiveFrom: '2026-01-01T00:00:00Z',
    config: { ...defaultConfiguration, version: 1, privacy },
  }),
  registered('ana', NAME, '2026-01-02T10:00:00Z'),
  survey('2026-01-03T10:00:00Z', 's1', VERBATIM),
];

const at = async (clock: string, ...args: ReadonlyArray<string>) => program.ask(await logs.on('shop', clock, ...args));
const inJson = async (clock: string, ...args: ReadonlyArray<string>): Promise<unknown> =>
  JSON.parse((await at(clock, '--json', ...args)).stdout);
const verify = (clock: string, values: string) => at(clock, 'privacy', 'verify-erasure', 'ana', '--values', values);

beforeAll(async () => {
  writeNdjson(program.path('facts.ndjson'), facts);
  writeNdjson(program.path('later.ndjson'), [survey('2026-02-10T10:00:00Z', 's2', LATER)]);
  writeFileSync(program.path('text.txt'), `${VERBATIM}\n`);
  writeFileSync(program.path('all.txt'), `${VERBATIM}\n${LATER}\n${NAME}\n`);
  expect(await at('2026-01-04T00:00:00Z', 'import', 'facts.ndjson')).toMatchObject({ code: 0 });
});

describe('afecto privacy expire', () => {
  it('has nothing to do before the period is over', async () => {
    expect(await at('2026-02-02T09:59:59Z', 'privacy', 'expire', '--dry-run')).toMatchObject({
      code: 0,
      stdout: 'Nothing has expired.\n',
    });
    expect(await inJson('2026-02-02T09:59:59Z', 'privacy', 'expire')).toEqual({ content: 0, identity: 0, waiting: 0 });
    expect(await verify('2026-02-02T09:59:59Z', 'text.txt')).toMatchObject({ code: 1 });
  });

  it('says who is due and erases nothing when it is asked to', async () => {
    expect(await inJson('2026-02-02T10:00:00Z', 'privacy', 'expire', '--dry-run')).toEqual([
      { partyId: 'ana', class: 'content', expiresAt: '2026-02-02T10:00:00.000Z' },
    ]);
    expect(await at('2026-02-02T10:00:00Z', 'privacy', 'expire', '--dry-run')).toMatchObject({
      stdout: 'ana  free text, since 2026-02-02T10:00:00.000Z\n',
    });
    expect(JSON.stringify(await inJson('2026-02-02T10:00:00Z', 'privacy', 'export', 'ana'))).toContain(VERBATIM);
  });

  it('leaves none of the free text in any file, and the name in the profile', async () => {
    expect(await at('2026-02-02T10:00:00Z', 'privacy', 'expire')).toMatchObject({
      code: 0,
      stdout: 'Free text of 1 customer is erased, and everything personal of 0 customers.\n',
    });
    expect(await verify('2026-02-02T10:00:00Z', 'text.txt')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Free text is erased, names are kept.') as unknown,
    });
    expect(await verify('2026-02-02T10:00:00Z', 'all.txt')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/shop\.read-models\S* at byte \d+: value 3/) as unknown,
    });
    expect(await inJson('2026-02-02T10:00:00Z', 'profile', 'ana')).toMatchObject({
      erased: false,
      identity: { displayName: NAME },
    });
    expect(await at('2026-02-02T10:00:00Z', 'verify')).toMatchObject({ code: 0 });
  });

  it('takes what is said later in its turn, and in the end the name', async () => {
    expect(await at('2026-02-11T00:00:00Z', 'import', 'later.ndjson')).toMatchObject({ code: 0 });
    expect(JSON.stringify(await inJson('2026-02-11T00:00:00Z', 'privacy', 'export', 'ana'))).toContain(LATER);
    expect(await verify('2026-02-11T00:00:00Z', 'text.txt')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2 of what is kept: names, and free text since') as unknown,
    });
    expect(await inJson('2026-05-11T10:00:00Z', 'privacy', 'expire')).toEqual({ content: 0, identity: 1, waiting: 0 });
    expect(await verify('2026-05-11T10:00:00Z', 'all.txt')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Erased.') as unknown,
    });
    expect(await inJson('2026-05-11T10:00:00Z', 'profile', 'ana')).toMatchObject({
      erased: true,
      identity: { displayName: null },
    });
  });
});
