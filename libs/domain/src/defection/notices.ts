import type { DefectionNoticeEvidence, Evidence } from '../customer/evidence';
import type { Instant } from '../time/calendar';

const stands = (notice: DefectionNoticeEvidence, asOf: Instant): boolean =>
  notice.at <= asOf && (notice.withdrawnAt === null || notice.withdrawnAt > asOf);

/**
 * The customer who orders again after having left has come back, without taking the notice back. An
 * order within the term of notice ends nothing: who leaves in March may still buy in February.
 */
const endedByOrder = (notice: DefectionNoticeEvidence, lastOrderAt: Instant | null): boolean =>
  lastOrderAt !== null && lastOrderAt > Math.max(notice.at, notice.effectiveAt);

/** A defection notice in effect, not withdrawn and not followed by an order (`domain.md §4.1` lost, §7.4 H1). */
export const effectiveNotice = (evidence: Evidence, asOf: Instant): DefectionNoticeEvidence | null => {
  if (evidence.defectionNotices.length === 0) return null;
  const lastOrderAt = evidence.orderDays.at(-1)?.lastAt ?? null;
  return (
    evidence.defectionNotices.findLast(
      (notice) => stands(notice, asOf) && notice.effectiveAt <= asOf && !endedByOrder(notice, lastOrderAt),
    ) ?? null
  );
};

/** The standing notice that takes effect next; null when none lies ahead (`domain.md §4.1` at risk). */
export const noticeAhead = (evidence: Evidence, asOf: Instant): DefectionNoticeEvidence | null => {
  let next: DefectionNoticeEvidence | null = null;
  for (const notice of evidence.defectionNotices)
    if (stands(notice, asOf) && notice.effectiveAt > asOf && (next === null || notice.effectiveAt < next.effectiveAt))
      next = notice;
  return next;
};
