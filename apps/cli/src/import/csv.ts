import { CsvError, parse } from 'csv-parse/sync';
import type { Readable } from 'node:stream';
import { brokenLineMeanings, type TextLine, textLines } from './text-lines';

/** One record of a CSV file: its fields by place, and the line where it began (the header is line 1). */
export interface CsvLine {
  readonly line: number;
  readonly fields: ReadonlyArray<string>;
}

/** Characters of a record of several lines; beyond it, what opened was no field but a stray quote. */
const MAX_RECORD = 64 * 1024;

/**
 * The fields of a record; `open`: a quoted field goes on in the next line; `broken`: no CSV. A quote within an
 * unquoted field is a letter of it, but in a record of several lines none: there it may be a stray one that joined them.
 */
const fieldsOf = (text: string, of: 'one line' | 'several lines'): ReadonlyArray<string> | 'open' | 'broken' => {
  if (!text.includes('"')) return text.split(',');
  try {
    return parse(text, { relax_column_count: true, relax_quotes: of === 'one line' })[0] ?? 'broken';
  } catch (error) {
    return error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'open' : 'broken';
  }
};

/** Lines that can be looked at before they are taken. */
const ahead = (lines: AsyncIterator<TextLine>) => {
  const waiting: TextLine[] = [];
  return {
    peek: async (index: number): Promise<TextLine | undefined> => {
      while (waiting.length <= index) {
        const next = await lines.next();
        if (next.done === true) return undefined;
        waiting.push(next.value);
      }
      return waiting[index];
    },
    take: (count: number): void => {
      waiting.splice(0, count);
    },
  };
};

/**
 * Reads CSV (RFC 4180, UTF-8, any line ends) with flat memory; yields the header first. A quoted field may
 * hold line ends as long as its record is no longer than 64 KiB, has as many fields as the header, quotes only
 * where RFC 4180 has them, and no line of it is a record by itself; otherwise its first line alone is broken, and reading goes on with the
 * next one, so that a stray quote costs one line. A line that is no CSV goes to `onBroken`; empty lines are
 * none. Records of one line and of a wrong length are yielded as they are: the mapping decides what they are
 * worth. Throws when the bytes cannot be read.
 */
export async function* readCsv(
  bytes: Readable,
  onBroken: (line: number, reason: string) => void,
): AsyncGenerator<CsvLine, void, void> {
  const source = textLines(bytes, 'any');
  const lines = ahead(source);
  let width: number | null = null;
  const isRow = (text: string): boolean => {
    const fields = fieldsOf(text, 'one line');
    return typeof fields !== 'string' && fields.length === width;
  };
  /** The fields that begin with this line, and in how many lines; null: the line is broken. */
  const record = async (first: string): Promise<readonly [ReadonlyArray<string> | null, number]> => {
    let fields = fieldsOf(first, 'one line');
    let text = first;
    let count = 1;
    for (; fields === 'open'; count += 1) {
      const next = await lines.peek(count);
      if (next === undefined || next.text === null || text.length + next.text.length > MAX_RECORD) return [null, 1];
      if (isRow(next.text)) return [null, 1];
      text += `\n${next.text}`;
      if (next.text.includes('"')) fields = fieldsOf(text, 'several lines');
    }
    return fields === 'broken' || (count > 1 && fields.length !== width) ? [null, 1] : [fields, count];
  };
  try {
    for (let at = await lines.peek(0); at !== undefined; at = await lines.peek(0)) {
      const { line, text } = at;
      if (text === null) onBroken(line, brokenLineMeanings[at.why]);
      const [fields, count] = text === null || text === '' ? [null, 1] : await record(text);
      if (fields !== null) {
        width ??= fields.length;
        yield { line, fields };
      } else if (text !== null && text !== '') onBroken(line, 'a quoted field does not end, or goes on behind its end');
      lines.take(count);
    }
  } finally {
    await source.return();
  }
}

/** Where each wanted column lies. */
export interface Columns<Name extends string> {
  /** Those that the header lacks: then no line says anything. */
  readonly missing: ReadonlyArray<Name>;
  /** Whether a line has as many fields as the header, which lacks none. */
  readonly fit: (fields: ReadonlyArray<string>) => boolean;
  readonly field: (fields: ReadonlyArray<string>, name: Name) => string;
}

export const locateColumns = <Name extends string>(
  header: ReadonlyArray<string>,
  names: ReadonlyArray<Name>,
): Columns<Name> => {
  const places = new Map(names.map((name) => [name, header.indexOf(name)]));
  const missing = names.filter((name) => !header.includes(name));
  return {
    missing,
    fit: (fields) => missing.length === 0 && fields.length === header.length,
    field: (fields, name) => fields[places.get(name) ?? -1] ?? '',
  };
};
