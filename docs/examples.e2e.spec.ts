/**
 * The documents say what is so: every command marked `sh test` runs, with the real curl against a real
 * server and with the real command line, and prints what the document shows (`json answer`, `text
 * answer`). In an answer `…` stands for what the document leaves out.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonDifference, textDifference } from './testing/as-shown';
import { type Example, examplesIn } from './testing/fenced-blocks';
import { compiledProgram, givenReader, type Program, type Reader } from './testing/reader';

jest.setTimeout(30_000);

const documents = ['../README.md', ...readdirSync(__dirname).filter((name) => name.endsWith('.md'))].map((name) => {
  const text = readFileSync(join(__dirname, name), 'utf8');
  return {
    name: name.replace('../', ''),
    examples: examplesIn(text),
    clock: /AFECTO_CLOCK=(\d\S+Z)/.exec(text)?.[1] ?? '',
    eventStore: /AFECTO_EVENT_STORE=(sqlite:\.\/data\/\w+\.db)/.exec(text)?.[1] ?? '',
  };
});

const differenceOf = ({ answer }: Example, output: string): string | null => {
  if (answer === null) return null;
  return answer.language === 'json'
    ? jsonDifference(JSON.parse(answer.text), JSON.parse(output))
    : textDifference(answer.text, output);
};

let program: Program;
beforeAll(() => {
  program = compiledProgram();
});
afterAll(() => program.remove());

describe.each(documents.filter(({ examples }) => examples.length > 0))('$name', ({ examples, clock, eventStore }) => {
  let reader: Reader;
  beforeAll(async () => {
    const served = examples.some(({ command }) => command.includes('AFECTO_URL'));
    reader = await givenReader(program, { clock, eventStore, served });
  });
  afterAll(() => reader.remove());

  it.each(examples)('the command in line $line prints what is shown', async (example) => {
    const output = await reader.run(example.command);
    const difference = differenceOf(example, output);
    expect({ difference, output: difference === null ? '' : output }).toEqual({ difference: null, output: '' });
  });
});

it('the documents hold examples', () => {
  expect(documents.flatMap(({ examples }) => examples).length).toBeGreaterThan(20);
});
