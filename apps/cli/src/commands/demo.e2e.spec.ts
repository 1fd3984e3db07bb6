import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeStoreFile, givenLogs, isOnServer } from '../testing/given-logs';
import { givenProgram } from '../testing/given-program';

const program = givenProgram();
const logs = givenLogs(program);
afterAll(async () => {
  await logs.close();
  program.remove();
});

/** What the README shows of the demo, up to the `…` of each line. */
const shownInReadme = (): ReadonlyArray<string> => {
  const readme = readFileSync(join(__dirname, '../../../../README.md'), 'utf8');
  const [, block = ''] = /what the demo prints[^]*?```text\n([^]*?)```/.exec(readme) ?? [];
  return block.split('\n').map((line) => line.replace(/ *….*$/, ''));
};

const leftBehind = (): ReadonlyArray<string> => readdirSync(program.temporary);

describe('afecto demo', () => {
  // coverage: 1
  it('shows the whole story, proves its rebuild, serves the same until Ctrl-C, and leaves nothing behind', async () => {
    // Each fact of a new stream costs two turns over the wire: there the story is a shorter one.
    const running = program.start(
      isOnServer ? ['--store', await logs.urlOf('demo'), 'demo', '--customers', '150'] : ['demo'],
    );
    const url = (await running.output(/http:\/\/[\w.:[\]]+(?= {2}until Ctrl-C)/)).trim();
    const answer: unknown = await (await fetch(`${url}/v1/loyalty/zones?groupBy=zone`)).json();
    expect(JSON.stringify(answer)).toContain('"defection"');
    running.child.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(0);
    expect(leftBehind()).toEqual([]);

    expect(stdout.match(/^\d\. .*$/gm)).toEqual([
      '1. Facts in',
      '2. Projected, and the portfolio reviewed',
      '3. Where customers stand',
      '4. Eight queues, and the head of each',
      '5. One customer, and why',
      '6. An agent claims the item, and the customer moves',
      '7. Rebuilt from the log',
      '8. The same over HTTP, and for EventStoreDB clients',
    ]);
    expect(stdout).toMatch(/^Why \w+\? Score \d+\.\d\d = 50 /m);
    expect(stdout).toMatch(
      isOnServer ? /\w+ \(\d+\.\d\) → \w+ \(\d+\.\d\)/ : /defection \(\d+\.\d\) → indifference \(\d+\.\d\)/,
    );
    expect(stdout).toMatch(/✓ equal to the live ones, byte for byte: [\d,]+ rows/);
    expect(stdout.match(/^ {2}Q\d +\d+ {2}\w.*\n {6}[\w-]+, due \d{4}-\d\d-\d\d/gm)).toHaveLength(8);
    if (!isOnServer) {
      expect(shownInReadme().length).toBeGreaterThan(25);
      const printed = stdout.split('\n');
      expect(shownInReadme().filter((line) => !printed.some((one) => one.startsWith(line)))).toEqual([]);
    }
    // The clients of a log on a server connect to that server themselves.
    if (!isOnServer) expect(stdout).toMatch(/esdb:\/\/127\.0\.0\.1:\d+\?tls=false {2}for any EventStoreDB client/);
    expect(stderr).toMatch(/^ {2}facts in: \d+ %/m);

    expect(`${stdout}${stderr}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
  });
});

// What is interrupted is the same; a log on a server is no part of the folder that goes.
describeStoreFile('afecto demo in a folder of its own', () => {
  it.each([
    ['facts come in', [], /1\. Facts in/, 300, '2. Projected'],
    // A shorter story comes there sooner.
    ['read models are built', ['--customers', '300'], /2\. Projected/, 400, '3. Where'],
  ])(
    'that is interrupted while %s says so, exits with 130, and leaves nothing behind',
    async (_when, words, heading, wait, next) => {
      const running = program.start(['demo', ...words]);
      await running.output(heading);
      await new Promise((resolve) => setTimeout(resolve, wait));
      expect(leftBehind()).toEqual([expect.stringMatching(/^afecto-demo-/)]);
      running.child.kill('SIGINT');
      const { code, stdout, stderr } = await running.ended;
      expect(code).toBe(130);
      expect(stdout).not.toContain(next);
      expect(stderr).toContain('Interrupted; the temporary folder is gone.');
      expect(stderr).not.toContain('    at ');
      expect(leftBehind()).toEqual([]);
    },
  );

  it('has nothing for machines and says so', async () => {
    const { code, stdout } = await program.run(['--json', 'demo']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({ error: expect.stringContaining('for people') });
  });
});
