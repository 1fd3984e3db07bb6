import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { NEVER, type QueueId } from '@afecto/domain';
import { NOT_YET } from './schema';
import type { Batch, CustomerChange, EncodedItem } from '../port';
import { deadLetterWriter } from './dead-letters';
import { tallyWriter } from './tallies';

/** Party ids are interned to integers; this many are remembered. */
const REMEMBERED_PARTIES = 200_000;

interface ItemState {
  readonly item_id: string;
  readonly again: boolean;
  readonly row: string;
}

/** Applies one batch in one transaction; rows that did not change are not written again. */
export const batchWriter = (database: DatabaseSync): ((batch: Batch) => void) => {
  const addParty = database.prepare('INSERT INTO party (name) VALUES (?) ON CONFLICT (name) DO NOTHING');
  const findParty = database.prepare('SELECT id FROM party WHERE name = ?');
  const addWorldFact = database.prepare('INSERT INTO world_fact (position) VALUES (?) ON CONFLICT DO NOTHING');
  const addPartyFact = database.prepare(
    'INSERT INTO party_fact (party, occurred_at, position) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const putCustomer = database.prepare(
    `INSERT INTO customer (party_id, zone, extreme, quadrant, tier, phase, search, next_change, expires, row)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (party_id) DO UPDATE SET zone = excluded.zone, extreme = excluded.extreme, quadrant = excluded.quadrant,
       tier = excluded.tier, phase = excluded.phase, search = excluded.search, next_change = excluded.next_change, expires = excluded.expires, row = excluded.row`,
  );
  const putTakenBack = database.prepare('UPDATE customer SET taken_back = ? WHERE party_id = ?');
  const itemsOf = database.prepare('SELECT item_id, again, row FROM work_item WHERE party_id = ?');
  const putItem = database.prepare(
    `INSERT INTO work_item (item_id, party_id, queue, state, visibility, agent_id, entered_at, again, claimed_at, due_at,
       closed_at, closed_by, outcome, row)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (item_id) DO UPDATE SET party_id = excluded.party_id, queue = excluded.queue, state = excluded.state,
       visibility = excluded.visibility, agent_id = excluded.agent_id, entered_at = excluded.entered_at, again = excluded.again,
       claimed_at = excluded.claimed_at, due_at = excluded.due_at, closed_at = excluded.closed_at, closed_by = excluded.closed_by,
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

  const put = (partyId: string, item: EncodedItem): void => {
    putItem.run(
      item.itemId,
      partyId,
      item.queue,
      item.state,
      item.visibility,
      item.agentId,
      item.enteredAt,
      item.again ? 1 : 0,
      item.claimedAt,
      item.dueAt,
      item.closedAt,
      item.closedBy,
      item.outcome,
      item.json,
    );
  };

  const writeItems = ({ row: { partyId }, items, dropped }: CustomerChange): void => {
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

  const apply = (batch: Batch): void => {
    // The sums of a build are made when all customers are there, in one go.
    const isBuilding = typeof building.get()?.['building'] === 'string';
    for (const fact of batch.facts) {
      const position = Number(fact.position);
      if (fact.world) addWorldFact.run(position);
      for (const subject of fact.subjects) addPartyFact.run(partyNumber(subject), fact.occurredAt, position);
    }
    // Whoever is erased stays so, whichever fact comes first.
    for (const partyId of batch.erased ?? []) {
      addErased.run(partyId);
      forgetIdentifiers.run(partyId);
    }
    for (const { scheme, value, partyId, verified } of batch.identifiers)
      putIdentifier.run({ scheme, value, party: partyId, verified: verified ? 1 : 0 });
    for (const { referredId, referrerId } of batch.referrals) addReferral.run(referredId, referrerId);
    for (const [queue, claims] of batch.claims) addClaims.run(queue satisfies QueueId, claims);
    if (batch.everyoneDue) everyoneDue.run(batch.checkpoint.horizon);
    for (const partyId of batch.removed) {
      dropCustomer.run(partyId);
      dropItems.run(partyId);
      tally.drop(partyId);
    }
    for (const change of batch.customers) {
      const { row } = change;
      putCustomer.run(
        row.partyId,
        row.phaseSince === null ? NOT_YET : row.zone,
        row.extreme,
        row.quadrant,
        row.tier,
        row.phase,
        `${row.partyId} ${row.displayName ?? ''}`.toLowerCase(),
        row.nextChangeAt === NEVER ? null : row.nextChangeAt,
        row.expiresAt === NEVER ? null : row.expiresAt,
        JSON.stringify(row),
      );
      if (change.takenBack !== undefined)
        putTakenBack.run(change.takenBack.length === 0 ? null : JSON.stringify(change.takenBack), row.partyId);
      writeItems(change);
      if (isBuilding) tally.keep(row.partyId, change.tally);
      else tally.put(row.partyId, change.tally, change.tallyBefore);
    }
    if (!isBuilding) tally.flush();
    else if (batch.checkpoint.building === null) tally.recount();
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
      database.exec('ROLLBACK');
      throw error;
    }
  };
};

const readItems = (statement: StatementSync, partyId: string): ReadonlyArray<ItemState> =>
  statement
    .all(partyId)
    .map((row) => ({ item_id: String(row['item_id']), again: row['again'] === 1, row: String(row['row']) }));
