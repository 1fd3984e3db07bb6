/**
 * The documents say what is so: every command marked `sh test` runs, with the real curl against a real
 * server and with the real command line, and prints what the document shows (`json answer`, `text
 * answer`). In an answer `…` stands for what the document leaves out. Programs that a document shows are
 * compiled by the strict compiler and run as they stand.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonDifference, textDifference } from './testing/as-shown';
import { type Example, examplesIn, filesIn } from './testing/fenced-blocks';
import { compiledProgram, faultsOf, givenReader, type Program, type Reader } from './testing/reader';

const documents = ['../README.md', ...readdirSync(__dirname).filter((name) => name.endsWith('.md'))].map((name) => {
  const text = readFileSync(join(__dirname, name), 'utf8');
  return {
    name: name.replace('../', ''),
    examples: examplesIn(text),
    files: filesIn(text),
    clock: /AFECTO_CLOCK=(\d\S+Z)/.exec(text)?.[1] ?? '',
    eventStore: /AFECTO_EVENT_STORE=(sqlite:\.\/data\/\w+\.db)/.exec(text)?.[1] ?? '',
  };
});

/** The same documents run once more with their log on a server (`jest.config.cjs`). */
const onServer = Reflect.get(globalThis, 'AFECTO_LOG') === 'server';

/** A log on a server begins with the name of its key store (`privacy.md`): every place that is shown lies one further on. */
const asOnServer = (text: string): string =>
  text.replace(
    /((?:minPosition|after)=|"position": ")(\d+)/g,
    (_, before: string, position: string) => `${before}${Number(position) + 1}`,
  );

/** Facts that an example sends without showing the answer must all be accepted. */
const noneRejected = (command: string): string =>
  command.replace(/(?<=[}\]]') > \/dev\/null$/gm, ` | grep -F '"rejected":[]' > /dev/null`);

const differenceOf = ({ answer }: Example, output: string): string | null => {
  if (answer === null) return null;
  return answer.language === 'json'
    ? jsonDifference(JSON.parse(onServer ? asOnServer(answer.text) : answer.text), JSON.parse(output))
    : textDifference(answer.text, output);
};

let program: Program;
beforeAll(() => {
  program = compiledProgram();
});
afterAll(() => program.remove());

/** Commands that name a store file or check one (`verify` counts its pages) show what a server does not have. */
const isOfFiles = ({ examples }: (typeof documents)[number]): boolean =>
  examples.some(({ command }) => /sqlite:|afecto verify/.test(command));

const run = documents.filter((document) => document.examples.length > 0 && !(onServer && isOfFiles(document)));

describe.each(run)('$name', (document) => {
  const { examples, files, clock, eventStore } = document;
  let reader: Reader;
  beforeAll(async () => {
    const names = (variable: string): boolean =>
      examples.some(({ command }) => command.includes(variable)) || files.some(({ text }) => text.includes(variable));
    reader = await givenReader(program, {
      clock,
      eventStore,
      onServer,
      served: names('AFECTO_URL'),
      gateway: names('AFECTO_GATEWAY_URL'),
      cluster: names('CLUSTER_URL'),
      files,
    });
  });
  afterAll(() => reader.remove());

  it.each(examples)('the command in line $line prints what is shown', async (example) => {
    const command = noneRejected(example.command);
    const output = await reader.run(onServer ? asOnServer(command) : command);
    const difference = differenceOf(example, output);
    expect({ difference, output: difference === null ? '' : output }).toEqual({ difference: null, output: '' });
  });
});

if (!onServer)
  describe.each(documents.filter(({ files }) => files.length > 0))('$name', ({ files }) => {
    it('shows programs that the strict compiler takes', async () => {
      expect(await faultsOf(program, files)).toBe('');
    });
  });

it('the documents hold examples', () => {
  expect(documents.flatMap(({ examples }) => examples).length).toBeGreaterThan(20);
  expect(documents.flatMap(({ files }) => files).length).toBeGreaterThan(5);
});
