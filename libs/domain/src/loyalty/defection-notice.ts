import type { DefectionNoticeEvidence, Evidence } from '../customer/evidence';
import type { Instant } from '../time/calendar';

/** Not taken back, and no order that stands was placed after it: an order ends a notice (`domain.md §7.4 H1`). */
export const isStanding = (notice: DefectionNoticeEvidence, evidence: Evidence, asOf: Instant): boolean => {
  const lastOrderAt = evidence.orderDays.at(-1)?.lastAt;
  return notice.at <= asOf && notice.withdrawnAt === null && (lastOrderAt === undefined || lastOrderAt <= notice.at);
};

/** The latest notice that has taken effect and stands (`domain.md §7.4 H1`); null without one. */
export const noticeInForce = (evidence: Evidence, asOf: Instant): DefectionNoticeEvidence | null =>
  evidence.defectionNotices.findLast((notice) => notice.effectiveAt <= asOf && isStanding(notice, evidence, asOf)) ??
  null;

/** The latest notice that stands and takes effect later than `asOf`; null without one. */
export const pendingNotice = (evidence: Evidence, asOf: Instant): DefectionNoticeEvidence | null =>
  evidence.defectionNotices.findLast((notice) => notice.effectiveAt > asOf && isStanding(notice, evidence, asOf)) ??
  null;
