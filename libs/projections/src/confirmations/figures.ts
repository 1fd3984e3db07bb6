import { dayOf, type Figures, type JsonObject } from '../figures/definition';
import { share } from '../figures/measures';
import { type Contribute, keyOf, partsOf, prefixOf } from '../tally/contribute';
import { type Confirmation, isAnswered, resolutionsOf } from './resolutions';

const REPORT = 'confirmations';

const confirmations = [
  'confirmed',
  'answered',
  'denied',
  'asked',
  'unreachable',
  'open',
] as const satisfies ReadonlyArray<Confirmation>;

/** Every resolution on its day, by how it stands with the customer. */
export const contributeConfirmations: Contribute = ({ evidence, policy }, count) => {
  if (evidence.requests.size === 0 && evidence.complaints.size === 0) return;
  for (const { matter, at, confirmation } of resolutionsOf(evidence, policy.configuration))
    count(keyOf(REPORT, matter, confirmation), dayOf(at, policy));
};

const shown = (counts: ReadonlyMap<string, number>): JsonObject => {
  const of = (confirmation: Confirmation): number => counts.get(confirmation) ?? 0;
  const sum = (which: (confirmation: Confirmation) => boolean): number =>
    confirmations.reduce((all, one) => (which(one) ? all + of(one) : all), 0);
  const all = sum(() => true);
  const answers = sum(isAnswered);
  return {
    resolutions: all,
    ...Object.fromEntries(confirmations.map((one) => [one, of(one)])),
    askedRate: share(all - of('open'), all),
    confirmationRate: share(answers, all),
    confirmedRate: share(answers - of('denied'), answers),
  };
};

/**
 * PR10 (`domain.md §10.5`): resolutions of the window, and how many of them were asked about and confirmed.
 * `confirmationRate`: answered by the customer either way, of all; `confirmedRate`: of those, not denied.
 */
export const confirmationFigures: Figures = {
  code: 'PR10',
  name: REPORT,
  title: 'Resolutions of requests and complaints: asked about, confirmed, denied, and those not even asked about',
  read: async ({ readModels, days }) => {
    const counts = { all: new Map<string, number>(), request: new Map<string, number>(), complaint: new Map() };
    for (const [key, many] of await readModels.tallySums(prefixOf(REPORT), days)) {
      const [matter = '', confirmation = ''] = partsOf(key);
      const own = matter === 'complaint' ? counts.complaint : counts.request;
      own.set(confirmation, many);
      counts.all.set(confirmation, (counts.all.get(confirmation) ?? 0) + many);
    }
    return { all: shown(counts.all), requests: shown(counts.request), complaints: shown(counts.complaint) };
  },
};
