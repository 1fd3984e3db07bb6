import { type Advanced, type Evidence, policyAt, type Regime } from '@afecto/domain';
import { contributeCampaigns } from '../campaigns/contribution';
import { contributeChannels } from '../channels/contribution';
import { contributeConsent } from '../consent/figures';
import { contributeDefection } from '../defection/contribution';
import { contributeComplaints } from '../complaints/figures';
import { contributeLifecycle } from '../lifecycle/figures';
import { contributeGroups } from '../loyalty/groups';
import { contributeProgramme } from '../programme/contribution';
import { contributePromises } from '../promises/figures';
import { contributeScorecard } from '../scorecard/contribute';
import { contributeSegments } from '../segments/figures';
import { contributeServiceLevels } from '../service-levels/figures';
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
];

/** What a customer adds to the figures of all, encoded as it is stored (`CustomerChange.tally`). */
export const tallyOf = (
  evidence: Evidence,
  { standing, evaluatedAt }: Pick<Advanced, 'standing' | 'evaluatedAt'>,
  regime: Regime,
): string => {
  // Nothing has happened yet: all its facts are dated ahead.
  if (evaluatedAt === Number.NEGATIVE_INFINITY) return '[]';
  const entries: (string | number)[] = [];
  const count: Count = (key, bucket, by = 1) => {
    if (by !== 0) entries.push(key, bucket, by);
  };
  const customer = { evidence, standing, policy: policyAt(regime, evaluatedAt), asOf: evaluatedAt };
  for (const contribute of contributors) contribute(customer, count);
  return JSON.stringify(entries);
};
