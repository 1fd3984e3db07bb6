import type { Profile360, LoyaltyView, ItemView } from '@afecto/projections';
import type { GroupCount, QueueKpis } from '@afecto/application';
import pc from 'picocolors';
import { count } from './progress';
import { blocks, table } from './table';

const money = (minor: number): string =>
  (minor / 100).toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const day = (iso: string | null): string => (iso === null ? '–' : iso.slice(0, 10));
const signed = (value: number): string => `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(2)}`;
const fixed = (value: number | null, digits = 1): string => (value === null ? '–' : value.toFixed(digits));

const zoneColour = (zone: string): string => {
  if (zone === 'defection') return pc.red(zone);
  if (zone === 'affection') return pc.green(zone);
  return zone === 'indifference' ? pc.yellow(zone) : pc.dim(zone);
};

export const queueNames: Readonly<Record<string, string>> = {
  Q1: 'manage dissatisfaction',
  Q2: 'win back',
  Q3: 'targeting',
  Q4: 'conversion',
  Q5: 'welcome and get to know',
  Q6: 'deliver the basics',
  Q7: 'retention',
  Q8: 'value development',
};

/** What each hard rule and gate of `domain.md §7.4` says. */
const ruleMeanings: Readonly<Record<string, string>> = {
  H1: 'a defection notice is in force',
  H2: 'two or more complaints in a year were not recovered (double deviation)',
  H3: 'clearly dissatisfied, whatever is still bought',
  H4: 'verified bad word of mouth in the last 90 days',
  H5: 'buying has collapsed against the own rhythm',
  G1: 'affection needs satisfaction that was said, recently enough',
  G2: 'affection waits while a serious complaint is open',
  G3: 'affection needs a second order or an act of advocacy',
};

const familyNames = { A: 'attitude', B: 'experience', C: 'behaviour', D: 'ties and advocacy' } as const;

export const profileStory = (profile: Profile360): string => {
  const { identity, value, loyalty, lifecycle, criteria } = profile;
  const rows: string[][] = [
    ['phase', `${lifecycle.phase} since ${day(lifecycle.since)} — ${lifecycle.strategy.toLowerCase()}`],
    [
      'zone',
      `${zoneColour(loyalty.zone)} since ${day(loyalty.since)}, score ${fixed(loyalty.score)} (${loyalty.confidence} confidence)` +
        (loyalty.quadrant === null
          ? ''
          : `, ${loyalty.quadrant}${loyalty.subtype === null ? '' : `/${loyalty.subtype}`}`),
    ],
    [
      'value',
      `${value.tier ?? 'no tier'}${value.tierStale ? ' (stale)' : ''}, ${value.consumptionClass}, ` +
        `${money(value.spend365Minor)} spent and ${money(value.cm365Minor)} contributed in 365 days` +
        (value.rfm === null ? '' : `, RFM ${value.rfm.code}`),
    ],
    [
      'relationship',
      `${count(criteria.longevityDays)} active days, ${criteria.scope.lines365} product lines in a year, mode ${criteria.mode}`,
    ],
    [
      'profile',
      `${Math.round(profile.completeness.share * 100)} % complete, ${profile.facts} facts, last ${day(profile.lastFactAt)}`,
    ],
  ];
  const action = profile.nextBestAction;
  if (action !== null)
    rows.push([
      'next best action',
      `${pc.bold(action.what)} by ${action.how} until ${day(action.dueAt)} — ${action.why}`,
    ]);
  const name = identity.displayName ?? 'anonymous';
  return `${pc.bold(name)}  ${pc.dim(profile.partyId)}\n${table(rows.map(([key = '', text = '']) => [`  ${pc.dim(key)}`, text]))}`;
};

/** Why this zone, from the largest contribution to the smallest, and what would change it. */
export const loyaltyStory = (view: LoyaltyView): string => {
  const lines = [
    `${pc.bold('Why')} ${zoneColour(view.zone)}? Score ${fixed(view.score, 4)} = 50 ${view.families
      .filter(({ points }) => points !== 0)
      .map(({ family, points }) => `${points >= 0 ? '+' : '−'} ${Math.abs(points).toFixed(4)} ${familyNames[family]}`)
      .join(' ')}`,
  ];
  for (const rule of view.rules) lines.push(`  ${pc.bold(rule)}  ${ruleMeanings[rule] ?? rule}`);
  if (view.heldBy !== null)
    lines.push(
      `  held back: ${view.heldBy === 'dwell' ? 'a zone was entered less than 14 days ago' : 'one zone up at a time'}`,
    );
  const strongest = view.evidence.toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points)).slice(0, 8);
  lines.push(
    table(
      strongest.map(({ points, family, type, occurredAt, note }) => [
        `  ${points >= 0 ? pc.green(signed(points)) : pc.red(signed(points))}`,
        pc.dim(familyNames[family]),
        type,
        day(occurredAt),
        pc.dim(note),
      ]),
      [0],
    ),
  );
  const { up, down } = view.toNext;
  if (up !== null)
    lines.push(
      `  ${fixed(up.distance)} points more reach ${up.threshold}, the next zone up (rules and gates permitting)`,
    );
  if (down !== null) lines.push(`  ${fixed(down.distance)} points less reach ${down.threshold}, the next zone down`);
  return lines.join('\n');
};

export const zonesStory = (groups: ReadonlyArray<GroupCount>): string =>
  table(
    groups.map(({ group, count: customers, share }) => {
      const [zone = '–', ...others] = Object.values(group).map((value) => value ?? '–');
      return [
        `  ${[zoneColour(zone), ...others].join(' / ')}`,
        count(customers),
        `${(share * 100).toFixed(1)} %`,
        blocks(share, 40),
      ];
    }),
    [1, 2],
  );

export const queuesStory = (kpis: ReadonlyArray<QueueKpis>): string =>
  table(
    [
      ['  queue', '', 'open', 'claimed', 'suppressed', 'overdue', 'entered', 'closed'].map((title) => pc.dim(title)),
      ...kpis.map((kpi) => [
        `  ${kpi.queue}`,
        queueNames[kpi.queue] ?? '',
        count(kpi.open),
        count(kpi.claimed),
        count(kpi.suppressed),
        count(kpi.overdue),
        count(kpi.entered),
        count(kpi.closed),
      ]),
    ],
    [2, 3, 4, 5, 6, 7],
  );

export const itemsStory = (items: ReadonlyArray<ItemView>): string =>
  table(
    items.map((item) => [
      `  ${pc.bold(item.queue)}`,
      item.priority.toFixed(0),
      item.who.partyId,
      item.what,
      item.how,
      item.overdue ? pc.red(`due ${day(item.dueAt)}`) : `due ${day(item.dueAt)}`,
      pc.dim(item.why),
    ]),
    [1],
  );
