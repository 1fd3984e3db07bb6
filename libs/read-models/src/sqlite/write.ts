import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { NEVER, type QueueId } from '@afecto/domain';
import type { Batch, CustomerChange, EncodedCustomer, EncodedItem, NewCustomer, PartyLedgers } from '../port';
import { deadLetterWriter } from './dead-letters';
import { lateIndexes, whenAsked } from './late-indexes';
import { tallyWriter } from './tallies';

/** Party ids are interned to integers; this many are remembered. */
const REMEMBERED_PARTIES = 200_000;

interface ItemState {
  readonly item_id: string;
  readonly again: boolean;
  readonly row: string;
}

const INSERT_CUSTOMER = `INSERT INTO customer
  (party_id, zone, extreme, quadrant, tier, phase, search, next_change, expires, row)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const customerColumns = (customer: EncodedCustomer): Array<string | number | null> => [
  customer.partyId,
  customer.zone,
  customer.extreme,
  customer.quadrant,
  customer.tier,
  customer.phase,
  customer.search,
  customer.nextChangeAt === NEVER ? null : customer.nextChangeAt,
  customer.expiresAt === NEVER ? null : customer.expiresAt,
  customer.json,
];

const INSERT_ITEM = `INSERT INTO work_item
  (item_id, party_id, queue, state, visibility, agent_id, entered_at, again, first_action_at, due_at,
   closed_at, closed_by, outcome, row)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const itemColumns = (partyId: string, item: EncodedItem): Array<string | number | null> => [
  item.itemId,
  partyId,
  item.queue,
  item.state,
  item.visibility,
  item.agentId,
  item.enteredAt,
  item.again ? 1 : 0,
  item.firstActionAt,
  item.dueAt,
  item.closedAt,
  item.closedBy,
  item.outcome,
  item.json,
];

/** Applies one batch in one transaction; rows that did not change are not written again. */
export const batchWriter = (database: DatabaseSync): ((batch: Batch) => void) => {
  const addParty = database.prepare('INSERT INTO party (name) VALUES (?)');
  const findParty = database.prepare('SELECT id FROM party WHERE name = ?');
  const addWorldFact = database.prepare('INSERT INTO world_fact (position) VALUES (?) ON CONFLICT DO NOTHING');
  const addPartyFact = database.prepare(
    'INSERT INTO party_fact (party, occurred_at, position) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const appendCustomer = database.prepare(INSERT_CUSTOMER);
  const putCustomer = whenAsked(
    database,
    `${INSERT_CUSTOMER}
     ON CONFLICT (party_id) DO UPDATE SET zone = excluded.zone, extreme = excluded.extreme, quadrant = excluded.quadrant,
       tier = excluded.tier, phase = excluded.phase, search = excluded.search, next_change = excluded.next_change, expires = excluded.expires, row = excluded.row`,
  );
  const putTakenBack = database.prepare('UPDATE customer SET taken_back = ? WHERE party_id = ?');
  const itemsOf = database.prepare('SELECT item_id, again, row FROM work_item WHERE party_id = ?');
  const appendItem = database.prepare(INSERT_ITEM);
  const putItem = whenAsked(
    database,
    `${INSERT_ITEM}
     ON CONFLICT (item_id) DO UPDATE SET party_id = excluded.party_id, queue = excluded.queue, state = excluded.state,
       visibility = excluded.visibility, agent_id = excluded.agent_id, entered_at = excluded.entered_at, again = excluded.again,
       first_action_at = excluded.first_action_at, due_at = excluded.due_at, closed_at = excluded.closed_at, closed_by = excluded.closed_by,
       outcome = excluded.outcome, row = excluded.row`,
  );
  const dropItem = database.prepare('DELETE FROM work_item WHERE item_id = ? AND party_id = ?');
  const dropCustomer = database.prepare('DELETE FROM customer WHERE party_id = ?');
  const dropItems = database.prepare('DELETE FROM work_item WHERE party_id = ?');
  const putIdentifier = database.prepare(
    `INSERT INTO identifier (scheme, value, party_id, verified)
     SELECT :scheme, :value, :party, :verified WHERE NOT EXISTS (SELECT 1 FROM erased_party WHERE party_id = :party)
     ON CONFLICT DO UPDATE SET verified = max(verified, excluded.verified)`,
  );
  const stateIdentifier = whenAsked(
    database,
    'INSERT INTO identifier_stated (scheme, value, party_id, verified) VALUES (?, ?, ?, ?)',
  );
  const addErased = database.prepare('INSERT INTO erased_party (party_id) VALUES (?) ON CONFLICT DO NOTHING');
  const forgetIdentifiers = database.prepare('DELETE FROM identifier WHERE party_id = ?');
  const addReferral = database.prepare(
    'INSERT INTO referral (referred_id, referrer_id) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const addClaims = database.prepare(
    'INSERT INTO claim_count (queue, claims) VALUES (?, ?) ON CONFLICT (queue) DO UPDATE SET claims = claims + excluded.claims',
  );
  const putOutgoing = database.prepare(
    'INSERT INTO outgoing (id, stream_id, event) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING',
  );
  const writeDeadLetters = deadLetterWriter(database);
  const tally = tallyWriter(database);
  const indexes = lateIndexes(database);
  const everyoneDue = database.prepare('UPDATE customer SET next_change = ?');
  const building = database.prepare('SELECT building FROM checkpoint');
  const putCheckpoint = database.prepare(
    `INSERT INTO checkpoint (one, position, origin, last_position, last_id, horizon, version, facts, latest_fact_at, building)
     VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (one) DO UPDATE SET position = excluded.position, origin = excluded.origin, last_position = excluded.last_position, last_id = excluded.last_id, horizon = excluded.horizon, version = excluded.version,
       facts = excluded.facts, latest_fact_at = excluded.latest_fact_at, building = excluded.building`,
  );

  const remembered = new Map<string, number>();
  const partyNumber = (name: string): number => {
    const known = remembered.get(name);
    if (known !== undefined) return known;
    const found = findParty.get(name)?.['id'];
    const id = typeof found === 'number' ? found : Number(addParty.run(name).lastInsertRowid);
    if (remembered.size >= REMEMBERED_PARTIES) remembered.clear();
    remembered.set(name, id);
    return id;
  };

  /** Goes to the end of both tables. */
  const appendLedgers = ({ partyIds, counts, places }: PartyLedgers): void => {
    let at = 0;
    for (const [index, partyId] of partyIds.entries()) {
      const party = Number(addParty.run(partyId).lastInsertRowid);
      for (const end = at + 2 * (counts[index] ?? 0); at < end; at += 2)
        addPartyFact.run(party, places[at] ?? 0, places[at + 1] ?? 0);
    }
  };

  const put = (partyId: string, item: EncodedItem): void => {
    putItem().run(...itemColumns(partyId, item));
  };

  const writeItems = ({ customer: { partyId }, items, dropped }: CustomerChange): void => {
    if (dropped !== 'others') {
      for (const item of items) put(partyId, item);
      for (const itemId of dropped) dropItem.run(itemId, partyId);
      return;
    }
    const before = new Map<string, ItemState>();
    for (const stored of readItems(itemsOf, partyId)) before.set(stored.item_id, stored);
    for (const item of items) {
      const stored = before.get(item.itemId);
      if (stored?.row !== item.json || stored.again !== item.again) put(partyId, item);
      before.delete(item.itemId);
    }
    // What a fold no longer produces (a late fact, a merge undone) must not stay behind.
    for (const itemId of before.keys()) dropItem.run(itemId, partyId);
  };

  const append = ({ customer, items, tally: share }: NewCustomer): void => {
    appendCustomer.run(...customerColumns(customer));
    for (const item of items) appendItem.run(...itemColumns(customer.partyId, item));
    tally.keep(customer.partyId, share);
  };

  const replace = (change: CustomerChange): void => {
    const { customer, takenBack } = change;
    putCustomer().run(...customerColumns(customer));
    if (takenBack !== undefined)
      putTakenBack.run(takenBack.length === 0 ? null : JSON.stringify(takenBack), customer.partyId);
    writeItems(change);
    tally.put(customer.partyId, change.tally, change.tallyBefore);
  };

  const apply = (batch: Batch): void => {
    const stored = building.get();
    const begins = stored === undefined && batch.checkpoint.building !== null;
    if (begins) {
      indexes.leaveOut();
      tally.begin();
    }
    // A build writes every customer once; sums and indexes are made when all are there, in one go.
    const isBuilding = begins || typeof stored?.['building'] === 'string';
    for (const fact of batch.facts) {
      const position = Number(fact.position);
      if (fact.world) addWorldFact.run(position);
      for (const subject of fact.subjects) addPartyFact.run(partyNumber(subject), fact.occurredAt, position);
    }
    for (const ledgers of batch.ledgers ?? none) appendLedgers(ledgers);
    // Whoever is erased stays so, whichever fact comes first.
    for (const partyId of batch.erased ?? []) {
      addErased.run(partyId);
      forgetIdentifiers.run(partyId);
    }
    for (const { scheme, value, partyId, verified } of batch.identifiers)
      if (isBuilding) stateIdentifier().run(scheme, value, partyId, verified ? 1 : 0);
      else putIdentifier.run({ scheme, value, party: partyId, verified: verified ? 1 : 0 });
    for (const { referredId, referrerId } of batch.referrals) addReferral.run(referredId, referrerId);
    for (const [queue, claims] of batch.claims) addClaims.run(queue satisfies QueueId, claims);
    if (batch.everyoneDue) everyoneDue.run(batch.checkpoint.horizon);
    for (const partyId of batch.removed) {
      dropCustomer.run(partyId);
      dropItems.run(partyId);
      tally.drop(partyId);
    }
    for (const customer of batch.added ?? none) append(customer);
    for (const change of batch.customers) replace(change);
    if (!isBuilding) tally.flush();
    else if (batch.checkpoint.building === null) {
      while (indexes.makeNext());
      tally.conclude();
    }
    writeDeadLetters(batch);
    for (const { streamId, event } of batch.outgoing) putOutgoing.run(event.id, streamId, JSON.stringify(event));
    const { position, origin, last, horizon, version, facts, latestFactAt, building: step } = batch.checkpoint;
    putCheckpoint.run(
      position.toString(),
      origin,
      last?.position.toString() ?? null,
      last?.id ?? null,
      horizon,
      version,
      facts,
      latestFactAt,
      step === null ? null : JSON.stringify(step),
    );
  };

  return (batch) => {
    database.exec('BEGIN IMMEDIATE');
    try {
      apply(batch);
      database.exec('COMMIT');
    } catch (error) {
      remembered.clear();
      tally.discard();
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  };
};

const none: ReadonlyArray<never> = [];

const readItems = (statement: StatementSync, partyId: string): ReadonlyArray<ItemState> =>
  statement
    .all(partyId)
    .map((row) => ({ item_id: String(row['item_id']), again: row['again'] === 1, row: String(row['row']) }));
