import { NEVER } from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import { personalFieldsOf } from '@afecto/privacy';
import type { ReadModels } from '@afecto/read-models';

/** Events read at once. */
const PAGE = 500;

/** Every text that facts say about these parties and that is personal, as it can be read now; each once. */
export const personalTextsOf = async (
  partyIds: ReadonlyArray<string>,
  readModels: Pick<ReadModels, 'factsOf'>,
  store: Pick<EventStore, 'eventsAt'>,
): Promise<ReadonlyArray<string>> => {
  const about = new Set(partyIds);
  const positions = (await readModels.factsOf(partyIds, NEVER)).map(({ position }) => position);
  const texts = new Set<string>();
  for (let from = 0; from < positions.length; from += PAGE)
    for (const event of await store.eventsAt(positions.slice(from, from + PAGE)))
      for (const { value, subject } of personalFieldsOf(event))
        if (about.has(subject) && typeof value === 'string') texts.add(value);
  return [...texts];
};
