import { openSync, writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { setTimeout as after } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';

/**
 * A competing consumer, a process that may be killed at any moment: writes down what it handles, then
 * acknowledges. Comes back to a gateway that went away. Arguments: port, group, file.
 */
const [, , port, group = '', file = ''] = process.argv;
// Who is killed leaves nothing compiled for the next one, except what it has written by then.
flushCompileCache();
const handled = openSync(file, 'a');

const consume = async (): Promise<void> => {
  const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${port}?tls=false`);
  const subscription = client.subscribeToPersistentSubscriptionToAll(group, { bufferSize: 200 });
  try {
    for await (const received of subscription) {
      const { event } = received;
      if (event === undefined) continue;
      writeSync(handled, `${event.streamId} ${event.revision}\n`);
      await subscription.ack(received);
    }
  } finally {
    await client.dispose();
  }
};

const main = async (): Promise<never> => {
  for (;;) {
    await consume().catch(() => undefined);
    await after(50);
  }
};

main().catch(() => process.exit(1));
