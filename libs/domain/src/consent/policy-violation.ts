import type { Evidence } from '../customer/evidence';
import type { FactOf } from '../facts/envelope';
import type { InteractionPurpose, InteractionRecorded } from '../interaction/events';
import type { Configuration } from '../policy/configuration';
import { contactPermission, type ContactRefusal } from './contactable';
import type { ConsentPurpose } from './events';

/** Outbound contacts that need a permission, and the consent that gives it (`domain.md §15`, RecordInteraction). */
const consentOf: Partial<Record<InteractionPurpose, ConsentPurpose>> = {
  campaign: 'marketing',
  survey: 'survey',
  winback: 'winback',
};

/** What must have been consented to for a contact; null: it needs no permission. */
export const consentNeededFor = ({
  direction,
  purpose,
}: Pick<InteractionRecorded, 'direction' | 'purpose'>): ConsentPurpose | null =>
  direction === 'outbound' ? (consentOf[purpose] ?? null) : null;

/**
 * Why a contact that took place was not permitted, by what had happened before it; null when it was. What a
 * command recorded was permitted then, or the command would have been refused (`domain.md §15`).
 *
 * @param evidence without the contact
 */
export const policyViolationOf = (
  evidence: Evidence,
  { data, occurredAt, commandId }: Pick<FactOf<'InteractionRecorded'>, 'data' | 'occurredAt' | 'commandId'>,
  configuration: Configuration,
): ContactRefusal | null => {
  const purpose = consentNeededFor(data);
  if (purpose === null || commandId !== undefined) return null;
  const permission = contactPermission(evidence, purpose, { configuration }, occurredAt, data.channel);
  return permission.permitted ? null : permission.reason;
};
