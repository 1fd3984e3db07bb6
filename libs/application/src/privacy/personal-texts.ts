import { NEVER, normaliseIdentifier, type PersonalClass } from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import { personalFieldsOf } from '@afecto/privacy';
import type { ReadModels } from '@afecto/read-models';

/** Events read at once. */
const PAGE = 500;

/** Its class says whether it names somebody, or is what was said. */
interface PersonalText {
  readonly text: string;
  readonly class: PersonalClass;
}

/** Every text that facts say about these parties and that is personal, as it can be read now; each once. */
const personalTextsOf = async (
  partyIds: ReadonlyArray<string>,
  readModels: Pick<ReadModels, 'factsOf'>,
  store: Pick<EventStore, 'eventsAt'>,
): Promise<ReadonlyArray<PersonalText>> => {
  const about = new Set(partyIds);
  const positions = (await readModels.factsOf(partyIds, NEVER)).map(({ position }) => position);
  const texts = new Map<string, PersonalText>();
  for (let from = 0; from < positions.length; from += PAGE)
    for (const event of await store.eventsAt(positions.slice(from, from + PAGE)))
      for (const { value, subject, mark } of personalFieldsOf(event))
        if (about.has(subject) && typeof value === 'string' && texts.get(value)?.class !== 'identity')
          texts.set(value, { text: value, class: mark.class });
  return [...texts.values()];
};

/** Shorter names are everywhere; so are shorter free texts ("yes", "by phone"), that tell of nobody by themselves. */
const SHORTEST_TOLD = { identity: 3, content: 20 } as const;
/** What is left of a text that is no identifier when it is normalised like one: a year, a number of a house. */
const SHORTEST_NORMALISED = 6;

/** What was personal of a party, and what of it tells of nobody else. */
export interface Remembered {
  readonly texts: ReadonlyArray<string>;
  readonly telling: ReadonlyArray<string>;
}

const normalised = ({ text: value }: PersonalText): ReadonlyArray<string> =>
  (['email', 'phone', 'national_id'] as const).map((scheme) => normaliseIdentifier({ scheme, value }).value);

/** What is personal of these parties now. */
export const rememberedOf = async (...asked: Parameters<typeof personalTextsOf>): Promise<Remembered> => {
  const texts = await personalTextsOf(...asked);
  return {
    texts: [...new Set(texts.flatMap((each) => [each.text, ...normalised(each)]))],
    telling: [
      ...texts.filter((each) => each.text.length >= SHORTEST_TOLD[each.class]).map(({ text }) => text),
      ...texts
        .filter((each) => each.class === 'identity')
        .flatMap(normalised)
        .filter((text) => text.length >= SHORTEST_NORMALISED),
    ],
  };
};
