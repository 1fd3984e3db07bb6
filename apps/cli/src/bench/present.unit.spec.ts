import { median, type MeasuredLine, summaryOf } from './figures';
import { groups, lineNames } from './groups';
import { asJson, asMarkdown, asText, type BenchResult } from './present';
import { runBench } from './run-bench';

const rate: MeasuredLine = {
  name: 'scan',
  what: 'scan of the log',
  unit: 'events/s',
  rounds: [90, 60, 100],
  raw: [100, 100, 200],
  goal: { of: 'ratio', floor: 0.7, aim: 0.9 },
};
const time: MeasuredLine = {
  name: 'claim',
  what: 'claim, p99',
  unit: 'ms',
  rounds: [4, 2, 8],
  raw: [1, 1, 1],
  goal: { of: 'value', floor: 10, aim: 3 },
};

describe('a line of the table', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[7], 7],
  ])('the median of %j is %d', (values, middle) => expect(median(values)).toBe(middle));

  it('has the median of the rounds, their spread, and the median of their ratios to the raw limit', () => {
    expect(summaryOf(rate)).toEqual({ median: 90, least: 60, most: 100, raw: 100, ratio: 0.6, verdict: 'below' });
  });

  it('of times less is better: the ratio is that of the raw limit to ours, floor and aim are at most', () => {
    expect(summaryOf(time)).toMatchObject({ median: 4, ratio: 0.25, verdict: 'floor' });
    expect(summaryOf({ ...time, rounds: [3] })).toMatchObject({ verdict: 'aim' });
    expect(summaryOf({ ...time, rounds: [10.1] })).toMatchObject({ verdict: 'below' });
  });

  it('of a rate more is better', () => {
    const goal = { of: 'value', floor: 50, aim: 90 } as const;
    expect(summaryOf({ ...rate, goal })).toMatchObject({ verdict: 'aim' });
    expect(summaryOf({ ...rate, goal: { ...goal, aim: 91 } })).toMatchObject({ verdict: 'floor' });
    expect(summaryOf({ ...rate, goal: null })).toMatchObject({ verdict: null });
  });

  it('one raw limit for all rounds is compared with their median', () => {
    expect(summaryOf({ ...rate, raw: [180] })).toMatchObject({ raw: 180, ratio: 0.5 });
    expect(summaryOf({ ...rate, raw: null })).toMatchObject({ raw: null, ratio: null });
  });
});

describe('the table', () => {
  const result: BenchResult = { lines: [rate, time], failed: [{ name: 'lag', error: 'answered 503' }] };

  it('shows every line with floor, aim and what is reached, and what failed', () => {
    expect(asText(result).split('\n')).toEqual([
      '       what             median  unit        min..max   raw  ratio         floor           aim  reached  note',
      'scan   scan of the log    90.0  events/s   60.0..100   100   0.60  ratio ≥ 0.70  ratio ≥ 0.90  no',
      'claim  claim, p99         4.00  ms        2.00..8.00  1.00   0.25        ≤ 10.0        ≤ 3.00  floor',
      'lag: answered 503',
    ]);
  });

  it('is the same as Markdown', () => {
    expect(asMarkdown(result)).toContain(
      '| claim | claim, p99 | 4.00 | ms | 2.00..8.00 | 1.00 | 0.25 | ≤ 10.0 | ≤ 3.00 | floor |  |',
    );
  });

  it('has every round for machines', () => {
    expect(JSON.parse(asJson(result, new Date(0)))).toMatchObject({
      at: '1970-01-01T00:00:00.000Z',
      lines: [{ name: 'scan', rounds: [90, 60, 100], ratio: 0.6 }, { name: 'claim' }],
      failed: [{ name: 'lag' }],
    });
  });
});

describe('a run', () => {
  const signal = new AbortController().signal;
  const options = { only: new Set<string>(), facts: null, parties: null, signal, onProgress: () => undefined };
  const measured = { names: ['scan'], measure: async () => [rate] };

  it('goes on after a line that fails', async () => {
    const failing = { names: ['lag'], measure: () => Promise.reject(new Error('answered 503')) };
    expect(await runBench([failing, measured], options)).toEqual({
      lines: [rate],
      failed: [{ name: 'lag', error: 'answered 503' }],
    });
  });

  it('measures only what was asked for, and what begins alike in the same group', async () => {
    const profile = {
      names: ['profile', 'profile-p99'],
      measure: async () => ['profile', 'profile-p99'].map((name) => ({ ...rate, name })),
    };
    const only = async (...names: ReadonlyArray<string>): Promise<ReadonlyArray<string>> =>
      (await runBench([profile, measured], { ...options, only: new Set(names) })).lines.map(({ name }) => name);
    expect(await only('profile')).toEqual(['profile', 'profile-p99']);
    expect(await only('profile-p99')).toEqual(['profile-p99']);
    expect(await only('scan')).toEqual(['scan']);
  });

  it('begins nothing after the signal and keeps what it has', async () => {
    const interruption = new AbortController();
    const last = { names: ['scan'], measure: async () => (interruption.abort(), [rate]) };
    expect(await runBench([last, measured], { ...options, signal: interruption.signal })).toEqual({
      lines: [rate],
      failed: [],
    });
  });

  it('every line has a name of its own', () => {
    expect(new Set(lineNames).size).toBe(groups.flatMap(({ names }) => names).length);
  });
});
