import type { WorkItem } from '../customer/standing';
import type { Configuration } from '../policy/configuration';
import { type Instant, MINUTE_MS } from '../time/calendar';

/** How long an item is kept for an agent whom its customer knows, when the configuration does not say (`domain.md §11.6`). */
const DEFAULT_MINUTES = 15;

/** What an agent has in hand. */
export interface AgentLoad {
  /** Items held now. */
  readonly held: number;
  /** When the first of their leases ends; Infinity without any. */
  readonly firstLeaseEnd: Instant;
  /** When the last of them was claimed; -Infinity without any: idle the longest. */
  readonly lastClaimAt: Instant;
}

export type LoadOf = (agentId: string) => AgentLoad;

export const noLoad: AgentLoad = {
  held: 0,
  firstLeaseEnd: Number.POSITIVE_INFINITY,
  lastClaimAt: Number.NEGATIVE_INFINITY,
};

type Awaited = Pick<WorkItem, 'namedAgents' | 'skill' | 'enteredAt' | 'startedAt' | 'notBefore' | 'dueAt'>;

/** How long an item is kept for an agent whom its customer knows. */
export const namedAgentWaitMs = ({ queues }: Configuration): number =>
  (queues.namedAgentMinutes ?? DEFAULT_MINUTES) * MINUTE_MS;

/**
 * Until when an item is kept: for so long from when it can be worked on, and never when so little time is left
 * until it is due. An item that needs a skill is not kept: nobody knows whether the agent has it.
 */
export const keptUntil = (item: Awaited, waitMs: number): Instant =>
  item.namedAgents === undefined || item.skill !== null
    ? Number.NEGATIVE_INFINITY
    : Math.min(Math.max(item.enteredAt, item.startedAt, item.notBefore) + waitMs, item.dueAt - waitMs);

/**
 * The agent for whom an item is kept at `now` (`domain.md §11.6`): of those whom the customer knows and who are
 * free within the time that it is kept, who holds the least, then who has been idle the longest, then the lower
 * id. Null when it is for anyone.
 */
export const preferredAgent = (
  item: Awaited,
  configuration: Configuration,
  now: Instant,
  loadOf: LoadOf,
): string | null => {
  if (item.namedAgents === undefined) return null;
  const waitMs = namedAgentWaitMs(configuration);
  if (now >= keptUntil(item, waitMs)) return null;
  let chosen: { readonly agentId: string; readonly load: AgentLoad } | null = null;
  for (const agentId of item.namedAgents) {
    const load = loadOf(agentId);
    if (load.held >= configuration.queues.wipLimit && load.firstLeaseEnd > now + waitMs) continue;
    if (chosen === null || isBefore(agentId, load, chosen)) chosen = { agentId, load };
  }
  return chosen?.agentId ?? null;
};

const isBefore = (
  agentId: string,
  { held, lastClaimAt }: AgentLoad,
  other: { readonly agentId: string; readonly load: AgentLoad },
): boolean => {
  if (held !== other.load.held) return held < other.load.held;
  if (lastClaimAt !== other.load.lastClaimAt) return lastClaimAt < other.load.lastClaimAt;
  return agentId < other.agentId;
};
