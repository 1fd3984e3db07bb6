import { flushCompileCache } from 'node:module';
import { type ServedLog, servedLog } from './served-log';

/** What a test asks of this process: to serve a store file, or to let go of the one on a port. */
export type Asked = { readonly file: string; readonly clockFile: string | null } | { readonly close: number };

/** The port that it was about, or why it is not served. */
export type Said = { readonly port: number } | { readonly error: string };

/** A process that serves store files, each on a port of its own, and answers one question after another. */
const serving = new Map<number, ServedLog>();

const answer = async (asked: Asked): Promise<Said> => {
  if ('close' in asked) {
    await serving.get(asked.close)?.close();
    serving.delete(asked.close);
    return { port: asked.close };
  }
  const served = await servedLog(asked.file, 0, asked.clockFile);
  serving.set(served.port, served);
  return { port: served.port };
};

process.on('message', (asked: Asked) => {
  void answer(asked)
    .catch((error: unknown): Said => ({ error: String(error) }))
    .then((said) => process.send?.(said));
});
process.on('disconnect', () => process.exit(0));
// Tests end it with -9: what it has compiled is to be there for the next one all the same.
flushCompileCache();
