import {
  type Channel,
  channels,
  type ConsentPurpose,
  consentPurposes,
  type Evidence,
  hasConsent,
  type Instant,
  isOutsideBase,
  saidDoNotContact,
} from '@afecto/domain';

/** What stands against every use that needs consent, whatever was granted; the gravest first. */
export type ConsentStop = 'erased' | 'restriction' | 'objection' | 'do_not_contact' | 'role';

export interface EffectiveConsent {
  readonly purpose: ConsentPurpose;
  readonly channel: Channel;
  readonly permitted: boolean;
  readonly reason: ConsentStop | 'granted' | 'withdrawn' | 'never_decided';
  /** When the decision that counts was made; null while there is none. */
  readonly decidedAt: Instant | null;
}

/**
 * Why nothing that needs consent is permitted (`domain.md §3`, §11.3, §17.5): personal data erased,
 * processing restricted, objection (absolute), never to be contacted again, employee or competitor.
 * Null when decisions about purposes and channels count.
 */
export const consentStop = (evidence: Evidence, asOf: Instant): ConsentStop | null => {
  const { erasedAt, objections } = evidence.person;
  if (erasedAt !== null && erasedAt <= asOf) return 'erased';
  if (objections.length > 0) {
    const effective = objections.filter(({ at }) => at <= asOf);
    if (effective.some(({ kind }) => kind === 'restriction')) return 'restriction';
    if (effective.length > 0) return 'objection';
  }
  if (saidDoNotContact(evidence)) return 'do_not_contact';
  return isOutsideBase(evidence, asOf) ? 'role' : null;
};

/** Contacts for contract and service need no consent; only erasure and restriction end them (`domain.md §17.5`, §17.7). */
export const serviceIsPermitted = (evidence: Evidence, asOf: Instant): boolean => {
  const stop = consentStop(evidence, asOf);
  return stop !== 'erased' && stop !== 'restriction';
};

const latestDecision = (evidence: Evidence, purpose: string, channel: string): Instant | null => {
  let at: Instant | null = null;
  for (const consent of evidence.person.consents)
    if (consent.purpose === purpose && (consent.channel === channel || consent.channel === 'all'))
      if (at === null || consent.at > at) at = consent.at;
  return at;
};

/** Purpose × channel as it counts at `asOf`: denied unless granted, a withdrawal at once (`domain.md §17.5`). */
export const effectiveConsents = (evidence: Evidence, asOf: Instant): ReadonlyArray<EffectiveConsent> => {
  const stop = consentStop(evidence, asOf);
  return consentPurposes.flatMap((purpose) =>
    channels.map((channel): EffectiveConsent => {
      const decidedAt = latestDecision(evidence, purpose, channel);
      if (stop !== null) return { purpose, channel, permitted: false, reason: stop, decidedAt };
      const permitted = hasConsent(evidence, purpose, channel);
      const reason = permitted ? 'granted' : decidedAt === null ? 'never_decided' : 'withdrawn';
      return { purpose, channel, permitted, reason, decidedAt };
    }),
  );
};
