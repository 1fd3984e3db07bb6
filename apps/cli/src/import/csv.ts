import { parse } from 'csv-parse';
import { pipeline, type Readable } from 'node:stream';

/** One line of a CSV file: its fields by place, and where it began (the header is line 1). */
export interface CsvLine {
  readonly line: number;
  readonly fields: ReadonlyArray<string>;
}

const lineBreaks = (fields: ReadonlyArray<string>): number => {
  let breaks = 0;
  for (const field of fields) {
    for (let at = field.indexOf('\n'); at >= 0; at = field.indexOf('\n', at + 1)) breaks += 1;
  }
  return breaks;
};

const isFields = (value: unknown): value is ReadonlyArray<string> => Array.isArray(value);

/**
 * Reads CSV (RFC 4180) line by line with flat memory; yields the header first. Rows of a wrong length
 * are yielded as they are: the mapping decides what they are worth. A line that is no CSV at all (an
 * unclosed quote) goes to `onBroken` and reading goes on. Throws when the bytes cannot be read.
 */
export async function* readCsv(
  bytes: Readable,
  onBroken: (line: number, reason: string) => void,
): AsyncGenerator<CsvLine> {
  const parser = parse({
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
  });
  parser.on('skip', (error: { readonly lines?: number; readonly message: string }) => {
    onBroken(error.lines ?? 0, error.message);
  });
  // An error of the bytes destroys the parser with it and so ends the loop below by throwing.
  pipeline(bytes, parser, () => undefined);
  let line = 1;
  for await (const fields of parser as AsyncIterable<unknown>) {
    if (!isFields(fields)) continue;
    yield { line, fields };
    line += 1 + lineBreaks(fields);
  }
}

/** Where each wanted column lies; null when one is missing from the header. */
export const locateColumns = <Name extends string>(
  header: ReadonlyArray<string>,
  names: ReadonlyArray<Name>,
): ((fields: ReadonlyArray<string>, name: Name) => string) | null => {
  const places = new Map(names.map((name) => [name, header.indexOf(name)]));
  if ([...places.values()].some((place) => place < 0)) return null;
  return (fields, name) => fields[places.get(name) ?? -1] ?? '';
};
