import { open, stat } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** A place in a file where something that was looked for lies. */
export interface Found {
  readonly file: string;
  readonly offset: number;
  /** Which of the values, by its place in the list: nothing is printed that is to be gone. */
  readonly value: number;
}

const PIECE = 4 * 1_024 * 1_024;

/** How a value may lie in a file: as it is, as JSON writes it, and both in lower case, which is how it is searched. */
const formsOf = (value: string): ReadonlyArray<Buffer> => {
  const written = [value, JSON.stringify(value).slice(1, -1), value.normalize('NFC'), value.normalize('NFD')];
  const forms = new Set([
    ...written,
    ...written.map((text) => text.toLowerCase()),
    ...written.map((text) => text.toUpperCase()),
  ]);
  return [...forms].flatMap((text) => [Buffer.from(text), Buffer.from(text, 'utf16le')]);
};

/**
 * Every place of these files where one of the values lies, byte by byte, the first of each value and piece
 * of 4 MiB; missing files hold nothing. Values of fewer than 3 characters are everywhere and mean nothing.
 */
export const findInFiles = async (
  files: ReadonlyArray<string>,
  values: ReadonlyArray<string>,
  onFile: (file: string, bytes: number) => void = () => undefined,
): Promise<ReadonlyArray<Found>> => {
  const needles = values.flatMap((value, index) =>
    value.length < 3 ? [] : formsOf(value).map((form) => ({ form, index })),
  );
  const longest = Math.max(1, ...needles.map(({ form }) => form.length));
  const found: Found[] = [];
  for (const file of files) {
    const size = await stat(file).then(
      (known) => known.size,
      () => null,
    );
    if (size === null) continue;
    onFile(file, size);
    const handle = await open(file, 'r');
    try {
      const buffer = Buffer.allocUnsafe(PIECE + longest);
      // Pieces overlap, so that nothing lies across a border unseen.
      for (let offset = 0; offset < size; offset += PIECE) {
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
        const piece = buffer.subarray(0, bytesRead);
        const seen = new Set<number>();
        for (const { form, index } of needles) {
          const at = seen.has(index) ? -1 : piece.indexOf(form);
          if (at < 0) continue;
          seen.add(index);
          found.push({ file, offset: offset + at, value: index });
        }
        await nextTurn();
      }
    } finally {
      await handle.close();
    }
  }
  return found;
};
