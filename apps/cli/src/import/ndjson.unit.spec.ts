import { inputOf } from './csv-sample';
import { openNdjson } from './ndjson';

const read = async (text: string | Buffer) => {
  const source = openNdjson(inputOf(text));
  const events: unknown[] = [];
  for await (const event of source.facts) events.push(event);
  return { events, report: source.report(), progress: source.progress() };
};

describe('NDJSON', () => {
  it('hands out one object a line, whatever pieces the bytes come in', async () => {
    const lines = Array.from({ length: 50 }, (_, index) => ({
      id: `é-${index}`,
      type: 'SurveyAnswered',
      time: '2026-01-01T00:00:00Z',
    }));
    const text = lines.map((line) => JSON.stringify(line)).join('\n');
    const { events, report, progress } = await read(text);
    expect(events).toEqual(lines);
    expect(report).toMatchObject({ facts: 50, lines: 50, factsByType: { SurveyAnswered: 50 } });
    expect(progress).toEqual({ readBytes: Buffer.byteLength(text), totalBytes: null });
  });

  it('a line that is no object is listed with its number and stops nothing', async () => {
    const { events, report } = await read('{"id":"1"}\r\n{broken\n\n[1]\n{"id":"2"}\n');
    expect(events).toEqual([{ id: '1' }, { id: '2' }]);
    expect(report.unmapped).toEqual([
      expect.objectContaining({
        code: 'notJson',
        lines: 2,
        examples: [
          { line: 2, text: '7 characters' },
          { line: 4, text: '3 characters' },
        ],
      }),
    ]);
  });

  it('a line that is nested deeper than anything that recurses can follow is listed, and its neighbours are not', async () => {
    const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
    const { events, report } = await read([nested(64), nested(65), nested(100_000), '{"id":"2"}', ''].join('\n'));
    expect(events).toEqual([JSON.parse(nested(64)), { id: '2' }]);
    expect(report.unmapped).toEqual([
      expect.objectContaining({
        code: 'tooDeep',
        lines: 2,
        examples: [expect.objectContaining({ line: 2 }), expect.objectContaining({ line: 3 })],
      }),
    ]);
  });

  // What a decoder puts in the place of such bytes would stay in the log for ever.
  it('a line that is not UTF-8 is listed, and its neighbours are not touched', async () => {
    const lines = ['{"id":"1"}', '{"id":"caf\u00e9"}', '{"id":"3"}', ''];
    const { events, report } = await read(Buffer.from(lines.join('\n'), 'latin1'));
    expect(events).toEqual([{ id: '1' }, { id: '3' }]);
    expect(report.unmapped).toEqual([
      expect.objectContaining({ code: 'notUtf8', lines: 1, examples: [{ line: 2, text: '13 bytes' }] }),
    ]);
  });

  it('a line of more than a mebibyte is listed and not held', async () => {
    const { events, report } = await read(`{"id":"${'x'.repeat(1_200_000)}"}\n{"id":"2"}\n`);
    expect(events).toEqual([{ id: '2' }]);
    expect(report.unmapped).toEqual([expect.objectContaining({ code: 'tooLong', lines: 1 })]);
  });

  it('an input that cannot be read ends with an error', async () => {
    const source = openNdjson({ path: 'no-such-file.ndjson' });
    await expect(source.facts[Symbol.asyncIterator]().next()).rejects.toThrow('ENOENT');
  });
});
