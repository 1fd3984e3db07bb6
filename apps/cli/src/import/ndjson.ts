import { openInput } from './input';
import type { ImportReport, ImportSource, Input } from './source';
import { FactTally } from './tally';
import { Unmapped } from './unmapped';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

const meanings = {
  notJson: 'lines that are no JSON object',
  tooLong: 'lines longer than 1 MiB',
} as const;

/** A line beyond this cannot be one fact (`interfaces.md` limits a fact to 64 KiB) and is not held in memory. */
const MAX_LINE = 1024 * 1024;

type JsonRecord = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parsed = (text: string): JsonRecord | null => {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
};

/** Lines with their number; `null` stands for one that is too long. The last line needs no line end. */
async function* linesOf(bytes: Readable): AsyncGenerator<{ readonly line: number; readonly text: string | null }> {
  const decoder = new StringDecoder('utf8');
  let line = 1;
  let rest = '';
  let isTooLong = false;
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    const text = rest + decoder.write(chunk);
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      yield { line, text: isTooLong ? null : text.slice(from, end) };
      isTooLong = false;
      line += 1;
      from = end + 1;
    }
    rest = text.slice(from);
    if (rest.length > MAX_LINE) {
      isTooLong = true;
      rest = '';
    }
  }
  rest += decoder.end();
  if (rest !== '' || isTooLong) yield { line, text: isTooLong ? null : rest };
}

/**
 * One CloudEvent a line (`interfaces.md`, Command line). Only JSON is checked here; whether it is a
 * fact is decided where all facts enter. A line that is no JSON object is counted and listed with its
 * number, without its content (it may be personal), and stops nothing. Empty lines are no lines.
 */
export const openNdjson = (input: Input): ImportSource<JsonRecord> => {
  const { bytes, progress } = openInput(input);
  const unmapped = new Unmapped(meanings);
  const tally = new FactTally();
  let lines = 0;

  async function* facts(): AsyncGenerator<JsonRecord> {
    for await (const { line, text } of linesOf(bytes)) {
      if (text?.trim() === '') continue;
      lines += 1;
      const event = text === null ? null : parsed(line === 1 ? text.replace(/^\uFEFF/, '') : text);
      if (event === null) {
        unmapped.add(text === null ? 'tooLong' : 'notJson', line, 0, `${text?.length ?? `> ${MAX_LINE}`} characters`);
        continue;
      }
      const { type, time } = event;
      tally.add({ type: typeof type === 'string' ? type : 'unknown', time: typeof time === 'string' ? time : '' });
      yield event;
    }
  }

  const report = (): ImportReport => ({
    format: 'ndjson',
    lines,
    facts: tally.facts,
    factsByType: tally.byType(),
    endsAt: tally.endsAt,
    figures: [],
    unmapped: unmapped.classes(),
    remarks: [],
    agrees: true,
  });
  return { facts: facts(), progress, report };
};
