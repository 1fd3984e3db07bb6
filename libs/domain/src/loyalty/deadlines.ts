import type { Evidence } from '../customer/evidence';
import type { Configuration } from '../policy/configuration';
import { agreedTimeOf, settlementOf } from '../service-request/agreed-time';
import { currentResolution, slaDue } from '../service-request/clock';
import { type Instant, NEVER } from '../time/calendar';
import { noticeAhead } from '../defection/notices';
import { awaitsResolution, isReceived, resolutionDue } from './recovery';

/**
 * The earliest instant later than `asOf` at which something that is due decides about the judgement
 * (`domain.md §1` c): a notice taking effect (H1), the resolution of a complaint (H2), a promise, a
 * promised delivery, a service level or the agreed time of a request (family B). `NEVER` when nothing is due.
 */
export const nextLoyaltyDeadline = (evidence: Evidence, configuration: Configuration, asOf: Instant): Instant => {
  let earliest: Instant = NEVER;
  const consider = (at: Instant | null): void => {
    if (at !== null && at > asOf && at < earliest) earliest = at;
  };
  consider(noticeAhead(evidence, asOf)?.effectiveAt ?? null);
  if (evidence.complaints.size > 0)
    for (const complaint of evidence.complaints.values())
      if (isReceived(complaint) && awaitsResolution(complaint)) consider(resolutionDue(complaint, configuration));
  if (evidence.promises.size > 0)
    for (const promise of evidence.promises.values())
      if (promise.madeAt !== null && promise.settledAt === null) {
        const { settledAt, dueAt } = settlementOf(promise, evidence, configuration);
        if (settledAt === null) consider(dueAt);
      }
  if (evidence.orders.size > 0)
    for (const { payer, promisedAt, deliveredAt } of evidence.orders.values())
      if (payer && deliveredAt === null) consider(promisedAt);
  if (evidence.requests.size > 0)
    for (const request of evidence.requests.values())
      if (request.openedAt !== null && currentResolution(request) === null) {
        consider(slaDue(request, configuration));
        if (request.firstResolvedAt === null) consider(agreedTimeOf(request, evidence, configuration)?.dueAt ?? null);
      }
  return earliest;
};
