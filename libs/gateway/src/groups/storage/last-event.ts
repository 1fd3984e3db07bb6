import * as E from 'fp-ts/Either';
import type { WireLog, WireRecord } from '../../log/wire-log';

/** The last readable event of a stream; null when the stream is missing, deleted or empty. */
export const lastEvent = async (log: Pick<WireLog, 'readStream'>, streamId: string): Promise<WireRecord | null> => {
  const pages = log.readStream({ streamId, direction: 'backwards', from: 'end', limit: 1, resolveLinks: false });
  if (E.isLeft(pages)) return null;
  for await (const page of pages.right) {
    const [resolved] = page;
    if (resolved !== undefined) return resolved.event ?? resolved.link;
  }
  return null;
};
