import { channels, consentPurposes, dataSubjectRequestKinds, hasConsent, toIso } from '@afecto/domain';
import { dayOf, type Figures } from '../figures/definition';
import { type Contribute, type Count, type Counted, keyOf, partsOf, prefixOf } from '../tally/contribute';
import { consentStop } from './effective-consent';

const REPORT = 'consent';
/** Every channel; what is granted so is counted once, not thirteen times. */
const ALL = 'all';

const countConsents = ({ evidence }: Counted, count: Count): void => {
  const { consents } = evidence.person;
  for (const purpose of consentPurposes) {
    let decided = 0;
    let granted = false;
    let single = false;
    for (const consent of consents) {
      if (consent.purpose !== purpose) continue;
      decided += 1;
      granted ||= consent.granted;
      single ||= consent.channel !== ALL;
    }
    if (decided === 0) continue;
    count(keyOf(REPORT, 'decided', purpose), 0);
    if (!granted) continue;
    if (!single) count(keyOf(REPORT, 'effective', purpose, ALL), 0);
    else
      for (const channel of channels)
        if (hasConsent(evidence, purpose, channel)) count(keyOf(REPORT, 'effective', purpose, channel), 0);
  }
};

/**
 * Effective consent, and requests of data subjects: open ones by the millisecond at which they are due,
 * so that what is overdue follows from the clock alone; closed ones by day.
 */
export const contributeConsent: Contribute = (customer, count) => {
  const { evidence, policy, asOf } = customer;
  const stop = consentStop(evidence, asOf);
  count(keyOf(REPORT, 'parties', stop ?? 'none'), 0);
  if (stop === null && evidence.person.consents.length > 0) countConsents(customer, count);
  for (const { kind, receivedAt, dueAt, closedAt, outcome } of evidence.person.dataSubjectRequests) {
    count(keyOf(REPORT, 'received', kind), dayOf(receivedAt, policy));
    if (closedAt === null || outcome === null) count(keyOf(REPORT, 'open', kind), dueAt);
    else count(keyOf(REPORT, 'closed', kind, outcome, closedAt <= dueAt ? 'in_time' : 'late'), dayOf(closedAt, policy));
  }
};

const byParts = (sums: ReadonlyArray<readonly [string, number]>) => {
  const counts = new Map(sums.map(([key, count]) => [partsOf(key).join(' '), count]));
  return (...parts: ReadonlyArray<string>): number => counts.get(parts.join(' ')) ?? 0;
};

/**
 * PR17: how many parties have given effective consent for each purpose and channel (`domain.md §17.5`),
 * and the requests of data subjects (§17.6): open and overdue now, received and closed in the window.
 * `parties` counts everyone by what stands against all consent; `none` are those whose decisions count.
 */
export const consentFigures: Figures = {
  code: 'PR17',
  name: REPORT,
  title: 'Effective consent by purpose and channel, requests of data subjects and what is overdue',
  read: async ({ readModels, asOf, days }) => {
    const [parties, decided, effective, received, open, overdue, closed] = await Promise.all([
      readModels.tallySums(prefixOf(REPORT, 'parties')),
      readModels.tallySums(prefixOf(REPORT, 'decided')).then(byParts),
      readModels.tallySums(prefixOf(REPORT, 'effective')).then(byParts),
      readModels.tallySums(prefixOf(REPORT, 'received'), days).then(byParts),
      readModels.tallySums(prefixOf(REPORT, 'open')).then(byParts),
      readModels.tallySums(prefixOf(REPORT, 'open'), { to: asOf - 1 }).then(byParts),
      readModels.tallySums(prefixOf(REPORT, 'closed'), days).then(byParts),
    ]);
    const nextDue = await Promise.all(
      dataSubjectRequestKinds.map(async (kind) => {
        const [first] = open('open', kind) > 0 ? await readModels.tallyBuckets(keyOf(REPORT, 'open', kind)) : [];
        return first === undefined ? null : toIso(first[0]);
      }),
    );
    return {
      parties: parties.map(([key, count]) => ({ stop: partsOf(key)[1] ?? 'none', count })),
      consents: consentPurposes.map((purpose) => ({
        purpose,
        decided: decided('decided', purpose),
        byChannel: channels.map((channel) => ({
          channel,
          granted: effective('effective', purpose, ALL) + effective('effective', purpose, channel),
        })),
      })),
      requests: dataSubjectRequestKinds.map((kind, index) => {
        const ended = (outcome: string, inTime: string) => closed('closed', kind, outcome, inTime);
        return {
          kind,
          received: received('received', kind),
          open: open('open', kind),
          overdue: overdue('open', kind),
          nextDueAt: nextDue[index] ?? null,
          fulfilled: ended('fulfilled', 'in_time') + ended('fulfilled', 'late'),
          refused: ended('refused', 'in_time') + ended('refused', 'late'),
          late: ended('fulfilled', 'late') + ended('refused', 'late'),
        };
      }),
    };
  },
};
