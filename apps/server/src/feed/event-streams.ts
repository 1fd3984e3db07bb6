import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { Afecto } from '@afecto/application';
import type { Position, SubscriptionMessage } from '@afecto/event-store';
import { AFECTO, SETTINGS } from '../request/afecto';
import type { CompleteSettings } from '../settings/server-settings';
import { addEvent, type Shown } from '../privacy/shown-parties';
import { type FeedFilter, published } from './feed-question';

/** Events in memory for one subscriber; the next page waits until these are sent. */
const PAGE = 200;

/** Server-sent events: the log, live, to subscribers that may be slow. */
@Injectable()
export class EventStreams {
  private readonly open = new Set<AbortController>();

  constructor(
    @Inject(AFECTO) private readonly afecto: Afecto,
    @Inject(SETTINGS) private readonly settings: CompleteSettings,
  ) {}

  /** Ends all streams, so that the server can close; subscribers come back with their `Last-Event-ID`. */
  close(): void {
    for (const stream of this.open) stream.abort();
  }

  /** Sends until the subscriber leaves or the server closes. `onShown` hears whose personal data were sent. */
  async send(
    response: ServerResponse,
    after: Position | undefined,
    filter: FeedFilter,
    onShown: (shown: Shown) => void,
  ): Promise<void> {
    const stream = new AbortController();
    const { signal } = stream;
    this.open.add(stream);
    response.once('close', () => stream.abort());
    const heartbeat = setInterval(() => {
      // A full pipe is a sign of life by itself.
      if (!response.writableNeedDrain) response.write(': heartbeat\n\n');
    }, this.settings.heartbeatMs);
    try {
      const messages = this.afecto.store.subscribe({
        pageSize: PAGE,
        signal,
        ...(after === undefined ? {} : { after }),
        ...(filter.types === undefined ? {} : { types: filter.types }),
      });
      for await (const message of messages) {
        const shown: Shown = new Map();
        const text = textOf(message, filter, shown);
        onShown(shown);
        if (text !== '' && !response.write(text)) await drained(response, signal);
        if (signal.aborted) break;
      }
    } finally {
      clearInterval(heartbeat);
      this.open.delete(stream);
      response.end();
    }
  }
}

const drained = async (response: ServerResponse, signal: AbortSignal): Promise<void> => {
  try {
    await once(response, 'drain', { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};

const textOf = (message: SubscriptionMessage, filter: FeedFilter, shown: Shown): string => {
  // An id without data moves the subscriber's place over what its filter left out.
  if (message.kind === 'caughtUp') return `id: ${message.position}\n\n`;
  let text = '';
  for (const event of message.events) {
    const wanted = published(event, filter);
    if (wanted === null) continue;
    addEvent(shown, wanted);
    text += `id: ${event.position}\ndata: ${JSON.stringify(wanted)}\n\n`;
  }
  return text;
};
