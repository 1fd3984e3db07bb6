import { jsonDifference, textDifference } from './as-shown';
import { examplesIn, filesIn } from './fenced-blocks';

describe('JSON in a document', () => {
  it.each([
    [
      { a: 1, b: [1, 2] },
      { a: 1, b: [1, 2] },
    ],
    [
      { a: 1, '…': '…' },
      { a: 1, b: 2 },
    ],
    [
      [{ a: 1 }, '…'],
      [{ a: 1 }, { a: 2 }],
    ],
    [[], []],
  ])('%j shows %j', (shown, came) => expect(jsonDifference(shown, came)).toBeNull());

  it.each([
    [{ a: 1 }, { a: 1, b: 2 }, '/b is not shown'],
    [{ a: 1, '…': '…' }, { a: 2 }, '/a is 2, shown is 1'],
    [{ a: { b: null } }, { a: {} }, '/a/b is undefined, shown is null'],
    [[1], [1, 2], '/ has 2 elements, shown are 1'],
    [[1, 2, '…'], [1], '/ has 1 elements, shown are 2'],
    [{ a: [] }, { a: null }, '/a is no array'],
  ])('%j does not show %j', (shown, came, difference) => expect(jsonDifference(shown, came)).toBe(difference));
});

describe('text in a document', () => {
  it.each([
    ['one\ntwo', 'one\ntwo\n'],
    ['one in … s', 'one in 0.3 s'],
    ['one\n…\nfour', 'one\ntwo\nthree\nfour'],
    ['…\nfour', 'three\nfour'],
    ['one\n…', 'one\ntwo'],
  ])('%j shows %j', (shown, came) => expect(textDifference(shown, came)).toBeNull());

  it.each([
    ['one\nthree', 'one\ntwo\nthree', '"three" did not come; there was "two"'],
    ['one', 'one\ntwo', '"two" is not shown'],
    ['a.c', 'abc', '"a.c" did not come; there was "abc"'],
    ['one\n…\nfive', 'one\ntwo', '"five" did not come; there was "two"'],
  ])('%j does not show %j', (shown, came, difference) => expect(textDifference(shown, came)).toBe(difference));
});

describe('examples in a document', () => {
  const fence = '```';

  it('are the blocks marked test, each with the answer right behind it', () => {
    const markdown = [
      `${fence}sh test\ncurl a\n${fence}`,
      `and gets\n\n${fence}json answer\n{}\n${fence}`,
      `${fence}sh\nnot run\n${fence}`,
      `${fence}sh test\ncurl b\n${fence}`,
    ].join('\n\n');
    expect(examplesIn(markdown)).toMatchObject([
      { line: 1, command: 'curl a\n', answer: { language: 'json', text: '{}\n' } },
      { command: 'curl b\n', answer: null },
    ]);
  });

  it('have no answer without a command', () => {
    expect(() => examplesIn(`${fence}sh\nls\n${fence}\n${fence}text answer\nfile\n${fence}`)).toThrow('line 4');
  });

  it('run beside the files that are shown under a name', () => {
    const markdown = [
      `${fence}ts worker.mts\nwork();\n${fence}`,
      `${fence}ts\nnot written\n${fence}`,
      `${fence}sh test\nnode worker.mts\n${fence}`,
    ].join('\n\n');
    expect(filesIn(markdown)).toEqual([{ name: 'worker.mts', text: 'work();\n' }]);
    expect(examplesIn(markdown)).toMatchObject([{ command: 'node worker.mts\n', answer: null }]);
  });
});
