import { type Evidence, HOUR_MS, type Instant, type Standing } from '@afecto/domain';

/** An item that an agent ended with an outcome that needs a contact with the customer. */
export interface FinishedWork {
  readonly itemId: string;
  readonly agentId: string;
  readonly at: Instant;
  /** Of the contact, else the one that the item asked for. */
  readonly channel: string;
  readonly isRecorded: boolean;
}

/** Outcomes that can be known without speaking to the customer. */
const withoutContact: ReadonlySet<string> = new Set(['duplicate', 'disqualified']);
/** How long before its end the work on an item can have begun, when no claim tells. */
const DEFAULT_WORK_MS = 24 * HOUR_MS;

/**
 * Items that agents ended, and whether the agent recorded a contact while the item was held. A contact
 * that the completion names as its evidence counts as well.
 */
export const finishedWork = (
  { workItems, interactions }: Evidence,
  { items }: Pick<Standing, 'items'>,
): ReadonlyArray<FinishedWork> => {
  const finished: FinishedWork[] = [];
  for (const { itemId, acts } of workItems.values()) {
    let from: Instant | null = null;
    for (const act of acts) {
      if (act.act === 'claimed') from = act.at;
      if (act.act !== 'completed' || withoutContact.has(act.outcome)) continue;
      const { agentId, at, evidenceEventId } = act;
      const since = from ?? at - DEFAULT_WORK_MS;
      const contact = interactions.find(
        (one) => one.eventId === evidenceEventId || (one.agentId === agentId && one.at >= since && one.at <= at),
      );
      const how = contact?.channel ?? items.find((item) => item.itemId === itemId)?.how ?? '';
      finished.push({ itemId, agentId, at, channel: how, isRecorded: contact !== undefined });
    }
  }
  return finished;
};
