import { openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { setTimeout as after } from 'node:timers/promises';
import { EventStoreDBClient, START, streamNameFilter } from '@eventstore/db-client';

/**
 * A catch-up subscriber, a process that may be killed at any moment. Each event is written down with
 * its position in one write, which is the checkpoint as well. Arguments: port, prefix of the streams, file.
 */
const [, , port, prefix = '', file = ''] = process.argv;
// Who is killed leaves nothing compiled for the next one, except what it has written by then.
flushCompileCache();
const seen = openSync(file, 'a');

/** The position of the last line; a line that was cut short is none. */
const checkpoint = (): bigint | null => {
  const text = readFileSync(file, 'utf8');
  const end = text.lastIndexOf('\n') + 1;
  if (end < text.length) truncateSync(file, end);
  const [position] = text.slice(text.lastIndexOf('\n', end - 2) + 1, end).split(' ');
  return position === undefined || position === '' ? null : BigInt(position);
};

const subscribe = async (): Promise<void> => {
  const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${port}?tls=false`);
  const position = checkpoint();
  const subscription = client.subscribeToAll({
    fromPosition: position === null ? START : { commit: position, prepare: position },
    filter: streamNameFilter({ prefixes: [prefix] }),
  });
  try {
    for await (const { event } of subscription)
      if (event !== undefined) writeSync(seen, `${event.position?.commit} ${event.streamId} ${event.revision}\n`);
  } finally {
    await client.dispose();
  }
};

const main = async (): Promise<never> => {
  for (;;) {
    await subscribe().catch(() => undefined);
    await after(50);
  }
};

main().catch(() => process.exit(1));
