import type { OpenObligation } from '../command/knowledge';
import type { Evidence } from '../customer/evidence';
import { isOpenComplaint, isReceived } from '../loyalty/recovery';
import type { Configuration } from '../policy/configuration';
import { settlementOf } from '../service-request/agreed-time';

/**
 * What is still owed between us and a customer: orders neither delivered nor taken back, service requests
 * without a resolution, open complaints, promises without an outcome. They stand against an erasure
 * (`domain.md §15`).
 */
export const openObligations = (
  evidence: Pick<Evidence, 'orders' | 'requests' | 'complaints' | 'promises'>,
  configuration: Configuration,
): ReadonlyArray<OpenObligation> => [
  ...[...evidence.orders.values()]
    .filter(
      ({ placedAt, payer, fulfilledAt, fullyReversed }) =>
        placedAt !== null && payer && fulfilledAt === null && !fullyReversed,
    )
    .map(({ orderId }) => ({ kind: 'order' as const, id: orderId })),
  ...[...evidence.requests.values()]
    .filter(({ openedAt, resolvedAt }) => openedAt !== null && resolvedAt === null)
    .map(({ requestId }) => ({ kind: 'service_request' as const, id: requestId })),
  ...[...evidence.complaints.values()]
    .filter((complaint) => isReceived(complaint) && isOpenComplaint(complaint, configuration))
    .map(({ complaintId }) => ({ kind: 'complaint' as const, id: complaintId })),
  ...[...evidence.promises.values()]
    .filter((promise) => promise.madeAt !== null && settlementOf(promise, evidence, configuration).settledAt === null)
    .map(({ promiseId }) => ({ kind: 'promise' as const, id: promiseId })),
];
