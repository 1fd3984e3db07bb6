import { type PlannedQueueMeasure, type QueueId, queueSuccesses } from '@afecto/domain';
import type { FiguresQuestion } from '../figures/definition';
import { partsOf, prefixOf } from '../tally/contribute';
import { share } from '../figures/measures';
import { REPORT } from './contribute';
import { Sums } from './sums';

const queues = ['Q1', 'Q2', 'Q3', 'Q4', 'Q5', 'Q6', 'Q7', 'Q8'] as const;
type Queue = (typeof queues)[number];

/** What a plan may have targets for of one queue; shares are 0..1. */
export type QueueMeasures = Readonly<Record<PlannedQueueMeasure, number | null>>;

/** By queue how many items were ever closed, of staff and competitors too; those without any are left out. */
export const closedItems = async (
  readModels: Pick<FiguresQuestion['readModels'], 'tallySums'>,
): Promise<ReadonlyMap<QueueId, number>> => {
  const closed = new Map<QueueId, number>();
  for (const kind of ['itemsClosed', 'itemsClosedApart'])
    for (const [key, many] of await readModels.tallySums(prefixOf(REPORT, kind))) {
      const [, name] = partsOf(key);
      const queue = queues.find((known) => known === name);
      if (queue !== undefined) closed.set(queue, (closed.get(queue) ?? 0) + many);
    }
  return closed;
};

/** Items entered and closed in the window, how many of those worked were a success and in time, and how many are open now. */
export const queueMeasures = async (
  question: FiguresQuestion,
): Promise<ReadonlyArray<readonly [Queue, QueueMeasures]>> => {
  const { readModels } = question;
  const inWindow = await Sums.of(question, ['itemsEntered', 'itemsClosed']);
  const open = await Sums.of({ readModels, days: { from: 0, to: 0 } }, ['itemsOpen']);
  return queues.map((queue) => {
    const closed = inWindow.all('itemsClosed').filter(([[of]]) => of === queue);
    const sumOf = (where: (parts: ReadonlyArray<string>) => boolean): number =>
      closed.reduce((sum, [parts, many]) => (where(parts) ? sum + many : sum), 0);
    const all = sumOf(() => true);
    const worked = sumOf(([, , closedBy]) => closedBy === 'outcome');
    const succeeded = sumOf(
      ([, outcome = '', closedBy]) => closedBy === 'outcome' && queueSuccesses[queue].includes(outcome),
    );
    return [
      queue,
      {
        entered: inWindow.one('itemsEntered', queue),
        closed: all,
        successRate: share(succeeded, worked),
        inTimeShare: share(
          sumOf(([, , , inTime]) => inTime === 'in_time'),
          all,
        ),
        open: open.one('itemsOpen', queue),
      },
    ];
  });
};
