import type { PartyView } from '../figures/definition';
import { isoOrNull } from '../iso';
import { eachMoment, momentNameOf } from './moments';

/** The newest contradictions shown. */
const SHOWN = 100;

/** Which channels one customer uses, which moments of truth it has lived through, and what contradicted what (PR13). */
export const channelsView: PartyView = {
  code: 'PR13',
  name: 'channels-moments',
  title: 'Contacts by channel, moments of truth, and contradictions between channels',
  read: async (customer) => {
    const { interactions, inconsistencies } = customer.evidence;
    const moments = new Map<string, { count: number; lastAt: number }>();
    eachMoment(customer, (code, at) => {
      const { count, lastAt } = moments.get(code) ?? { count: 0, lastAt: at };
      moments.set(code, { count: count + 1, lastAt: Math.max(lastAt, at) });
    });
    return {
      channels: [...Map.groupBy(interactions, ({ channel }) => channel)]
        .map(([channel, contacts]) => {
          const waits = contacts.flatMap(({ waitSeconds }) => (waitSeconds === null ? [] : [waitSeconds]));
          return {
            channel,
            inbound: contacts.filter(({ direction }) => direction === 'inbound').length,
            outbound: contacts.filter(({ direction }) => direction === 'outbound').length,
            meanWaitSeconds:
              waits.length === 0 ? null : waits.reduce((sum, seconds) => sum + seconds, 0) / waits.length,
            lastAt: isoOrNull(contacts.at(-1)?.at ?? null),
          };
        })
        .sort((one, other) => (one.channel < other.channel ? -1 : 1)),
      moments: [...moments]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([code, { count, lastAt }]) => ({
          code,
          moment: momentNameOf(code),
          count,
          lastAt: isoOrNull(lastAt),
        })),
      inconsistencies: inconsistencies
        .slice(-SHOWN)
        .toReversed()
        .map(({ rule, eventId, at, channel, earlierEventId, earlierChannel, about }) => ({
          rule,
          eventId,
          at: isoOrNull(at),
          channel,
          earlierEventId,
          earlierChannel,
          about,
        })),
    };
  },
};
