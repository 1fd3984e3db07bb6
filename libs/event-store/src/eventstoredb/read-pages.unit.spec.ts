/**
 * A read of the whole log lost its last page when its call failed after the last event had come (a
 * connection cut between the last message and the end of the call): everything had been seen, so there
 * was no next attempt, and the page that was not full yet was not handed out. Readers saw a log that
 * ended too early, subscriptions skipped events. The history checker found it.
 */
import { StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { ReadAllOptions } from '../port';
import { Connection } from './connection';
import { Attempts, type LogReading } from './log-reading';
import { readAllPages } from './read-pages';
import { SilenceError } from './server-failure';
import { DEFAULT_TIMINGS } from './timings';

const SIZE = 5;

const message = (position: number): ReadResp => {
  const record = new ReadResp.ReadEvent.RecordedEvent()
    .setId(new UUID().setString(`00000000-0000-4000-8000-${String(position).padStart(12, '0')}`))
    .setStreamIdentifier(new StreamIdentifier().setStreamName(Buffer.from('order-1')))
    .setStreamRevision(String(position - 1))
    .setCommitPosition(String(position))
    .setData(Buffer.from('{}'))
    .setCustomMetadata(Buffer.from('{}'));
  record.getMetadataMap().set('type', 'OrderPlaced').set('content-type', 'application/json');
  return new ReadResp().setEvent(new ReadResp.ReadEvent().setEvent(record));
};

/** A log of `SIZE` events whose first call breaks after so many messages. */
const given = (
  messages: number,
  direction: 'forwards' | 'backwards',
): Pick<LogReading, 'head' | 'attempts' | 'once'> => {
  const connection = new Connection('esdb://127.0.0.1:1?tls=false', 'esdb://127.0.0.1:1');
  const order = Array.from({ length: SIZE }, (_, index) => index + 1);
  if (direction === 'backwards') order.reverse();
  let calls = 0;
  return {
    head: async () => BigInt(SIZE),
    attempts: () => new Attempts(connection, { ...DEFAULT_TIMINGS, pauseMs: 1 }, Date.now()),
    once: async function* (request) {
      calls += 1;
      const from = Number(request.getOptions()?.getAll()?.getPosition()?.getCommitPosition() ?? 0);
      const rest = order.filter(
        (position) => from === 0 || (direction === 'forwards' ? position >= from : position < from),
      );
      for (const position of calls === 1 ? rest.slice(0, messages) : rest) yield message(position);
      if (calls === 1) throw new SilenceError('the line is cut');
    },
  };
};

const positionsOf = async (messages: number, options: ReadAllOptions): Promise<ReadonlyArray<number>> => {
  const positions: number[] = [];
  for await (const page of readAllPages(given(messages, options.direction ?? 'forwards'), options))
    positions.push(...page.map(({ position }) => Number(position)));
  return positions;
};

describe('a read of the whole log whose call breaks', () => {
  it.each([0, 1, 3, SIZE])('after %d events gives each event once, in order', async (messages) => {
    expect(await positionsOf(messages, {})).toEqual([1, 2, 3, 4, 5]);
    expect(await positionsOf(messages, { pageSize: 2 })).toEqual([1, 2, 3, 4, 5]);
    expect(await positionsOf(messages, { direction: 'backwards' })).toEqual([5, 4, 3, 2, 1]);
  });
});
