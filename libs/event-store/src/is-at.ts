import { StoreUnreachableError } from './eventstoredb/store-unreachable-error';
import type { EventStore, Position } from './port';
import { StoreClosedError } from './store-errors';

/** An event and its place: what a log can be recognised by. */
export interface PlacedId {
  readonly position: Position;
  readonly id: string;
}

/**
 * Whether this event lies at this place of the log. Another log, also a copy of the same one, has
 * another event there, or none. Rejects when the store cannot be asked.
 */
export const isAt = async (store: Pick<EventStore, 'eventsAt'>, { position, id }: PlacedId): Promise<boolean> => {
  try {
    const [event] = await store.eventsAt([position]);
    return event?.id === id;
  } catch (error) {
    if (error instanceof StoreUnreachableError || error instanceof StoreClosedError) throw error;
    return false;
  }
};
