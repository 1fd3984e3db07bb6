import { type Fact, factFromStored, isFactType } from '@afecto/domain';
import type { EventStore, Revision } from '@afecto/event-store';

/** The facts of a stream and its last revision; null: there is no such stream yet. */
export const factsIn = async (
  store: Pick<EventStore, 'readStream'>,
  streamId: string,
): Promise<{ readonly facts: Fact[]; readonly revision: Revision | null }> => {
  const facts: Fact[] = [];
  let revision: Revision | null = null;
  for await (const page of store.readStream(streamId))
    for (const event of page) {
      revision = event.revision;
      if (isFactType(event.type)) facts.push(factFromStored(event));
    }
  return { facts, revision };
};
