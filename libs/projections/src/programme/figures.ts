import { benefits, bondTypes, rewardKinds } from '@afecto/domain';
import { dayOf, type Figures } from '../figures/definition';
import { share } from '../figures/measures';
import { partsOf, prefixOf } from '../tally/contribute';
import { ATTITUDE_STEPS, NO_PROGRAMME, REPORT } from './contribution';
import { WARN_ABOVE } from './pressure';

interface Sums {
  /** Over all keys whose parts begin so. */
  readonly of: (...parts: ReadonlyArray<string>) => number;
  /** Distinct values of the part after these. */
  readonly under: (...parts: ReadonlyArray<string>) => ReadonlyArray<string>;
}

const sumsOf = (tallied: ReadonlyArray<readonly [string, number]>): Sums => {
  const sums = new Map<string, number>();
  const values = new Map<string, Set<string>>();
  for (const [key, sum] of tallied) {
    let path = '';
    for (const part of partsOf(key)) {
      const next = values.get(path);
      if (next === undefined) values.set(path, new Set([part]));
      else next.add(part);
      path += `${part}|`;
      sums.set(path, (sums.get(path) ?? 0) + sum);
    }
  }
  const pathOf = (parts: ReadonlyArray<string>): string => parts.map((part) => `${part}|`).join('');
  return {
    of: (...parts) => sums.get(pathOf(parts)) ?? 0,
    under: (...parts) => [...(values.get(pathOf(parts)) ?? [])],
  };
};

/** Per programme: members and who of them is active now, enrolments and points in the window, what is owed. */
const programmesOf = (state: Sums, flow: Sums) => {
  const ids = new Set([...state.under('enrolled'), ...state.under('earned'), ...state.under('redeemed')]);
  return [...ids].sort().map((programId) => {
    const members = state.of('members', programId);
    const active = state.of('active', programId);
    const earned = state.of('earned', programId);
    const redeemed = state.of('redeemed', programId);
    return {
      programId: programId === NO_PROGRAMME ? null : programId,
      members,
      active,
      activeShare: share(active, members),
      enrolled: flow.of('enrolled', programId),
      points: {
        liability: earned - redeemed,
        earned: flow.of('earned', programId),
        redeemed: flow.of('redeemed', programId),
        /** Of all points ever earned. */
        redemptionRate: share(redeemed, earned),
      },
    };
  });
};

/** How much more members contribute than others of the same kind and quarter of their first order. */
const upliftOf = (state: Sums) => {
  let members = 0;
  let difference = 0;
  for (const kind of state.under('matched'))
    for (const quarter of state.under('matched', kind)) {
      const of = (side: string, measure: string) => state.of('matched', kind, quarter, side, measure);
      const [here, there] = [of('member', 'customers'), of('other', 'customers')];
      if (here === 0 || there === 0) continue;
      members += here;
      difference += of('member', 'minor') - (here * of('other', 'minor')) / there;
    }
  return { matchedMembers: members, meanCm365Minor: share(difference, members) };
};

/**
 * PR14: bonds by type and programmes as of today, rewards, benefits and points of the window (`domain.md
 * §8`). What ends by time alone ends with the next day of the tenant. `uplift` compares members with non-members of the same
 * kind and the same quarter of their first order, by the contribution that the last review froze; it says
 * nothing about cause. `attitude`: mean of what was first said within 180 days after the benefit, −1..1.
 */
export const programmeFigures: Figures = {
  code: 'PR14',
  name: REPORT,
  title: 'Bonds, memberships, points, benefits with later attitude, identified orders, switching pressure',
  read: async ({ readModels, policy, asOf, days }) => {
    const [state, flow] = await Promise.all([
      readModels.tallySums(prefixOf(REPORT), { to: dayOf(asOf, policy) }).then(sumsOf),
      readModels.tallySums(prefixOf(REPORT), days).then(sumsOf),
    ]);
    const identified = state.of('orders', 'identified');
    const ordersInAll = identified + state.of('orders', 'anonymous');
    const programmes = programmesOf(state, flow);
    const typed = (type: string) =>
      programmes.reduce((sum, { programId }) => sum + state.of('members', programId ?? NO_PROGRAMME, type), 0);
    return {
      bonds: bondTypes.map((bondType) => ({
        bondType,
        customers: state.of('bond', bondType),
        automatic: state.of('bond', bondType, 'automatic'),
      })),
      programmes,
      relationshipTypes: {
        membership: { continuous: typed('continuous'), discrete: typed('discrete') },
        none: state.of('customers') - state.of('memberCustomers'),
      },
      identifiedOrders: { identified, all: ordersInAll, share: share(identified, ordersInAll) },
      rewards: rewardKinds.map((kind) => ({
        kind,
        granted: flow.of('reward', kind),
        costMinor: flow.of('rewardMinor', kind),
      })),
      benefits: benefits.map((benefit) => {
        const answers = flow.of('attitudes', benefit);
        const attitude = share(flow.of('attitudeSum', benefit) / ATTITUDE_STEPS, answers);
        return {
          benefit,
          given: flow.of('benefit', benefit),
          byReward: flow.of('benefit', benefit, 'reward'),
          byBond: flow.of('benefit', benefit, 'bond'),
          answers,
          attitude,
        };
      }),
      uplift: upliftOf(state),
      pressure: {
        customersWithPenalties: state.of('penalised'),
        penaltiesMinor: state.of('penaltiesMinor'),
        warned: state.of('warned'),
        warnAbove: WARN_ABOVE,
      },
    };
  },
};
