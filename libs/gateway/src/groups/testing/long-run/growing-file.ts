import { closeSync, openSync, readSync } from 'node:fs';

const CHUNK = 1_024 * 1_024;
/** One for all: what was read is text before anybody else reads. */
const bytes = Buffer.alloc(CHUNK);

/** Lines that another process adds to a file. */
export class GrowingFile {
  readonly #file: string;
  #offset = 0;
  #rest = '';

  constructor(file: string) {
    this.#file = file;
  }

  /** The lines that have been completed since the last look; none while the file does not exist. */
  *added(): Generator<string> {
    let descriptor: number;
    try {
      descriptor = openSync(this.#file, 'r');
    } catch {
      return;
    }
    try {
      for (;;) {
        const count = readSync(descriptor, bytes, 0, CHUNK, this.#offset);
        if (count === 0) return;
        this.#offset += count;
        const lines = (this.#rest + bytes.toString('latin1', 0, count)).split('\n');
        this.#rest = lines.pop() ?? '';
        yield* lines;
      }
    } finally {
      closeSync(descriptor);
    }
  }
}
