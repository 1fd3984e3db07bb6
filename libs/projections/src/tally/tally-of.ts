import { type Advanced, type Evidence, policyAt, type Regime } from '@afecto/domain';
import type { Tally } from '@afecto/read-models';
import { contributeCampaigns } from '../campaigns/contribution';
import { contributeChannels } from '../channels/contribution';
import { contributeConsent } from '../consent/figures';
import { contributeDefection } from '../defection/contribution';
import { contributeComplaints } from '../complaints/figures';
import { contributeConfirmations } from '../confirmations/figures';
import { contributeLifecycle } from '../lifecycle/figures';
import { contributeEnvironment } from '../environment/figures';
import { contributeGroups } from '../loyalty/groups';
import { contributeProgramme } from '../programme/contribution';
import { contributePromises } from '../promises/figures';
import { contributeFairness } from '../queues/fairness';
import { contributeRecording } from '../recording/contribution';
import { contributeScorecard } from '../scorecard/contribute';
import { contributeSegments } from '../segments/figures';
import { contributeServiceLevels } from '../service-levels/figures';
import { contributeTraining } from '../training/contribution';
import { contributeVoice } from '../voice/contribution';
import type { Contribute, Count } from './contribute';

/** Every report that is summed over customers. */
const contributors: ReadonlyArray<Contribute> = [
  contributeLifecycle,
  contributeGroups,
  contributeVoice,
  contributeChannels,
  contributeDefection,
  contributeServiceLevels,
  contributeComplaints,
  contributePromises,
  contributeScorecard,
  contributeProgramme,
  contributeCampaigns,
  contributeConsent,
  contributeSegments,
  contributeRecording,
  contributeConfirmations,
  contributeTraining,
  contributeFairness,
  contributeEnvironment,
];

/** A fact may name any amount. Sums stay whole numbers when nobody adds more than this, 11 billion in minor units of a hundredth. */
const MOST_AT_ONCE = 2 ** 40;
const LAST_BUCKET = 2 ** 52;

/** A whole number between −`most` and `most`; what is no number counts for nothing. */
const within = (value: number, most: number): number =>
  Number.isNaN(value) ? 0 : Math.trunc(Math.max(-most, Math.min(most, value)));

/** The keys of tallies that are made together, each once. */
export class TallyKeys {
  readonly list: string[] = [];
  readonly #places = new Map<string, number>();

  placeOf(key: string): number {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = this.list.length;
    this.list.push(key);
    this.#places.set(key, place);
    return place;
  }
}

const isSame = (one: ReadonlyArray<number>, other: ReadonlyArray<number>): boolean =>
  one.length === other.length && one.every((entry, index) => entry === other[index]);

/**
 * What a customer adds to the figures of all. `before`: the same customer's tally by the same keys; a
 * section that is the same is the same object.
 */
export const tallyOf = (
  evidence: Evidence,
  { standing, evaluatedAt }: Pick<Advanced, 'standing' | 'evaluatedAt'>,
  regime: Regime,
  keys: TallyKeys,
  before: Tally | null = null,
): Tally => {
  // Nothing has happened yet: all its facts are dated ahead.
  if (evaluatedAt === Number.NEGATIVE_INFINITY) return { keys: keys.list, sections: [] };
  let entries: number[] = [];
  const count: Count = (key, bucket, by = 1) => {
    const many = within(by, MOST_AT_ONCE);
    if (many !== 0 && !Number.isNaN(bucket)) entries.push(keys.placeOf(key), within(bucket, LAST_BUCKET), many);
  };
  const customer = { evidence, standing, policy: policyAt(regime, evaluatedAt), asOf: evaluatedAt };
  const known = before?.keys === keys.list ? before.sections : none;
  const sections = contributors.map((contribute, index) => {
    entries = [];
    contribute(customer, count);
    const section = known[index];
    return section !== undefined && isSame(section, entries) ? section : entries;
  });
  return { keys: keys.list, sections };
};

const none: ReadonlyArray<never> = [];
