import { type Fact, foldCustomer, membersOf, policyAt, type ReferredOrder, rootOf } from '@afecto/domain';
import { byTime, referredBy, type World } from '../../engine/customer-facts';
import { isLink } from '../../engine/read-fact';
import { partOf, type SpilledPart, spilledFacts } from '../../engine/spill';
import { PartyGroups } from './groups';
import { isKnown, type Side, worldOfSide } from './side';
import { type Moved, type Summary, summaryOf, Tallied, type TalliedPart } from './summary';

/** Everything that comparing the parts of a spilled log needs; it may be sent to another thread. */
export interface ComparedLog {
  readonly file: string;
  readonly parts: number;
  readonly before: Side;
  readonly after: Side;
  /** Facts about policies and links. */
  readonly worldFacts: ReadonlyArray<Fact>;
  /** Parties some of whose facts wait behind a dead letter: whoever has the ledger compares them. */
  readonly held: ReadonlySet<string>;
}

export interface ComparedPart {
  readonly tallied: TalliedPart;
  readonly moved: ReadonlyArray<Moved>;
  /** Heads of groups that are left to whoever has the ledger. */
  readonly left: ReadonlyArray<string>;
  readonly failed: ReadonlyArray<Failed>;
}

/** A customer, by a party of it, that a rule could not fold, on one side at least. */
export interface Failed {
  readonly partyId: string;
  readonly error: string;
}

export const failedOf = (partyId: string, error: unknown): Failed => ({
  partyId,
  error: error instanceof Error ? error.message : String(error),
});

export interface ComparisonQuestion {
  readonly part: number;
  readonly spilled: SpilledPart;
}

/** Compares the customers of one part. */
export type PartComparer = (question: ComparisonQuestion) => ComparedPart;

interface PartFacts {
  /** By head of a group, in the order of the log. */
  readonly byGroup: ReadonlyMap<string, ReadonlyArray<Fact>>;
  /** Orders by buyer, also of parties that belong to other parts and were referred by some of this one. */
  readonly orders: ReadonlyMap<string, ReadonlyArray<Fact>>;
}

const push = (lists: Map<string, Fact[]>, key: string, fact: Fact): void => {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [fact]);
  else known.push(fact);
};

const factsOf = (log: ComparedLog, groups: PartyGroups, part: number, spilled: SpilledPart): PartFacts => {
  const byGroup = new Map<string, Fact[]>();
  const orders = new Map<string, Fact[]>();
  for (const facts of spilledFacts(log.file, spilled))
    for (const { fact } of facts) {
      // Whoever waits behind an event that cannot be read is left to the ledger.
      if (fact === null || isLink(fact)) continue;
      if (fact.type === 'OrderPlaced') push(orders, fact.data.partyId, fact);
      for (const head of new Set(fact.subjects.map((subject) => groups.headOf(subject))))
        if (partOf(head, log.parts) === part) push(byGroup, head, fact);
    }
  return { byGroup, orders };
};

const referredOrders = (
  facts: ReadonlyArray<Fact>,
  { links }: World,
  orders: PartFacts['orders'],
  isIn: (fact: Fact) => boolean,
): ReadonlyArray<ReferredOrder> =>
  [...referredBy(facts)]
    .flatMap((referredId) =>
      membersOf(links, rootOf(links, referredId)).flatMap((buyer) =>
        (orders.get(buyer) ?? []).flatMap((fact): ReadonlyArray<ReferredOrder> =>
          fact.type === 'OrderPlaced' && isIn(fact)
            ? [{ referredId, orderId: fact.data.orderId, at: fact.occurredAt }]
            : [],
        ),
      ),
    )
    .sort(byTime);

/** Every customer of a group as one side has it, by root. */
const customersOf = (
  members: ReadonlyArray<string>,
  facts: ReadonlyArray<Fact>,
  side: Side,
  world: World,
  orders: PartFacts['orders'],
): ReadonlyMap<string, Summary> => {
  const customers = new Map<string, Summary>();
  const isIn = ({ occurredAt, recordedAt }: Fact): boolean => occurredAt <= side.asOf && isKnown(side, recordedAt);
  const known = facts.filter(isIn);
  for (const root of new Set(members.map((member) => rootOf(world.links, member)))) {
    const one = membersOf(world.links, root);
    const own = members.length === 1 ? known : known.filter(({ subjects }) => subjects.some((id) => one.includes(id)));
    if (own.length === 0) continue;
    const customer = {
      partyId: root,
      members: one,
      facts: own,
      referredOrders: referredOrders(own, world, orders, isIn),
    };
    const { fold, standing } = foldCustomer(customer, world.regime, side.asOf);
    const policy = policyAt(world.regime, side.asOf);
    customers.set(root, summaryOf({ evidence: fold.evidence, standing, policy, asOf: side.asOf }));
  }
  return customers;
};

/** Folds in this thread. */
export const partComparer = (log: ComparedLog): PartComparer => {
  const groups = new PartyGroups(log.worldFacts.filter(isLink));
  const [before, after] = [worldOfSide(log.before, log.worldFacts), worldOfSide(log.after, log.worldFacts)];
  return ({ part, spilled }) => {
    const tallied = new Tallied();
    const moved: Moved[] = [];
    const left: string[] = [];
    const failed: Failed[] = [];
    const { byGroup, orders } = factsOf(log, groups, part, spilled);
    for (const [head, facts] of byGroup) {
      const members = groups.membersOf(head);
      if (members.some((member) => log.held.has(member))) {
        left.push(head);
        continue;
      }
      try {
        const old = customersOf(members, facts, log.before, before, orders);
        const fresh = customersOf(members, facts, log.after, after, orders);
        for (const partyId of new Set([...old.keys(), ...fresh.keys()])) {
          const [was, is] = [old.get(partyId) ?? null, fresh.get(partyId) ?? null];
          if (tallied.add(was, is)) moved.push({ partyId, before: was, after: is });
        }
      } catch (error) {
        failed.push(failedOf(head, error));
      }
    }
    return { tallied: tallied.part, moved, left, failed };
  };
};
