import { Readable } from 'node:stream';
import * as E from 'fp-ts/Either';
import type { CloudEvent } from './cloud-event';
import type { ImportReport, Input, Opened } from './source';

/** Text, or bytes that may be none, as an input, handed out in small pieces so that lines break across them. */
export const inputOf = (text: string | Buffer): Input => {
  const bytes = Buffer.from(text);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 37) pieces.push(bytes.subarray(at, at + 37));
  return { stream: Readable.from(pieces) };
};

/** Everything of a source: its facts and, after them, its report. */
export const readAll = async (
  opened: Opened<CloudEvent>,
): Promise<{ readonly facts: ReadonlyArray<CloudEvent>; readonly report: ImportReport }> => {
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  const facts: CloudEvent[] = [];
  for await (const fact of opened.right.facts) facts.push(fact);
  return { facts, report: opened.right.report() };
};
