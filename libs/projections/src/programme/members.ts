import { activeMemberships, DAY_MS, type Evidence, type Instant, NEVER, type Policy } from '@afecto/domain';

/** A customer as member of one programme, now and until it ends. */
export interface Member {
  readonly programId: string;
  readonly type: string;
  /** `NEVER` for a membership without an end. */
  readonly until: Instant;
  /** The member counts as active before this instant: its last order grows too old then. Null without an order. */
  readonly activeUntil: Instant | null;
}

/** Programmes that the customer is a member of at `asOf`, each once (`domain.md §8.2`). */
export const programmesOf = (evidence: Evidence, policy: Policy, asOf: Instant): ReadonlyArray<Member> => {
  if (evidence.memberships.size === 0) return none;
  const last = evidence.orderDays.at(-1)?.lastAt;
  const tooOldAt = last === undefined ? null : last + policy.configuration.relationship.activityWindowDays * DAY_MS + 1;
  const byProgramme = new Map<string, Member>();
  for (const { programId, type, validTo } of activeMemberships(evidence, asOf)) {
    if (programId === null) continue;
    const until = Math.max(validTo ?? NEVER, byProgramme.get(programId)?.until ?? asOf);
    const activeUntil = tooOldAt === null ? null : Math.min(tooOldAt, until);
    byProgramme.set(programId, { programId, type: type ?? 'continuous', until, activeUntil });
  }
  return [...byProgramme.values()];
};

/**
 * Whether we know who ordered: a name, a way to reach, a membership or personal data that were erased
 * since. Orders of unknown buyers are under ids that nothing else is known of (`domain.md §8.2`).
 */
export const isIdentified = ({ person, memberships }: Evidence): boolean =>
  person.displayName !== null || person.identifiers.length > 0 || memberships.size > 0 || person.erasedAt !== null;

const none: ReadonlyArray<never> = [];
