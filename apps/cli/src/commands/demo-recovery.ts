import type { Afecto } from '@afecto/application';
import type { Instant } from '@afecto/domain';
import type { ItemView, LoyaltyView } from '@afecto/projections';
import * as E from 'fp-ts/Either';
import { colours } from '../terminal/colours';
import { zoneColour } from '../terminal/words';
import { OPERATOR } from './review';

const AGENT = 'agent-ada';
/** What the agent of the demonstration may grant, in minor units. */
const CREDIT_MINOR = 2_500;
/** Complaints looked at, in claim order. */
const COMPLAINTS = 1_000;
const PROJECTED_WITHIN_MS = 30_000;

type Failure = { readonly message: string };

/**
 * The newest open complaint whose good recovery would change the zone: no hard rule stands against it.
 * When there is none (few customers), the newest one of anybody else.
 */
export const customerToRecover = async (afecto: Afecto): Promise<ItemView | null> => {
  const open = await openComplaints(afecto);
  const newest = open.toSorted((a, b) => b.receivedAt - a.receivedAt);
  return (newest.find(({ wouldMove }) => wouldMove) ?? newest[0])?.item ?? null;
};

interface OpenComplaint {
  readonly item: ItemView;
  readonly receivedAt: Instant;
  readonly wouldMove: boolean;
}

const openComplaints = async ({ answers }: Afecto): Promise<ReadonlyArray<OpenComplaint>> => {
  const { items } = await answers.queue('Q1', { limit: COMPLAINTS });
  const open: OpenComplaint[] = [];
  for (const item of items) {
    if (item.visibility !== 'visible' || item.who.skill !== 'any') continue;
    const seen = await answers.seen(item.who.partyId, {}, ({ evidence, standing: { loyalty } }) => {
      const complaint = evidence.complaints.get(item.triggerKey);
      if (complaint === undefined || complaint.receivedAt === null || complaint.verdict !== null) return null;
      const hardRules = loyalty.rules.filter((rule) => rule.startsWith('H'));
      const wouldMove = loyalty.zone === 'defection' && hardRules.length === 0;
      return { item, receivedAt: complaint.receivedAt, wouldMove };
    });
    if (seen !== null && seen.view !== null) open.push(seen.view);
  }
  return open;
};

const moved = (before: LoyaltyView, after: LoyaltyView): string => {
  const text = ({ zone, score }: LoyaltyView): string => `${zoneColour(zone)} (${score?.toFixed(1) ?? '–'})`;
  return `  ${colours.bold(text(before))} → ${colours.bold(text(after))}`;
};

/** Claim, remedy, follow-up, completion: each a command whose facts move the customer. */
export const recover = async (
  { answers, commands, projections }: Afecto,
  { itemId, triggerKey, who: { partyId } }: ItemView,
  say: (text: string) => void,
): Promise<E.Either<Failure, void>> => {
  const before = await answers.loyalty(partyId);
  const complaint = (await answers.seen(partyId, {}, ({ evidence }) => evidence.complaints.get(triggerKey)))?.view;
  if (before === null || complaint === undefined)
    return E.left({ message: `Complaint ${triggerKey} of party ${partyId} is not known.` });
  const { complaintId } = complaint;
  const steps: ReadonlyArray<readonly [name: string, text: string, body: object]> = [
    ['ClaimWorkItem', 'Ada claims the item', { itemId, agentId: AGENT }],
    ...(complaint.resolvedAt === null
      ? ([
          [
            'GrantCompensation',
            'grants a credit of 25.00',
            { complaintId, kind: 'credit', amountMinor: CREDIT_MINOR, justice: 'distributive' },
          ],
          [
            'ResolveComplaint',
            'resolves the complaint at once',
            { complaintId, decision: 'upheld', rootCause: 'late_delivery', immediate: true },
          ],
        ] as const)
      : []),
    ['FollowUpComplaint', 'asks again: the customer gives 5 of 5', { complaintId, verdict: 5 }],
  ];
  let evidenceEventId: string | undefined;
  const execute = async (name: string, text: string, body: object): Promise<E.Either<Failure, void>> => {
    const outcome = await commands.execute({ name, body, commandId: `demo-${name}-${itemId}`, actor: OPERATOR });
    if (E.isLeft(outcome)) return outcome;
    const { events, position } = outcome.right;
    await projections.waitFor(position, PROJECTED_WITHIN_MS);
    evidenceEventId = events.at(-1)?.eventId ?? evidenceEventId;
    say(`  ${colours.green('✓')} ${text.padEnd(40)} ${colours.dim(events.map(({ type }) => type).join(', '))}`);
    return E.right(undefined);
  };
  for (const [name, text, body] of steps) {
    const executed = await execute(name, text, body);
    if (E.isLeft(executed)) return executed;
  }
  const body = { itemId, agentId: AGENT, outcome: 'recovered', evidenceEventId };
  const completed = await execute('CompleteWorkItem', 'completes the item: recovered', body);
  if (E.isLeft(completed)) return completed;
  const after = await answers.loyalty(partyId);
  if (after !== null) say(moved(before, after));
  return E.right(undefined);
};
