import { randomBytes } from 'node:crypto';
import { lstatSync, realpathSync, statSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';

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

/** A name beside this one that nobody has, for what is not complete yet. */
export const nameAside = (path: string): string => `${path}.${randomBytes(6).toString('hex')}.part`;

/** The file that is replaced, behind symbolic links; null: a device or a pipe, which is written to as it is. */
const replacedBy = (file: string): string | null => {
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return file;
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true ? realpathSync(file) : null;
};

/**
 * A file that has its name only when it is complete and durable, written in pieces of a mebibyte; a device or
 * a pipe is written to at once. What fails throws `OutputError`.
 */
export class OutputFile {
  #waiting: Uint8Array[] = [];
  #bytes = 0;
  #complete = false;

  private constructor(
    readonly file: string,
    private readonly handle: FileHandle,
    private readonly aside: { readonly part: string; readonly target: string; readonly mode: number } | null,
  ) {}

  /** @param mode permissions, before the process's mask */
  static async create(file: string, mode = 0o666): Promise<OutputFile> {
    try {
      const target = replacedBy(file);
      if (target === null) return new OutputFile(file, await open(file, 'w', mode), null);
      const part = nameAside(target);
      // Whoever kills the process leaves it behind, personal data and all.
      return new OutputFile(file, await open(part, 'wx', 0o600), { part, target, mode: mode & ~process.umask() });
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
    await this.#tried(async () => {
      if (this.aside !== null) {
        await this.handle.chmod(this.aside.mode);
        await this.handle.sync();
      }
      await this.handle.close();
      if (this.aside !== null) await rename(this.aside.part, this.aside.target);
    });
    this.#complete = true;
  }

  /** Leaves nothing of it, unless it is closed. */
  async abandon(): Promise<void> {
    if (this.#complete) return;
    await this.handle.close().catch(() => undefined);
    if (this.aside !== null) await rm(this.aside.part, { force: true });
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

/** Writes a whole file. Throws `OutputError`. */
export const writeWhole = async (file: string, text: string, mode?: number): Promise<void> => {
  const out = await OutputFile.create(file, mode);
  try {
    await out.write(Buffer.from(text));
    await out.close();
  } finally {
    await out.abandon();
  }
};
