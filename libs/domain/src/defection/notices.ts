import type { DefectionNoticeEvidence, Evidence } from '../customer/evidence';
import { orderDaysAt } from '../relationship/order-days';
import type { Instant } from '../time/calendar';

const none: ReadonlyArray<DefectionNoticeEvidence> = [];

/** The last order placed by then of which something was left then; -Infinity when there is none. */
const lastOrderAt = (evidence: Evidence, asOf: Instant): Instant =>
  orderDaysAt(evidence, asOf).at(-1)?.lastAt ?? Number.NEGATIVE_INFINITY;

/**
 * Notices that stand, in effect or ahead. The customer who orders again after having left has come back,
 * without taking the notice back. An order within the term of notice ends nothing: who leaves in March may
 * still buy in February.
 */
const standing = (evidence: Evidence, asOf: Instant): ReadonlyArray<DefectionNoticeEvidence> => {
  if (evidence.defectionNotices.length === 0) return none;
  const orderedAt = lastOrderAt(evidence, asOf);
  return evidence.defectionNotices.filter(
    ({ at, effectiveAt, withdrawnAt }) =>
      at <= asOf && (withdrawnAt === null || withdrawnAt > asOf) && orderedAt <= Math.max(at, effectiveAt),
  );
};

/** The latest notice that stands, in effect or ahead; `asOf` may lie before facts already folded. */
export const latestNotice = (evidence: Evidence, asOf: Instant): DefectionNoticeEvidence | null =>
  standing(evidence, asOf).at(-1) ?? null;

/** A defection notice in effect, not withdrawn and not followed by an order (`domain.md §4.1` lost, §7.4 H1). */
export const effectiveNotice = (evidence: Evidence, asOf: Instant): DefectionNoticeEvidence | null =>
  standing(evidence, asOf).findLast(({ effectiveAt }) => effectiveAt <= asOf) ?? null;

/** The standing notice that takes effect next; null when none lies ahead (`domain.md §4.1` at risk). */
export const noticeAhead = (evidence: Evidence, asOf: Instant): DefectionNoticeEvidence | null => {
  let next: DefectionNoticeEvidence | null = null;
  for (const notice of standing(evidence, asOf))
    if (notice.effectiveAt > asOf && (next === null || notice.effectiveAt < next.effectiveAt)) next = notice;
  return next;
};

/**
 * From when a diagnosis is one of the loss that began at `lostAt`: who gives notice is diagnosed before it takes
 * effect and may order within its term; what was said before a notice was taken back was of another leaving.
 */
export const leavingSince = (evidence: Evidence, notice: DefectionNoticeEvidence | null, lostAt: Instant): Instant => {
  let since = Math.min(lastOrderAt(evidence, lostAt), notice?.at ?? lostAt);
  for (const { withdrawnAt } of evidence.defectionNotices)
    if (withdrawnAt !== null && withdrawnAt <= lostAt) since = Math.max(since, withdrawnAt);
  return since;
};
