import { BATCH } from '../facts/incoming';
import { sampleFacts } from './sample-facts';
import { wireRequest } from './wire-client';

export const BATCH_SIZE = 15;

/** `count` requests of facts over `parties` customers, from fact number `from` on. */
export const batches = (from: number, count: number, parties: number): ReadonlyArray<Buffer> =>
  Array.from({ length: count }, (_, index) =>
    postOf(Buffer.from(JSON.stringify(sampleFacts(from + index * BATCH_SIZE, BATCH_SIZE, parties)))),
  );

export const postOf = (body: Buffer): Buffer => wireRequest('POST', '/v1/events', BATCH, body);

export interface Accepted {
  readonly accepted: number;
  readonly position: bigint;
}

/** The answer to facts that were sent. */
export const acceptedOf = (body: Buffer): Accepted => {
  const answer: unknown = JSON.parse(body.toString());
  if (typeof answer !== 'object' || answer === null || !('accepted' in answer) || !('position' in answer))
    throw new Error(`unexpected answer: ${body.toString()}`);
  return { accepted: Number(answer.accepted), position: BigInt(String(answer.position)) };
};
