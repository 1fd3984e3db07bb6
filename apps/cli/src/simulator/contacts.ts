import { type FactData, type Instant, toIso } from '@afecto/domain';
import type { Customer } from './customers';
import { type Touchpoints } from './touchpoints';

type Interaction = FactData['InteractionRecorded'];

/** One contact with a person; what is not said here follows from the customer. */
export interface Contact {
  readonly id: string;
  readonly at: Instant;
  readonly direction: Interaction['direction'];
  readonly purpose: Interaction['purpose'];
  readonly topicCode: string;
  readonly channel: Interaction['channel'];
  readonly outcome: Interaction['outcome'];
  readonly links?: Interaction['links'];
  readonly agentId?: string;
  readonly instrument?: Exclude<Interaction['instrument'], undefined>;
}

const withPerson: ReadonlySet<string> = new Set(['phone', 'chat']);

/** Records a contact; on phone and chat it takes minutes, and an inbound one waited first. Answers its id. */
export const recordContact = (
  touchpoints: Touchpoints,
  { partyId, random }: Pick<Customer, 'partyId' | 'random'>,
  { id, at, direction, purpose, topicCode, channel, outcome, links = {}, agentId, instrument }: Contact,
): string => {
  const isLive = withPerson.has(channel);
  const seconds = random.whole(60, 600);
  const waitSeconds = random.whole(0, 240);
  return touchpoints.add(
    'InteractionRecorded',
    id,
    at,
    partyId,
    {
      interactionId: id,
      partyId,
      direction,
      channel,
      purpose,
      topicCode,
      startedAt: toIso(at),
      outcome,
      reAskedFields: [],
      links,
      ...(isLive ? { endedAt: toIso(at + seconds * 1_000) } : {}),
      ...(isLive && direction === 'inbound' ? { waitSeconds } : {}),
      ...(agentId === undefined ? {} : { agentId }),
      ...(instrument === undefined ? {} : { instrument }),
    },
    {
      channel,
      ...(direction === 'inbound' ? { byCustomer: true } : agentId === undefined ? {} : { agentId }),
    },
  );
};
