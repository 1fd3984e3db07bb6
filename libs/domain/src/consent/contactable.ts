import type { Evidence } from '../customer/evidence';
import type { Channel } from '../facts/channels';
import type { Policy } from '../policy/regime';
import { isOutsideBase } from '../relationship/roles';
import { calendarOf, DAY_MS, HOUR_MS, type Instant } from '../time/calendar';

/** Outcomes of attempts that did not reach the party and so do not count as contacts. */
const unreached: ReadonlySet<string> = new Set(['no_answer', 'bounced']);

/** What a contact is for. The first five need consent (`domain.md §17.5`), a service contact none. */
export type ContactPurpose = 'marketing' | 'survey' | 'profiling' | 'winback' | 'third_party' | 'service';

type InForce = Pick<Policy, 'configuration'>;

/** Why a contact is not permitted now (`domain.md §15`, ContactNotPermitted{reason}). */
export type ContactRefusal = 'no_consent' | 'cap' | 'quiet_hours' | 'do_not_contact';

const channelsByScheme: Readonly<Record<string, ReadonlyArray<Channel>>> = {
  phone: ['phone', 'sms', 'messaging'],
  email: ['email'],
  social: ['social'],
  postal: ['post'],
  fax: ['fax'],
  device: ['mobile_app'],
};

/** Purposes of outbound interactions that count as proactive contacts, surveys included (`domain.md §11.3`). */
const proactivePurposes: ReadonlySet<string> = new Set([
  'campaign',
  'survey',
  'winback',
  'retention',
  'sales',
  'welcome',
  'profiling',
]);

/** Channels on which a valid identifier lets us reach the party, the preferred ones first. */
export const reachableChannels = (evidence: Evidence): ReadonlyArray<Channel> => {
  const reachable = new Set<Channel>();
  for (const preferred of [true, false])
    for (const identifier of evidence.person.identifiers)
      if (identifier.valid && identifier.preferred === preferred)
        for (const channel of channelsByScheme[identifier.scheme] ?? []) reachable.add(channel);
  return [...reachable];
};

/** Whether ways to contact the party were recorded, valid or not. */
export const knowsContactPoints = (evidence: Evidence): boolean =>
  evidence.person.identifiers.some(({ scheme }) => channelsByScheme[scheme] !== undefined);

/** Whether one of the recorded ways to contact the party still works. */
export const hasValidContactPoint = (evidence: Evidence): boolean =>
  evidence.person.identifiers.some(({ scheme, valid }) => valid && channelsByScheme[scheme] !== undefined);

/**
 * The latest decision about (purpose, channel), where a decision about all channels counts for each; of one
 * about all and one about this channel at the same instant the denial counts. Denied when never decided
 * (`domain.md §17.5`).
 */
export const hasConsent = (evidence: Evidence, purpose: string, channel: string): boolean => {
  let granted = false;
  let decidedAt = Number.NEGATIVE_INFINITY;
  for (const consent of evidence.person.consents) {
    if (consent.purpose !== purpose || (consent.channel !== channel && consent.channel !== 'all')) continue;
    if (consent.at > decidedAt || (consent.at === decidedAt && !consent.granted)) {
      granted = consent.granted;
      decidedAt = consent.at;
    }
  }
  return granted;
};

/** The party asked an agent never to be contacted again; it holds for ever (`domain.md §11.3 Q2`). */
export const saidDoNotContact = (evidence: Evidence): boolean => {
  for (const { acts } of evidence.workItems.values())
    for (const act of acts) if (act.act === 'completed' && act.outcome === 'do_not_contact') return true;
  return false;
};

/**
 * Channels on which the party may be contacted for this purpose: with a valid identifier and, where the purpose
 * needs it, consent. In the order of `channels` when some are named, which then are the only ones; else the preferred
 * ones first.
 */
export const permittedChannels = (
  evidence: Evidence,
  purpose: ContactPurpose,
  channels: ReadonlyArray<string> | null = null,
): ReadonlyArray<string> => {
  const reachable: ReadonlyArray<string> = reachableChannels(evidence);
  const named = channels === null ? reachable : channels.filter((channel) => reachable.includes(channel));
  return named.filter((channel) => purpose === 'service' || hasConsent(evidence, purpose, channel));
};

/** Whether a channel has a valid identifier and, where the purpose needs it, consent. */
const hasUsableChannel = (
  evidence: Evidence,
  purpose: ContactPurpose,
  channels: ReadonlyArray<string> | null,
): boolean => {
  for (const { valid, scheme } of evidence.person.identifiers)
    if (valid)
      for (const channel of channelsByScheme[scheme] ?? [])
        if (channels === null || channels.includes(channel))
          if (purpose === 'service' || hasConsent(evidence, purpose, channel)) return true;
  return false;
};

/** Erased, restricted, objected, asked not to be contacted, competitor or employee: no contact for this purpose. */
const isOffLimits = (
  evidence: Evidence,
  purpose: ContactPurpose,
  asOf: Instant,
  overrides: 'role' | null = null,
): boolean => {
  const { erasedAt, objections } = evidence.person;
  if (erasedAt !== null || objections.some(({ kind }) => kind === 'restriction')) return true;
  if (purpose === 'service') return false;
  if (objections.length > 0 || saidDoNotContact(evidence)) return true;
  return overrides === null && isOutsideBase(evidence, asOf);
};

/**
 * Whether the party may be contacted at all for this purpose (`domain.md §11.3`): a usable channel with
 * consent, not erased, not refused, no competitor or employee. Quiet hours and caps are left out: they
 * move the moment of a contact, see `contactPermission`. `channels`, when named, are the only ones that
 * count. A service contact needs a contact point only where some were recorded and none is valid.
 */
export const contactable = (
  evidence: Evidence,
  purpose: ContactPurpose,
  asOf: Instant,
  channels: ReadonlyArray<string> | null = null,
): boolean => {
  if (isOffLimits(evidence, purpose, asOf)) return false;
  if (purpose === 'service' && channels === null)
    return !knowsContactPoints(evidence) || hasValidContactPoint(evidence);
  return hasUsableChannel(evidence, purpose, channels);
};

/** The calendar of the party's own time zone, else the tenant's. */
const localCalendar = (evidence: Evidence, policy: InForce) =>
  calendarOf(evidence.person.timeZone ?? policy.configuration.tenant.timeZone);

/** `at`, or the end of the quiet hours of the party's local time that `at` lies in (20:00–08:00 by default). */
export const outsideQuietHours = (evidence: Evidence, policy: InForce, at: Instant): Instant => {
  const { from, to } = policy.configuration.queues.quietHours;
  if (from === to) return at;
  const calendar = localCalendar(evidence, policy);
  const hour = calendar.hourOfDay(at);
  const quiet = from < to ? hour >= from && hour < to : hour >= from || hour < to;
  if (!quiet) return at;
  const today = calendar.dayNumber(at);
  // By the clock on the wall, also where it is changed between midnight and the end.
  return calendar.at(hour < to ? today : today + 1, to * HOUR_MS);
};

/**
 * When the caps on proactive contacts allow the next one: at most one in 7 days and three in 30 days
 * over all queues, surveys included (`domain.md §11.3`); attempts that did not reach the party are no
 * contacts, or the retries of §11.3 could not take place. Not later than `asOf` when nothing forbids it.
 */
export const capsAllowFrom = (evidence: Evidence, policy: InForce, asOf: Instant): Instant => {
  const { proactiveCaps } = policy.configuration.queues;
  const { interactions } = evidence;
  let allowedFrom = Number.NEGATIVE_INFINITY;
  for (const { contacts, windowDays } of proactiveCaps) {
    const windowFrom = asOf - windowDays * DAY_MS;
    let counted = 0;
    for (let index = interactions.length - 1; index >= 0; index--) {
      const interaction = interactions[index];
      if (interaction === undefined || interaction.at <= windowFrom) break;
      if (interaction.direction !== 'outbound' || !proactivePurposes.has(interaction.purpose)) continue;
      if (unreached.has(interaction.outcome)) continue;
      counted += 1;
      if (counted < contacts) continue;
      allowedFrom = Math.max(allowedFrom, interaction.at + windowDays * DAY_MS);
      break;
    }
  }
  return allowedFrom;
};

/**
 * Whether a contact for this purpose may take place now on this channel (`domain.md §15`, MakeOffer and
 * RecordInteraction). Service contacts know neither consent, quiet hours nor caps. The channel of a
 * contact that takes place works, whether or not its identifier was recorded. `overrides`: the role of
 * competitor or employee is set aside for a stated reason (`domain.md §3`); nothing else is.
 */
export const contactPermission = (
  evidence: Evidence,
  purpose: ContactPurpose,
  policy: InForce,
  asOf: Instant,
  channel: string,
  overrides: 'role' | null = null,
): { readonly permitted: true } | { readonly permitted: false; readonly reason: ContactRefusal } => {
  const refused = (reason: ContactRefusal) => ({ permitted: false, reason }) as const;
  if (isOffLimits(evidence, purpose, asOf, overrides)) return refused('do_not_contact');
  if (purpose === 'service') return { permitted: true };
  if (!hasConsent(evidence, purpose, channel)) return refused('no_consent');
  if (outsideQuietHours(evidence, policy, asOf) > asOf) return refused('quiet_hours');
  return capsAllowFrom(evidence, policy, asOf) > asOf ? refused('cap') : { permitted: true };
};
