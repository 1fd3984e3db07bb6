import type * as t from 'io-ts';
import { id, integer, oneOf } from '../facts/codec';
import { list, record } from '../facts/structure';

export const failureKinds = ['outage', 'billing', 'delivery', 'quality', 'data', 'conduct'] as const;
export const failureDetectors = ['us', 'customer'] as const;

/** More than eight parties: several events with the same `failureId`. Severity 1 minor .. 4 critical. */
export const ServiceFailureDetected = record({
  failureId: id,
  partyIds: list(id, 1, 8),
  kind: oneOf(failureKinds),
  severity: integer(1, 4),
  detectedBy: oneOf(failureDetectors),
});
export type ServiceFailureDetected = t.TypeOf<typeof ServiceFailureDetected>;
