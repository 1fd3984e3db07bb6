import { openInput } from './input';
import type { ImportReport, ImportSource, Input } from './source';
import { FactTally } from './tally';
import { brokenLineMeanings, textLines } from './text-lines';
import { Unmapped } from './unmapped';

const meanings = {
  notJson: 'lines that are no JSON object',
  tooDeep: 'lines nested deeper than 64 levels',
  ...brokenLineMeanings,
} as const;

type JsonRecord = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** As over HTTP: deeper JSON is refused before anything that recurses meets it. */
const MAX_DEPTH = 64;

const isTooDeep = (value: unknown, levels = MAX_DEPTH): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((member) => isTooDeep(member, levels - 1)));

const parsed = (text: string): JsonRecord | null => {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
};

/**
 * One CloudEvent a line (`interfaces.md`, Command line). Only JSON is checked here; whether it is a
 * fact is decided where all facts enter. A line that is no JSON object in UTF-8 is counted and listed with its
 * number, without its content (it may be personal), and stops nothing. Empty lines are no lines.
 */
export const openNdjson = (input: Input): ImportSource<JsonRecord> => {
  const { bytes, progress } = openInput(input);
  const unmapped = new Unmapped(meanings);
  const tally = new FactTally();
  let lines = 0;

  async function* facts(): AsyncGenerator<JsonRecord> {
    for await (const read of textLines(bytes, 'LF')) {
      const { line, text } = read;
      if (text?.trim() === '') continue;
      lines += 1;
      if (text === null) {
        unmapped.add(read.why, line, 0, `${read.bytes} bytes`);
        continue;
      }
      const event = parsed(text);
      if (event === null) {
        unmapped.add('notJson', line, 0, `${text.length} characters`);
        continue;
      }
      if (isTooDeep(event)) {
        unmapped.add('tooDeep', line, 0, `${text.length} characters`);
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
    missingColumns: [],
    agrees: true,
  });
  return { facts: facts(), progress, report };
};
