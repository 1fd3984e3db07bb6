import type { Profile360 } from '@afecto/projections';
import { colours } from './colours';
import { count, counted, money } from './numbers';
import { table } from './table';
import { day, ruleMeanings, words, zoneColour } from './words';

/** A hard rule stands beside the zone: the score alone may say something else (`domain.md §21.8`). */
const zoneText = ({ zone, since, score, confidence, quadrant, subtype, rules }: Profile360['loyalty']): string => {
  const kind = [quadrant, subtype].filter((name) => name !== null).map(words);
  const hard = zone === 'defection' ? rules.filter((rule) => rule.startsWith('H')) : [];
  return [
    `${zoneColour(zone)} since ${day(since)}`,
    score === null ? 'no score yet' : `score ${score.toFixed(1)} of 100`,
    `${confidence} confidence`,
    ...(kind.length === 0 ? [] : [kind.join(' / ')]),
    ...hard.map((rule) => `${rule}: ${ruleMeanings[rule] ?? rule}`),
  ].join(', ');
};

const valueText = ({ tier, tierStale, consumptionClass, ...value }: Profile360['value']): string =>
  [
    `${tier === null ? 'no tier before the first review' : `${tier} tier`}${tierStale ? ' (stale)' : ''}`,
    words(consumptionClass),
    ...(value.rfm === null ? [] : [`RFM ${value.rfm.code}`]),
    ...(value.heavyUser === true ? ['heavy user'] : []),
    `${money(value.spend365Minor)} spent, ${money(value.cm365Minor)} contributed in 365 days`,
  ].join(', ');

const ordersText = ({ orderDays, firstOrderAt, lastOrderAt, ipiDays, ...value }: Profile360['value']): string =>
  orderDays === 0
    ? 'none yet'
    : `${counted(orderDays, 'order day')}, ${day(firstOrderAt)} to ${day(lastOrderAt)}` +
      (ipiDays === null
        ? ''
        : `, one in ${ipiDays.toFixed(0)} days is its rhythm, next due ${day(value.nextOrderDueAt)}`) +
      (value.expectedOrders === null ? '' : `, ${value.expectedOrders.toFixed(1)} expected in 52 weeks`) +
      (value.lifetimeValueMinor === null ? '' : `, lifetime value ${money(value.lifetimeValueMinor)}`);

/** What waits for an answer of ours. */
const openText = ({ openComplaints, openRequests, openPromises, openItems }: Profile360): string | null => {
  const overdue = openPromises.filter(({ overdue: late }) => late).length;
  const open = [
    ...(openComplaints.length > 0 ? [colours.red(counted(openComplaints.length, 'complaint'))] : []),
    ...(openRequests.length > 0 ? [counted(openRequests.length, 'request')] : []),
    ...(openPromises.length > 0
      ? [`${counted(openPromises.length, 'promise')}${overdue > 0 ? ` (${count(overdue)} overdue)` : ''}`]
      : []),
    ...(openItems.length > 0 ? [`work in ${[...new Set(openItems.map(({ queue }) => queue))].sort().join(', ')}`] : []),
  ];
  return open.length === 0 ? null : open.join(', ');
};

/** PR02 on a screen: who this is, where it stands, what it is worth and what to do next. */
export const profileStory = (profile: Profile360): string => {
  const { identity, loyalty, lifecycle, criteria, nextBestAction: action } = profile;
  const open = openText(profile);
  const rows: ReadonlyArray<readonly [string, string]> = [
    ['phase', `${words(lifecycle.phase)} since ${day(lifecycle.since)}: ${lifecycle.strategy.toLowerCase()}`],
    ['zone', zoneText(loyalty)],
    ['value', valueText(profile.value)],
    ['orders', ordersText(profile.value)],
    [
      'relationship',
      `${counted(Math.round(criteria.longevityDays), 'active day')}, ` +
        `${counted(criteria.scope.lines365, 'product line')} in a year, mode ${words(criteria.mode)}`,
    ],
    [
      'known',
      `${counted(profile.facts, 'fact')}, the last on ${day(profile.lastFactAt)}; ` +
        `${Math.round(profile.completeness.share * 100)} % of the profile filled`,
    ],
    ...(open === null ? [] : [['open', open] as const]),
    ...(action === null
      ? []
      : [
          ['next best action', `${colours.bold(action.what)} (by ${action.how}, due ${day(action.dueAt)})`] as const,
          ['', colours.dim(action.why)] as const,
        ]),
  ];
  const name = identity.displayName ?? (profile.erased ? 'erased' : 'anonymous');
  return `${colours.bold(name)}  ${colours.dim(profile.partyId)}\n${table(rows.map(([key, text]) => [`  ${colours.dim(key)}`, text]))}`;
};
