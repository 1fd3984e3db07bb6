import type { GroupCount, QueueFigures } from '@afecto/application';
import { DAY_MS, type Instant, type QueueId } from '@afecto/domain';
import type { ItemView } from '@afecto/projections';
import { colours } from './colours';
import { count } from './numbers';
import { blocks, table } from './table';
import { day, words, zoneColour } from './words';

/** The eight QCi activities as people call them (`domain.md §11`). */
const titles: Readonly<Record<QueueId, string>> = {
  Q1: 'manage dissatisfaction',
  Q2: 'win back',
  Q3: 'targeting',
  Q4: 'conversion',
  Q5: 'welcome and get to know',
  Q6: 'deliver the basics',
  Q7: 'retention',
  Q8: 'value development',
};

/** From the best to the worst, and last what nobody knows yet. */
const zonesInOrder = ['affection', 'indifference', 'defection', 'unclassified'];
const rank = ({ group }: GroupCount): number => zonesInOrder.indexOf(group['zone'] ?? '');

export const zonesStory = (groups: ReadonlyArray<GroupCount>): string => {
  if (groups.length === 0) return '  no customers yet';
  const total = groups.reduce((sum, group) => sum + group.count, 0);
  return table(
    [
      ...groups
        .toSorted((a, b) => rank(a) - rank(b))
        .map(({ group, count: customers, share }) => {
          const zone = group['zone'] ?? '–';
          return [
            `  ${zoneColour(zone)}`,
            count(customers),
            `${(share * 100).toFixed(1)} %`,
            zoneColour(zone, blocks(share, 40)),
          ];
        }),
      [colours.dim('  all'), colours.dim(count(total))],
    ],
    [1, 2],
  );
};

export const queuesStory = (kpis: ReadonlyArray<QueueFigures>): string =>
  table(
    [
      ['  queue', '', 'open', 'claimed', 'suppressed', 'overdue', 'entered', 'closed'].map((title) =>
        colours.dim(title),
      ),
      ...kpis.map((kpi) => [
        `  ${colours.bold(kpi.queue)}`,
        titles[kpi.queue],
        count(kpi.open),
        count(kpi.claimed),
        count(kpi.suppressed),
        kpi.overdue > 0 ? colours.red(count(kpi.overdue)) : '0',
        count(kpi.entered),
        count(kpi.closed),
      ]),
    ],
    [2, 3, 4, 5, 6, 7],
  );

const whenOf = (item: ItemView, now: Instant): string => {
  if (item.visibility !== 'visible') return colours.dim(item.visibility);
  if (!item.overdue || item.dueAt === null) return `due ${day(item.dueAt)}`;
  const days = Math.floor((now - Date.parse(item.dueAt)) / DAY_MS);
  return colours.red(`due ${day(item.dueAt)}${days > 0 ? `, ${count(days)} days late` : ', late'}`);
};

/** Items in claim order: what is to be done, and below it for whom, by when, how and why. */
export const itemsStory = (items: ReadonlyArray<ItemView>, now: Instant): string => {
  if (items.length === 0) return '  nothing is open here';
  const heads = table(
    items.map((item) => [`  ${colours.bold(item.queue)}`, item.priority.toFixed(0), item.what]),
    [1],
  ).split('\n');
  return items
    .flatMap((item, index) => {
      const skill = item.who.skill === 'any' ? '' : ` for a ${words(item.who.skill)}`;
      const details = [item.who.partyId, whenOf(item, now), `by ${words(item.how)}${skill}`, colours.dim(item.why)];
      return [heads[index] ?? '', `      ${details.join(', ')}`];
    })
    .join('\n');
};
