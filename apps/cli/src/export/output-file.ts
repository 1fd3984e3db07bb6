import { type FileHandle, open } from 'node:fs/promises';

/** Bytes gathered before they are written. */
const PIECE = 1_024 * 1_024;

/** A file that cannot be written: a full disk, a folder without permission. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
  constructor(
    readonly file: string,
    cause: unknown,
  ) {
    const why =
      typeof cause === 'object' && cause !== null && 'message' in cause ? String(cause.message) : String(cause);
    super(`${file} cannot be written: ${why}`);
  }
}

/** A new file, written in pieces of a mebibyte and durable when it is closed. What fails throws `OutputError`. */
export class OutputFile {
  #waiting: Uint8Array[] = [];
  #bytes = 0;

  private constructor(
    readonly file: string,
    readonly handle: FileHandle,
  ) {}

  /** @param mode permissions, before the process's mask */
  static async create(file: string, mode = 0o666): Promise<OutputFile> {
    try {
      return new OutputFile(file, await open(file, 'w', mode));
    } catch (error) {
      throw new OutputError(file, error);
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#waiting.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes >= PIECE) await this.#flush();
  }

  async close(): Promise<void> {
    await this.#flush();
    await this.#tried(() => this.handle.sync());
    await this.handle.close();
  }

  /** Closes it as it is; for a file that is thrown away. */
  async abandon(): Promise<void> {
    await this.handle.close().catch(() => undefined);
  }

  async #flush(): Promise<void> {
    const piece = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#bytes = 0;
    await this.#tried(async () => {
      for (let at = 0; at < piece.length;) at += (await this.handle.write(piece, at)).bytesWritten;
    });
  }

  async #tried(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      throw new OutputError(this.file, error);
    }
  }
}

/** Writes a whole file. */
export const writeWhole = async (file: string, text: string): Promise<void> => {
  const out = await OutputFile.create(file);
  try {
    await out.write(Buffer.from(text));
    await out.close();
  } catch (error) {
    await out.abandon();
    throw error;
  }
};
