import { type Configuration, type Instant, isOverdue, priorityOf, type WorkItem } from '@afecto/domain';
import { isoOrNull } from '../iso';

/** PR09: a work item as agents see it; who, what, how, when and why are never null (`domain.md §4.6`). */
export interface ItemView {
  readonly itemId: string;
  readonly queue: WorkItem['queue'];
  readonly triggerKey: string;
  readonly state: WorkItem['state'];
  readonly visibility: WorkItem['visibility'];
  /** §11.5 at the instant asked, or since when it is suppressed; higher first. */
  readonly priority: number;
  readonly enteredAt: string | null;
  readonly dueAt: string | null;
  readonly overdue: boolean;
  readonly who: { readonly partyId: string; readonly skill: string; readonly namedAgents: ReadonlyArray<string> };
  readonly what: string;
  readonly how: string;
  readonly when: { readonly notBefore: string | null; readonly dueAt: string | null };
  readonly why: string;
  readonly claimedBy: {
    readonly agentId: string;
    readonly at: string | null;
    readonly leaseUntil: string | null;
  } | null;
  readonly attempts: number;
  readonly outcome: string | null;
  readonly closedAt: string | null;
  readonly closedBy: WorkItem['closedBy'];
  readonly retentionKind: WorkItem['retentionKind'];
  readonly causedBy: ReadonlyArray<string>;
  readonly configVersion: number;
}

export const itemViewOf = (partyId: string, item: WorkItem, configuration: Configuration, asOf: Instant): ItemView => ({
  itemId: item.itemId,
  queue: item.queue,
  triggerKey: item.triggerKey,
  state: item.state,
  visibility: item.visibility,
  priority: priorityOf(item, configuration, asOf),
  enteredAt: isoOrNull(item.enteredAt),
  dueAt: isoOrNull(item.dueAt),
  overdue: isOverdue(item, asOf),
  who: { partyId, skill: item.skill ?? 'any', namedAgents: item.namedAgents ?? [] },
  what: item.what,
  how: item.how,
  when: { notBefore: isoOrNull(Math.max(item.notBefore, item.enteredAt)), dueAt: isoOrNull(item.dueAt) },
  why: item.why,
  claimedBy:
    item.claimedBy === null
      ? null
      : {
          agentId: item.claimedBy.agentId,
          at: isoOrNull(item.claimedBy.at),
          leaseUntil: isoOrNull(item.claimedBy.leaseUntil),
        },
  attempts: item.attempts,
  outcome: item.outcome,
  closedAt: isoOrNull(item.closedAt),
  closedBy: item.closedBy,
  retentionKind: item.retentionKind,
  causedBy: item.causedBy,
  configVersion: item.configVersion,
});
